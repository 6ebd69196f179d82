"""What a refusal says of itself."""

from __future__ import annotations

import pytest

from generator.errors import Refused


def named(act: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str, str]]:
    """Code, place and who acts, of each of its problems."""
    return [(one.code, str(one.place), one.owner) for one in act.value.problems]
