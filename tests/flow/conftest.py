"""Workspaces for the tests of use cases: a finished one, one with claims unsigned, a small office each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import workshop
from tests.flow import offices
from tests.flow.mailing import mail_server
from tests.flow.mailing.letters import mailing
from tests.flow.mailing.mail_server import Manners
from tests.small_office import Office, small_office

FEW = ("L1", "L2")


@pytest.fixture(scope="session")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two claims of an awarding organisation, registered and not signed. Read only."""
    return offices.awarding(tmp_path_factory.mktemp("claimed"), FEW, **{"REVIEW-CHECKED": {"mode": "off"}})


@pytest.fixture
def place(claimed: Path, tmp_path: Path) -> Path:
    """Two claims, registered and not signed, for one test."""
    root = tmp_path / "w"
    shutil.copytree(claimed, root)
    return root


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five certificates, published. Read only."""
    return workshop.whole(workshop.small(tmp_path_factory.mktemp("finished") / "workspace"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A small office of its own for each test."""
    with small_office(tmp_path) as found:
        yield found


@pytest.fixture
def manners() -> Manners:
    return Manners()


@pytest.fixture
def served(office: Office, manners: Manners, tmp_path: Path) -> Iterator[Office]:
    """The office with a real mail server; every certificate was announced before."""
    with mail_server.serving(manners, tmp_path) as (port, trust):
        yield mailing(office, mail_server.settings(port, trust))
