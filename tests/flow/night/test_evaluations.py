"""A night evaluates each claim once, and issuing trusts an evaluation only while nothing has changed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.flow.certifying import issuing
from generator.flow.certifying.proposals import EvaluatedClaims, Proposals
from generator.flow.shared.fact_loader import Loader
from generator.model.claim import Claim
from generator.rules.controls.facts import ClaimFacts
from tests import workshop
from tests.flow.after_issue.test_holds import hold, one_more, place
from tests.flow.night.night_office import NEXT, claims, copied, night, states
from tests.small_office import Office, randomness


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the facts of each learner's claim were loaded for an evaluation."""
    counted: Counter[str] = Counter()
    load = Loader.of

    def of(self: Loader, claim: Claim, claim_id: str | None = None, *, certified: bool = False) -> ClaimFacts:
        counted[claim.learner_ref] += 1
        return load(self, claim, claim_id, certified=certified)

    monkeypatch.setattr(Loader, "of", of)
    return counted


@pytest.mark.slow
def test_a_night_evaluates_each_claim_once(
    night_ready: Path, tmp_path: Path, looked_at: Counter[str]
) -> None:
    root = copied(night_ready, tmp_path / "workspace")
    more = "".join(workshop.claim(1, learner_ref=f"REF010{rank}") for rank in (1, 2))
    (root / "certificates/claims/claims.yaml").write_text(claims(range(1, 6)) + more, "utf-8")
    night(root, skip=("issue", "publish", "audit", "round-trip", "deploy", "deliver"))
    looked_at.clear()
    # Nothing is new in the drop folder: five claims are issued, two wait for their approvals.
    done = night(root, NEXT)
    assert (states(done)["controls"], states(done)["issue"]) == ("ok", "held")
    assert len(looked_at) == 7, looked_at
    assert set(looked_at.values()) == {1}, looked_at
    looked_at.clear()
    night(root, "2026-11-24T02:10:00Z")
    assert looked_at == {"REF0101": 1, "REF0102": 1}


def evaluated(office: Office) -> EvaluatedClaims:
    return Proposals(office.session).evaluate(Claims(office.register).uncertified())


@pytest.mark.slow
def test_issuing_evaluates_nothing_again_where_nothing_changed(
    office: Office, looked_at: Counter[str]
) -> None:
    one_more(office)
    office.approve_all()
    found = evaluated(office)
    looked_at.clear()
    assert issuing.issue(office.session, found).issued == 1
    assert looked_at == {}


def by_a_hold(office: Office) -> None:
    place(office, hold("centre", "NF041"))


def by_another_process(office: Office) -> None:
    """A change that is no event, on a connection of its own."""
    claim_id = next(Claims(office.register).uncertified()).claim_id
    with office.workspace.register(randomness) as other, other.transaction():
        Contacts(other).put(claim_id, "another@learners.example")


def by_a_template(office: Office) -> None:
    folder = office.workspace.root / "site_src"
    shared = folder.resolve()
    folder.unlink()
    shutil.copytree(shared, folder)
    path = folder / "templates/completion/template.yaml"
    path.write_text(path.read_text("utf-8").replace("\ntitle: ", "\ntitle: Another ", 1), "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("change", [by_a_hold, by_another_process, by_a_template])
def test_what_has_changed_is_evaluated_again(
    office: Office, looked_at: Counter[str], change: Callable[[Office], None]
) -> None:
    one_more(office)
    office.approve_all()
    found = evaluated(office)
    change(office)
    looked_at.clear()
    done = issuing.issue(office.session, found)
    assert set(looked_at.values()) == {1}, looked_at
    # A new address changes nothing; what the approvers did not see is not issued.
    assert done.issued == (1 if change is by_another_process else 0), done.problems
