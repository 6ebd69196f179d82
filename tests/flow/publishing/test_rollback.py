"""Going back: pages only, under a higher number; files that nothing refers to leave after their time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.edge.register.contacts import Contacts
from generator.edge.register.publications import Publications
from generator.edge.register.site_files import SiteFiles
from generator.edge.sites import FolderSite
from generator.errors import Refused
from generator.flow.publishing import audit, publish
from generator.formats import pages, private_link, status
from generator.formats.derivation import derive
from generator.rules.verifying import verify
from tests import workshop
from tests.flow.night.night_office import NEXT, NIGHT, copied, mails, night, opened

pytestmark = pytest.mark.slow
THIRD = "2026-11-24T02:10:00Z"


@pytest.fixture
def root(tmp_path: Path, night_over: Path) -> Path:
    made = copied(night_over, tmp_path / "workspace")
    source = (made / "site_src").resolve()
    (made / "site_src").unlink()
    shutil.copytree(source, made / "site_src")
    return made


def new_page(root: Path, at: str) -> publish.PublishOutcome:
    page = root / "site_src/pages/employers.md"
    page.write_text(page.read_text("utf-8") + "\nA sentence that should not have gone out.\n", "utf-8")
    return workshop.publish_all(root, at)


def revoke(root: Path, serial: str) -> str:
    """A revocation in the register, as the verb writes it; the certificate's number."""
    with opened(root) as session:
        number, prefix, year = session.register.rows(
            "SELECT number, prefix, year FROM certificates WHERE serial = ?", serial
        )[0]
        derived = derive(number, session.workspace.keystore.pin().issuer_id)
        sealed = status.seal(derived, status.StatusException("revoked", "2026-11-22", 1))
        with session.register.transaction():
            session.register.change(
                "INSERT INTO exceptions (serial, year, prefix, sealed) VALUES (?, ?, ?, ?)",
                serial,
                year,
                prefix,
                sealed.tag + sealed.nonce + sealed.sealed,
            )
    return str(number)


def test_earlier_pages_under_a_higher_number(root: Path) -> None:
    before = (root / "public/employers.html").read_bytes()
    assert new_page(root, NEXT).sequence == 2
    assert b"should not have gone out" in (root / "public/employers.html").read_bytes()
    number = revoke(root, "NW-26-000001")
    with opened(root, THIRD) as session:
        done = publish.roll_back(session)
        verdict = verify(
            number, FolderSite(session.workspace.public), session.workspace.keystore.pin(), THIRD
        )
    assert done.sequence == 3
    assert verdict.kind == "revoked", "pages go back, a revocation never does"
    assert pages.digest((root / "public/employers.html").read_bytes()) == pages.digest(before)
    # The next night does not bring the bad page back; `--resume` does what its name says.
    assert workshop.publish_all(root, "2026-11-25T02:10:00Z").sequence == 3
    with opened(root, THIRD) as session:
        publish.resume_pages(session)
    assert workshop.publish_all(root, "2026-11-26T02:10:00Z").sequence == 4
    assert b"should not have gone out" in (root / "public/employers.html").read_bytes()


def test_pages_that_are_not_kept_are_refused(root: Path) -> None:
    with opened(root, NEXT) as session:
        with pytest.raises(Refused, match="no earlier pages"):
            publish.roll_back(session)
        with pytest.raises(Refused, match="name one of: 1"):
            publish.roll_back(session, 7)


def test_what_nothing_refers_to_leaves_after_its_time(root: Path) -> None:
    page, config = root / "site_src/pages/opening-hours.md", root / "site_src/mkdocs.yml"
    without = config.read_text("utf-8")
    config.write_text(without + "  - Opening hours: opening-hours.md\n", "utf-8")
    page.write_text("# Opening hours\n\nMonday to Friday.\n", "utf-8")
    workshop.publish_all(root, NIGHT)
    assert (root / "public/opening-hours.html").exists()
    page.unlink()
    config.write_text(without, "utf-8")
    workshop.publish_all(root, NEXT)
    assert (root / "public/opening-hours.html").exists(), "still there for whoever has an old page open"
    with opened(root, NEXT) as session:
        assert SiteFiles(session.register).unreferenced() == {"opening-hours.html"}
        pin, site = session.workspace.keystore.pin(), FolderSite(session.workspace.public)
        assert (
            audit.audit_site(site, pin, session.now, known=frozenset({"opening-hours.html"}))[0].problems
            == []
        )
        assert audit.audit_site(site, pin, session.now)[0].problems != []
    workshop.publish_all(root, "2026-12-10T02:10:00Z")
    assert not (root / "public/opening-hours.html").exists()


def test_a_private_link_opens_the_file_and_leaves_at_once(root: Path) -> None:
    settings = root / "portal.yaml"
    settings.write_text(settings.read_text("utf-8") + "\ndelivery:\n  mode: link\n", "utf-8")
    night(root, NEXT)
    text = mails(root)["issued-NW-26-000001"].get_body(("plain",))
    assert text is not None
    address = next(word for word in text.get_content().split() if "/mine.html#" in word)
    with opened(root, NEXT) as session:
        derived = private_link.derive(
            bytes.fromhex(address[-32:]), session.workspace.keystore.pin().issuer_id
        )
        facts, pdf = private_link.decode(derived, (session.workspace.public / derived.path).read_bytes())
        assert facts.file == "NW-26-000001.pdf"
        assert pdf == (root / "certificates/issued/2026/NW-26-000001.pdf").read_bytes()
        assert len(list((root / "public/l").rglob("*.bin"))) == 5
        pin = session.workspace.keystore.pin()
        assert audit.audit_site(FolderSite(session.workspace.public), pin, NEXT)[0].problems == []
        with session.register.transaction():
            session.register.change("DELETE FROM links WHERE serial = 'NW-26-000001'")
            session.register.change("DELETE FROM contacts")
        assert Contacts(session.register).secret("NW-26-000001") is None
    workshop.publish_all(root, "2026-12-10T02:10:00Z")
    assert not (root / "public" / derived.path).exists()


def test_the_number_is_no_way_to_the_link(root: Path) -> None:
    with opened(root) as session:
        [(number,)] = session.register.rows("SELECT number FROM certificates WHERE serial = 'NW-26-000001'")
        pin = session.workspace.keystore.pin()
        verdict = verify(number, FolderSite(session.workspace.public), pin, NIGHT)
        assert verdict.kind == "valid"
        assert Publications(session.register).find(1) is not None
