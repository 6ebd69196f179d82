"""The newest register is lost for good: an older one goes on, and nothing that is out is lost or doubled."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from generator.edge.codes import KEYS_PASSPHRASE
from generator.edge.register.certificates import Certificates
from generator.edge.register.holds import Holds
from generator.edge.register.messages import Messages
from generator.edge.register.site_only import SiteOnly
from generator.edge.register.state_changes import StateChanges
from generator.edge.sites import FolderSite
from generator.errors import Place, Refused
from generator.flow.after_issue import lifecycle
from generator.flow.publishing import (
    audit,
    audit_register,
    publish,
    recovery_plan,
    recovery_run,
)
from generator.model.verdict import Verdict
from generator.rules.verifying import verify
from tests import workshop
from tests.bench.test_counts import filled
from tests.flow.after_issue.test_erase import erased
from tests.flow.after_issue.test_lifecycle import SERIAL, verdict
from tests.flow.night import night_office
from tests.flow.night.night_office import FOLDER, NEXT, NIGHT, claims, copied, mails, night, opened, states
from tests.flow.publishing.test_continuity import backed_up, restored
from tests.small_office import Office

pytestmark = pytest.mark.slow
LOST, AFTER = "2026-11-24T02:10:00Z", "2026-11-25T02:10:00Z"
BY = "m.castell"


def suspend(root: Path, serial: str, at: str) -> None:
    with opened(root, at) as session:
        decided = (BY, "quality_nominee")
        plan = lifecycle.plan_suspend(session, serial, "2027-01-31", "a question", decided)
        lifecycle.suspend(session, plan)


def certify(root: Path, ranks: Sequence[int], at: str) -> None:
    """Further claims, approved and through a night."""
    (root / "certificates/claims/claims.yaml").write_text(claims(ranks), "utf-8")
    workshop.prepare(root, at)
    workshop.approve_all(root, at)
    assert set(states(night(root, at)).values()) == {"ok"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three certificates in the backup; then one of them is suspended, and so is one of three that follow."""
    root = night_office.office(tmp_path_factory.mktemp("office") / "workspace", more=FOLDER, count=3)
    night(root)
    with opened(root, NIGHT) as session:
        session.register.copy_to(root / "backup.db")
    suspend(root, "NW-26-000001", NEXT)
    certify(root, range(1, 6), NEXT)
    suspend(root, "NW-26-000005", LOST)
    certify(root, range(1, 7), LOST)
    return root


@pytest.fixture
def root(tmp_path: Path, prepared: Path) -> Path:
    """The older register in the place of the lost one; site, PDFs and claims as they were left."""
    made = copied(prepared, tmp_path / "workspace")
    workshop.put_register(made, made / "backup.db")
    (made / "backup.db").unlink()
    return made


def numbers(root: Path) -> dict[str, str]:
    with opened(root, AFTER) as session:
        return dict(Certificates(session.register).by_place())


def shown(root: Path, asked: dict[str, str], at: str = AFTER) -> dict[str, Verdict]:
    """What the public sees of each number."""
    with opened(root, at) as session:
        pin, site = session.workspace.keystore.pin(), FolderSite(session.workspace.public)
        return {serial: verify(number, site, pin, session.now) for serial, number in asked.items()}


def imported(root: Path, at: str = AFTER) -> None:
    with opened(root, at) as session:
        workshop.import_all(session)


def recovered(root: Path, at: str = AFTER) -> tuple[recovery_plan.Recovery, publish.PublishOutcome]:
    with opened(root, at) as session:
        planned = recovery_plan.plan(session)
        return planned, recovery_run.recover(session, planned, BY)


def faults(root: Path, at: str = AFTER) -> list[str]:
    with opened(root, at) as session:
        return workshop.faults(session)


def test_with_pdfs_and_claims_everything_comes_back_with_its_number(prepared: Path, root: Path) -> None:
    lost = numbers(prepared)
    before = shown(prepared, lost)
    with pytest.raises(Refused, match="REGISTER-BEHIND") as refused:
        workshop.issue_all(root, AFTER)
    assert "certportal recover" in refused.value.problems[0].fix
    with pytest.raises(Refused, match="RECOVER-IMPORT"):
        recovered(root)
    imported(root)
    planned, done = recovered(root)
    assert [one.certified.serial for one in planned.back] == [f"NW-26-{rank:06d}" for rank in (4, 5, 6)]
    assert (planned.sealed, planned.sealed_states, planned.unclaimed) == ((), (), ())
    assert done.sequence == planned.tree.head.sequence + 1
    assert numbers(root) == lost
    after = shown(root, lost)
    assert {serial: verdict.kind for serial, verdict in after.items()} == {
        f"NW-26-{rank:06d}": "suspended" if rank in (1, 5) else "valid" for rank in range(1, 7)
    }
    for serial, was in before.items():
        assert (after[serial].statement, after[serial].until) == (was.statement, was.until)
    assert faults(root) == []
    # The office goes on: nothing is issued again, the next certificate has the next serial.
    told = set(mails(root))
    certify(root, range(1, 8), "2026-11-26T02:10:00Z")
    assert numbers(root).keys() - lost.keys() == {"NW-26-000007"}
    assert set(mails(root)) - told == {"issued-NW-26-000007"}, "nobody is told twice"
    with opened(root, AFTER) as session:
        doubt = {message.serial for message in Messages(session.register).in_state("doubt")}
        assert doubt >= {"NW-26-000004", "NW-26-000006"}, "whether they were told is a person's to say"
        assert StateChanges(session.register).state("NW-26-000005") == "suspended"
    assert faults(root, "2026-11-26T03:00:00Z") == []


def test_without_their_pdfs_they_stay_as_the_site_shows_them_and_claims_wait(
    prepared: Path, root: Path
) -> None:
    lost = numbers(prepared)
    before = {serial: verdict.kind for serial, verdict in shown(prepared, lost).items()}
    for path in sorted((root / "certificates/issued").rglob("*.pdf"))[3:]:
        path.unlink()
    imported(root)
    planned, _ = recovered(root)
    assert (len(planned.back), len(planned.sealed), len(planned.sealed_states)) == (0, 3, 1)
    assert {serial: verdict.kind for serial, verdict in shown(root, lost).items()} == before
    assert faults(root) == []
    # Three claims are held, because each may be one of the three; a fourth is issued, under a new serial.
    later = "2026-11-26T02:10:00Z"
    (root / "certificates/claims/claims.yaml").write_text(claims(range(1, 8)), "utf-8")
    workshop.prepare(root, later)
    done = workshop.issue_all(root, later)
    assert (done.issued, done.held) == (1, 3)
    assert {problem.code for problem in done.problems} == {"HOLD-OPEN"}
    assert numbers(root).keys() == {*(f"NW-26-{rank:06d}" for rank in (1, 2, 3, 7))}
    workshop.publish_all(root, later)
    assert {serial: verdict.kind for serial, verdict in shown(root, lost, later).items()} == before
    assert faults(root, later) == []
    with opened(root, later) as session:
        assert SiteOnly(session.register).count() == 3
        assert {hold.owner for hold in Holds(session.register).in_force()} == {BY}


def test_what_is_carried_is_found_after_buckets_were_split(prepared: Path, root: Path) -> None:
    lost = numbers(prepared)
    before = {serial: verdict.kind for serial, verdict in shown(prepared, lost).items()}
    for path in sorted((root / "certificates/issued").rglob("*.pdf"))[3:]:
        path.unlink()
    imported(root)
    recovered(root)
    with opened(root, AFTER) as session:
        filled(session.workspace, session.register, range(100, 220))
    workshop.publish_all(root, AFTER)
    assert len(list((root / "public/r/2026/2").rglob("*.bin"))) == 4
    assert {serial: verdict.kind for serial, verdict in shown(root, lost).items()} == before


def test_a_recovery_cut_short_before_its_publication_is_gone_on_with(root: Path) -> None:
    imported(root)
    with opened(root, AFTER, passphrase=forgetful) as session:
        planned = recovery_plan.plan(session)
        with pytest.raises(Refused, match="KEYS-PASSPHRASE"):
            recovery_run.recover(session, planned, BY)
    assert faults(root) == []
    with opened(root, AFTER) as session:
        done = recovery_run.finish(session)
        assert done is not None
        assert done.sequence == planned.tree.head.sequence + 1
        assert recovery_run.finish(session) is None
    with pytest.raises(Refused, match="RECOVER-NEWER"):
        recovered(root)
    certify(root, range(1, 8), "2026-11-26T02:10:00Z")
    assert faults(root, "2026-11-26T03:00:00Z") == []


def forgetful(box: str) -> str:
    """Nobody knows the online key's passphrase today."""
    if box == "online":
        raise Refused(KEYS_PASSPHRASE.at(Place(subject=box), "is not known", "find it"))
    return workshop.passphrase(box)


def test_what_was_erased_stays_erased_and_is_erased_here_too(office: Office, tmp_path: Path) -> None:
    copy = backed_up(office, tmp_path)
    erased(office)
    office.publish()
    old = restored(office, copy).at("2026-11-23T09:00:00Z")
    planned = recovery_plan.plan(old.session)
    assert [serial for serial, _ in planned.tombstones] == [SERIAL]
    recovery_run.recover(old.session, planned, "q.nom")
    assert verdict(old).kind == "erased"
    assert audit_verdicts(old) == [f"{SERIAL}: AUDIT: verifies as erased (no reason)"], (
        "until it is done here"
    )
    erased(old)
    old.publish()
    assert verdict(old).kind == "erased"
    assert audit_verdicts(old) == []
    old.register.close()


def audit_verdicts(office: Office) -> list[str]:
    found = audit.Audit()
    site = FolderSite(office.workspace.public)
    audit_register.audit_verdicts(office.session, site, found)
    return [str(problem).partition(" / ")[0] for problem in found.problems]


def test_a_register_that_was_worked_on_since_is_refused(root: Path) -> None:
    site = (root / "public").rename(root / "kept")
    shutil.rmtree(root / "../live")
    for path in sorted((root / "certificates/issued").rglob("*.pdf"))[3:]:
        path.unlink()
    certify(root, (1, 2, 3, 9), NEXT)
    shutil.rmtree(root / "public")
    site.rename(root / "public")
    with pytest.raises(Refused) as refused, opened(root, AFTER) as session:
        recovery_plan.plan(session)
    assert {problem.code for problem in refused.value.problems} == {"RECOVER-BRANCHED"}
    assert {str(problem.place) for problem in refused.value.problems} == {"NW-26-000004"}, (
        "another of that serial"
    )


@pytest.mark.parametrize(
    ("path", "code"), [("r", "RECOVER-SITE"), ("s", "RECOVER-SITE"), ("head.json", "RECOVER-SITE")]
)
def test_a_site_that_is_not_whole_is_refused(path: str, code: str, root: Path) -> None:
    imported(root)
    found = root / "public" / path
    (found if found.is_file() else next(found.rglob("*.bin"))).unlink()
    with pytest.raises(Refused, match=code):
        recovered(root)


def test_a_register_that_is_not_behind_has_nothing_to_recover(prepared: Path, tmp_path: Path) -> None:
    root = copied(prepared, tmp_path / "workspace")
    with pytest.raises(Refused, match="RECOVER-NEWER"):
        recovered(root)


def test_who_answers_for_it_holds_a_role(root: Path) -> None:
    imported(root)
    with opened(root, AFTER) as session:
        planned = recovery_plan.plan(session)
        with pytest.raises(Refused):
            recovery_run.recover(session, planned, "p.lindgren")
    with pytest.raises(Refused, match="REGISTER-BEHIND"):
        workshop.issue_all(root, AFTER)
