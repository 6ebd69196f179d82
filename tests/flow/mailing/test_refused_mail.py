"""Mail that is not sent or settled: code, place and who acts."""

from __future__ import annotations

import pytest

from generator.errors import Refused
from generator.flow.mailing import delivery, letters
from generator.flow.shared import certificate_states
from tests.flow.after_issue.test_lifecycle import SERIAL
from tests.refusal import named
from tests.small_office import Office


@pytest.mark.parametrize("again", [True, False])
def test_a_message_that_waits_for_nobodys_decision_is_not_settled(office: Office, again: bool) -> None:
    with pytest.raises(Refused, match="copy the key from the morning report") as act:
        delivery.settle(office.session, f"issued/{SERIAL}", again)
    assert named(act) == [("MAIL-KEY", f"issued/{SERIAL}", "administrator")]


def test_no_letter_brings_another_file_than_was_issued(office: Office) -> None:
    issued = certificate_states.certificate(office.register, SERIAL)
    path = office.workspace.issued_file(issued.serial, issued.issued_on)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(Refused, match=f"`certportal pdf {SERIAL}` makes it again") as act:
        letters.pdf_of(office.workspace, issued)
    assert named(act) == [("MAIL-PDF", office.workspace.shown(path), "administrator")]
