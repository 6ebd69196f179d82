"""Certificates that cannot be printed as they were: code, place and who acts."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.certifying import issuing, printing
from generator.flow.shared import workspace as workspaces
from tests.flow.after_issue.test_lifecycle import SERIAL
from tests.refusal import named
from tests.small_office import Office


def with_other_colours(office: Office) -> Office:
    """The office after somebody chose another colour for its certificates."""
    pages = office.workspace.root / "site_src"
    shared = pages.resolve()
    pages.unlink()
    shutil.copytree(shared / "templates", pages / "templates")
    template = pages / "templates/completion/template.yaml"
    template.write_text(template.read_text("utf-8").replace("#1f4e5f", "#5f1f4e"), "utf-8")
    return replace(office, workspace=workspaces.load_workspace(office.workspace.root))


def test_a_template_that_is_not_that_of_the_day_of_issue(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="put back the template") as act:
        printing.reprint(with_other_colours(office).session, SERIAL, tmp_path / "again.pdf")
    assert named(act) == [("REPRINT-RECIPE", SERIAL, "administrator")]
    assert not (tmp_path / "again.pdf").exists()


def test_a_register_that_says_another_file_was_issued(office: Office, tmp_path: Path) -> None:
    with office.register.transaction():
        office.register.change("UPDATE certificates SET pdf_sha256 = ?", "0" * 64)
    with pytest.raises(Refused, match="other bytes than were issued") as act:
        printing.reprint(office.session, SERIAL, tmp_path / "again.pdf")
    assert named(act) == [("REPRINT-DIFFERS", SERIAL, "administrator")]
    assert not (tmp_path / "again.pdf").exists()


def test_a_template_that_changed_while_certificates_were_being_issued(office: Office) -> None:
    with office.register.transaction():
        # As a run leaves it that was killed between a number and its file.
        office.register.change("UPDATE certificates SET entry = NULL WHERE serial = ?", SERIAL)
    with pytest.raises(Refused, match="put the earlier template") as act:
        issuing.issue(with_other_colours(office).session)
    assert named(act) == [("ISSUE-RECIPE", "site_src/templates/completion", "administrator")]
