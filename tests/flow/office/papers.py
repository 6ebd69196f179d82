"""Certificates on paper for tests: a despatch list, events one by one, and where each certificate is."""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.flow.importing import import_claims, import_sources
from generator.flow.importing.import_sources import Options
from generator.flow.office.received import PaperCertificates
from generator.model.paper import Handover
from tests import sample_sheets, workshop
from tests.flow import offices
from tests.rules.test_handover import MORE

HEAD = ["Certificate No", "Candidate number", "Candidate name", "Qualification", "Result", "Award date"]
TITLE = "Extended Certificate in Baking"
DESPATCH = [
    [*HEAD, "Despatch date", "Date received"],
    ["AO-1", "L1", "Zoë Ó Briain", TITLE, "Merit", "01/08/2026", "20/08/2026", "01/09/2026"],
    ["AO-2", "L2", "محمد عبد الله", TITLE, "Pass", "01/08/2026", "20/08/2026", "01/09/2026"],
]


def emptied(claimed: Path, made: Path) -> Path:
    """A copy in which claims and records are in the register only."""
    shutil.copytree(claimed, made, ignore=shutil.ignore_patterns("site_src", "records"))
    (made / "site_src").symlink_to(claimed / "site_src")
    return made


def despatched(root: Path, rows: list[list[str]], at: str = workshop.NOW) -> import_claims.ImportPreview:
    sent = root / "despatch.csv"
    sent.write_bytes(sample_sheets.as_csv(rows))
    with workshop.opened(root, at) as session:
        item = import_sources.of_file(session.workspace, sent, Options(dates="day_first"))
        assert item is not None
        found = import_claims.preview(session, [item])
        assert found.problems == (), found.problems
        import_claims.write(session, found)
        return found


def happened(root: Path, certificate: str, name: str, on: str, at: str, **more: str) -> list[str]:
    """One event given in our own layout; the codes of what stands against it."""
    fields = {"centre": "C1", "learner_ref": more.pop("learner_ref", "L1"), "certificate": certificate}
    record = Handover.of({**fields, "event": name, "on": on, "by": "e.off", **MORE.get(name, {}), **more})
    offices.put_records(root, [record])
    return [problem.code for problem in offices.take(root, at).problems]


def states(root: Path, at: str = workshop.NOW) -> dict[str, str]:
    with workshop.opened(root, at) as session:
        return {one.certificate: one.state for one in PaperCertificates(session).all()}


def anomalies(root: Path, at: str = workshop.NOW) -> dict[str, list[str]]:
    with workshop.opened(root, at) as session:
        papers = PaperCertificates(session).all()
        return {one.certificate: [found.anomaly for found in one.open] for one in papers if one.open}
