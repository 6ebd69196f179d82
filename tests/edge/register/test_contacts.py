"""Where learners are reached: addresses that can be forgotten, and private links from a publication on."""

from __future__ import annotations

from generator.edge.register.certificates import Certificates
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.messages import Messages
from generator.formats.private_link import SECRET_BYTES
from generator.model.value import ClaimId
from tests.edge.register.rows import DAY, NOW, allotted, issued, registered


def claim_of(register: Register, serial: str) -> ClaimId:
    found = Certificates(register).find(serial)
    assert found is not None
    return found.claim_id


def test_an_address_is_kept_replaced_and_forgotten(register: Register) -> None:
    claim_id, contacts = registered(register), Contacts(register)
    for address in ("old@learners.example", "new@learners.example"):
        with register.transaction():
            contacts.put(claim_id, address)
        assert contacts.of(claim_id) == address
    with register.transaction():
        contacts.forget(claim_id)
    assert contacts.of(claim_id) is None


def test_a_link_is_live_from_its_publication_on(register: Register) -> None:
    serial, contacts = issued(register), Contacts(register)
    assert not contacts.link_live(serial, 9)
    assert contacts.secret(serial) is None
    with register.transaction():
        contacts.make_link(serial, 3)
    assert [contacts.link_live(serial, upto) for upto in (2, 3, 4)] == [False, True, True]
    (link,) = contacts.links()
    assert (link.serial, link.issued_on, link.secret) == (serial, DAY, contacts.secret(serial))
    assert len(link.secret) == SECRET_BYTES
    assert link.number not in repr(link), "what a link is made of is shown in a message"
    assert repr(link.secret) not in repr(link)


def test_a_certificate_without_its_pdf_has_no_link(register: Register) -> None:
    made = allotted(register)
    with register.transaction():
        Contacts(register).make_link(made.serial, 1)
    assert list(Contacts(register).links()) == []


def test_links_are_made_for_new_certificates_with_an_address_that_were_not_told_of(
    register: Register,
) -> None:
    contacts, messages = Contacts(register), Messages(register)
    serials = [issued(register, f"L{rank}") for rank in range(4)]
    older = issued(register, "L9", on="2026-01-01")
    with register.transaction():
        for serial in (*serials[1:], older):
            contacts.put(claim_of(register, serial), "a@learners.example")
        contacts.make_link(serials[2], 1)
        messages.enqueue(f"issued/{serials[3]}", "issued", serials[3], "nf.example", NOW)
    assert contacts.unlinked(DAY) == [serials[1]]
    assert contacts.unlinked(None) == [serials[1], older]


def test_erasure_takes_address_and_link_and_stops_what_has_not_gone(register: Register) -> None:
    contacts, messages = Contacts(register), Messages(register)
    serial, other = issued(register, "L1"), issued(register, "L2")
    with register.transaction():
        for one in (serial, other):
            contacts.put(claim_of(register, one), "a@learners.example")
            contacts.make_link(one, 1)
            for key in ("sent", "waiting"):
                messages.enqueue(f"{key}/{one}", "issued", one, "nf.example", NOW)
            messages.moved(f"sent/{one}", "sent", NOW, "250")
        contacts.erase(serial, claim_of(register, serial))
    assert contacts.of(claim_of(register, serial)) is None
    assert contacts.of(claim_of(register, other)) == "a@learners.example"
    assert [link.serial for link in contacts.links()] == [other]
    assert [one.state for one in messages.of_serial(serial)] == ["sent", "cancelled"]
    assert [one.state for one in messages.of_serial(other)] == ["sent", "waiting"]
