"""A claim to decide on."""

from __future__ import annotations

import pytest

from generator.edge.register.claims import Claims, RegisteredClaim
from generator.flow.importing import import_claims
from tests.small_office import LEARNERS, Office, claims_file


@pytest.fixture
def waiting(office: Office) -> RegisteredClaim:
    """A seventh claim, not decided on yet."""
    path = office.workspace.root / "certificates/claims/course.csv"
    path.write_text(claims_file((*LEARNERS, "Gwen Pryce")), "utf-8")
    found = import_claims.preview(office.session)
    assert not found.problems, found.problems
    import_claims.write(office.session, found)
    (held,) = Claims(office.register).uncertified()
    return held
