"""Letters to learners about their registration, and the record that they were told."""

from __future__ import annotations

import shutil
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from generator.edge.register.claims import Claims
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.messages import Messages
from generator.edge.register.records import OfficeRecords
from generator.errors import Refused
from generator.flow.importing import import_claims, records
from generator.flow.mailing import delivery
from generator.flow.mailing import letters as letterbox
from generator.flow.office import pending
from generator.flow.shared import workspace as workspaces
from generator.flow.shared.fact_loader import Loader
from generator.model.office_record import OfficeRecord
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.rules.controls.registry import CONTROLS
from tests import workshop
from tests.flow import offices
from tests.flow.mailing.letters import (
    LEARNER,
    NEXT,
    SINCE,
    body,
    came_back,
    delivered,
    letters,
    mailing,
    unreached,
)
from tests.flow.mailing.mail_server import Manners
from tests.small_office import LEARNERS, Office


def learner(**changes: Any) -> LearnerRecord:
    fields = {"centre": "NF041", "learner_ref": "L001", "name": LEARNERS[0], "email": LEARNER, **changes}
    return LearnerRecord.of({name: value for name, value in fields.items() if value is not None})


def event(name: str = "registered", on: str = SINCE, **changes: Any) -> RegistrationEvent:
    fields = {"centre": "NF041", "learner_ref": "L001", "programme": "AID1", "version": "1", "event": name}
    return RegistrationEvent.of({**fields, "on": on, **changes})


def take(office: Office, *listed: OfficeRecord) -> None:
    """Have records read from certificates/records/, as any office would."""
    offices.put_records(office.workspace.root, listed)
    found = import_claims.preview(office.session)
    assert not found.problems, found.problems
    import_claims.write(office.session, found)


def facts(office: Office) -> Any:
    held = next(iter(Claims(office.register).certified()))
    return Loader(office.session).of(held.claim, held.claim_id), held.claim


def told(office: Office) -> bool:
    about, claim = facts(office)
    control = CONTROLS["REGISTRATION-TOLD"]
    return not control.complaints(claim, about, control.parameters())


def test_a_learner_is_told_once_and_that_is_the_record_of_it(served: Office, manners: Manners) -> None:
    take(served, learner(), event())
    before = facts(served)[0].evidence
    assert (len(before), told(served)) == (1, False)
    assert [delivered(served) for _ in range(2)] == [1, 0]
    [mail] = letters(manners, LEARNER)
    assert mail["Subject"] == "Your registration with Northfield Awarding"
    assert "on 20 November 2026 you were registered for:" in body(mail)
    assert "First Aid at Work" in body(mail)
    assert told(served)
    assert facts(served)[0].evidence == before  # approvals given before stay good
    [kept] = [
        item for item in OfficeRecords(served.register).about("NF041/L001").kept if item.source == "delivery"
    ]
    assert kept.record.plain()["evidence"] == f"message {mail['Message-ID']}"
    exported = records.export(served.register, "registrations", "csv").decode()
    assert mail["Message-ID"] in exported


def test_a_letter_that_comes_back_is_no_record_any_more(served: Office, manners: Manners) -> None:
    take(served, learner(), event())
    delivered(served)
    came_back(served, letters(manners, LEARNER)[0])
    assert not told(served)
    assert OfficeRecords(served.register).about("NF041/L001").fault == ""
    key = Messages(served.register).in_state("bounced")[0].key
    delivery.settle(served.session, key, again=True)
    assert delivered(served.at(NEXT)) == 1
    assert told(served)


def test_the_outbox_folder_proves_nothing(office: Office) -> None:
    open_office = mailing(office)
    take(open_office, learner(), event())
    assert delivered(open_office) == 1
    [path] = (office.workspace.certificates / "outbox").glob("registration_registered-*.eml")
    assert "L001" not in path.name
    assert not told(open_office)


@pytest.mark.parametrize("address", [None, "zoe at home", "zoe@", "zoe@learners.example, a@b.example"])
def test_who_has_no_usable_address_is_listed_and_told_once_there_is_one(
    served: Office, manners: Manners, address: str | None
) -> None:
    take(served, learner(email=address), event())
    assert delivered(served) == 0
    [problem] = unreached(served)
    assert (problem.code, str(problem.place)) == ("MAIL-ADDRESS", "centre NF041")
    [waiting] = [item for item in pending.pending(served.session) if item.list == "no address"]
    assert (waiting.where, waiting.who) == ("NF041/L001", "exams officer")
    take(served, learner(), event())
    assert delivered(served) == 1
    assert unreached(served) == []
    assert manners.counts() == {LEARNER: 1}


def test_the_address_is_the_one_of_the_day_and_the_stop_stops(served: Office, manners: Manners) -> None:
    take(served, learner(), event())
    delivery.stop(served.session, "a wrong sentence")
    assert delivered(served) == 0
    take(served, learner(email="new@learners.example"), event())
    delivery.stop(served.session, None)
    assert delivered(served) == 1
    assert manners.counts() == {"new@learners.example": 1}


def test_a_history_that_is_read_in_tells_nobody(served: Office) -> None:
    office = mailing(served, f"  since: {SINCE}\n")
    take(office, learner(), event(on="2026-11-19"), event("extended", ends_on="2027-06-30"))
    assert delivered(office) == 1
    assert [item.kind for item in Messages(office.register).in_state("sent")] == ["registration_extended"]


def test_every_event_has_its_own_sentence_and_a_dry_run_changes_nothing(office: Office) -> None:
    open_office = mailing(office)
    more: dict[str, dict[str, Any]] = {
        "extended": {"ends_on": "2027-06-30"},
        "resized": {"to_programme": "AID1", "to_version": "1"},
    }
    names = sorted(records.TOLD)
    take(open_office, learner(), *(event(name, **more.get(name, {})) for name in names))
    state = workshop.register_content(office.workspace.root)
    count, shown = delivery.preview(open_office.session, 20)
    assert (count, len(shown)) == (8, 8)
    assert workshop.register_content(office.workspace.root) == state
    said = set()
    for path in shown:
        mail: EmailMessage = message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[assignment]  # EmailMessage under this policy
        sentence = next(line for line in body(mail).splitlines() if line.startswith("on 20 November 2026 "))
        said.add(sentence)
    assert len(said) == 8
    assert delivered(open_office) == 8
    assert len(LearnerMessages(open_office.register).of("NF041/L001")) == 8


def test_a_language_that_lacks_a_new_letter_sends_the_english_one(office: Office) -> None:
    root = office.workspace.root
    own = root / "site_src" / "mail" / "cy"
    source = workspaces.installed_site_source()
    (root / "site_src").unlink()
    shutil.copytree(source, root / "site_src", ignore=shutil.ignore_patterns("docs", "js", "fonts"))
    own.mkdir()
    (own / "issued.subject.txt").write_text("Eich tystysgrif\n", "utf-8")
    (own / "issued.txt").write_text("Annwyl {{ name }}\n", "utf-8")
    for path in (root / "site_src/mail/en").glob("registration*"):
        path.unlink()  # a workspace from before there was such a letter
    found = letterbox.letters(workspaces.load_workspace(root), "cy")
    told = {"name": "Zoë", "event": "registered", "title": "First Aid", "on": "20 November 2026"}
    facts = letterbox.office(office.workspace)
    assert found.letter("issued", facts, {"name": "Zoë"}).text == "Annwyl Zoë\n"
    assert "you were registered for" in found.letter("registration", facts, told).text
    (own / "issued.txt").unlink()
    with pytest.raises(Refused, match="MAIL-TEMPLATE"):
        letterbox.letters(workspaces.load_workspace(root), "cy").letter("issued", facts, {"name": "Zoë"})
