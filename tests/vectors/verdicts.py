"""verdict.json: the pin, the small site, and every case against it."""

from __future__ import annotations

from typing import Any

from generator.formats import manifest
from tests import small_site as small
from tests.vectors.case import b64
from tests.vectors.damage_cases import damage_cases
from tests.vectors.file_cases import file_cases
from tests.vectors.key_cases import key_cases
from tests.vectors.state_cases import freshness_cases, state_cases


def verdict_cases() -> dict[str, Any]:
    """The whole file."""
    cases = [*state_cases(), *freshness_cases(), *damage_cases(), *key_cases(), *file_cases()]
    return {
        "pin": manifest.encode_pin(small.PIN).decode(),
        "site": {path: b64(data) for path, data in sorted(small.small_site().files.items())},
        "cases": cases,
    }
