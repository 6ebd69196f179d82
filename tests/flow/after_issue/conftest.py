"""The small office for every test of a use case."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_office import Office, small_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with small_office(tmp_path) as found:
        yield found
