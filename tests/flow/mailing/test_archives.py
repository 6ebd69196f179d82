"""Archives of certificates: who gets which, in files of their own, and nobody else's."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from generator.edge.register.records import OfficeRecords
from generator.flow.after_issue import lifecycle
from generator.flow.mailing import archives
from generator.model.registration import LearnerRecord
from tests import workshop
from tests.flow.night.night_office import NEXT, copied, night, opened, states

pytestmark = pytest.mark.slow
SPONSORS = {
    "BAKE": "Harbour Care Trust",
    "KNIFE": "Harbour Care (Trust)",
    "SAUCE": "صندوق رعاية الميناء",
    "PASTE": "مؤسسة الشمال",
    "STOCK": None,
}
_COURSE = """\
schema: 1
programme: {code}
version: "1"
title: Course {code}
labels: {{course: Certificate of Completion}}
{sponsor}units:
  - {{code: M1, title: Sharpening}}
automatic: {{modules: all}}
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six courses, five of them with a sponsor, at two centres; all live."""
    root = workshop.small(tmp_path_factory.mktemp("office") / "workspace", 0)
    certificates = root / "certificates"
    (certificates / "centres/NF042.yaml").write_text(
        "schema: 1\nnumber: NF042\nname: Southfield College\n", "utf-8"
    )
    for code, sponsor in SPONSORS.items():
        line = f"sponsor: {sponsor}\n" if sponsor else ""
        (certificates / f"catalogue/{code}-1.yaml").write_text(
            _COURSE.format(code=code, sponsor=line), "utf-8"
        )
    listed = [
        workshop.claim(rank, kind="course", programme=code, version='"1"', grade=None, centre=centre,
                       results="[{unit: M1, grade: Completed}]")
        for rank, (code, centre) in enumerate(
            [("BAKE", "NF041"), ("BAKE", "NF042"), ("KNIFE", "NF041"), ("SAUCE", "NF041"), ("PASTE", "NF042"),
             ("STOCK", "NF042")], 1
        )
    ]  # fmt: skip
    (certificates / "claims/claims.yaml").write_text(workshop.claims_file(listed), "utf-8")
    workshop.prepare(root)
    workshop.approve_all(root)
    assert states(night(root, workshop.NOW))["publish"] == "ok"
    return root


@pytest.fixture
def root(tmp_path: Path, prepared: Path) -> Path:
    return copied(prepared, tmp_path / "workspace")


def made(root: Path, by: archives.By, at: str = NEXT, since: str = "") -> dict[str, set[str]]:
    """The learner references in each ZIP's list, by its file name without the day."""
    with opened(root, at) as session:
        files = archives.archive(session, by, since)
    found = {}
    for item in files:
        assert item.path.stat().st_mode & 0o077 == 0
        with zipfile.ZipFile(item.path) as archive:
            rows = list(csv.DictReader(io.StringIO(archive.read("list.csv").decode("utf-8-sig"))))
            assert {f"{row['serial']}.pdf" for row in rows} == set(archive.namelist()) - {"list.csv"}
            assert len(rows) == item.count
            for row in rows:
                issued = root / f"certificates/issued/2026/{row['serial']}.pdf"
                assert archive.read(f"{row['serial']}.pdf") == issued.read_bytes()
        found[item.path.stem.removeprefix(f"{at[:10]}-")] = {row["serial"][-1] for row in rows}
    return found


def test_each_sponsor_gets_its_own_and_nothing_goes_to_none(root: Path) -> None:
    found = made(root, "sponsor")
    assert len(found) == 4, "two sponsors of one spelling, two in another script: four files all the same"
    assert sorted(name.rpartition("-")[0] for name in found) == ["Harbour-Care-Trust"] * 2 + ["group"] * 2
    assert sorted(map(sorted, found.values())) == [["1", "2"], ["3"], ["4"], ["5"]]
    assert made(root, "sponsor") == found, "the same names again"


def test_each_centre_gets_its_own(root: Path) -> None:
    assert made(root, "centre") == {"NF041": {"1", "3", "4"}, "NF042": {"2", "5", "6"}}
    assert made(root, "centre", since="2026-11-23") == {}


def test_a_sponsor_gets_nothing_of_who_did_not_agree(root: Path) -> None:
    with opened(root) as session, session.register.transaction():
        for reference, consents in (
            ("REF0001", ("certification",)),
            ("REF0003", ("certification", "sponsor")),
        ):
            record = LearnerRecord.of(
                {"centre": "NF041", "learner_ref": reference, "name": "Kwame Brown", "consents": consents}
            )
            OfficeRecords(session.register).keep(record, "a test", session.now)
    found = made(root, "sponsor")
    assert sorted(map(sorted, found.values())) == [["2"], ["3"], ["4"], ["5"]]
    with opened(root, NEXT) as session:
        kept_back = [item.kept_back for item in archives.archive(session, "sponsor")]
    assert sorted(kept_back) == [0, 0, 0, 1]
    assert made(root, "centre")["NF041"] == {"1", "3", "4"}, "the centre knows its learners"


def test_what_is_suspended_is_in_no_bundle_from_the_moment_of_the_decision(root: Path) -> None:
    with opened(root, NEXT) as session:
        decided = ("m.castell", "quality_nominee")
        serial, until = "NW-26-000006", "2026-12-31"
        plan = lifecycle.plan_suspend(session, serial, until, "a question is open", decided)
        lifecycle.suspend(session, plan)
    assert made(root, "centre")["NF042"] == {"2", "5"}
    workshop.publish_all(root, NEXT)
    assert made(root, "centre")["NF042"] == {"2", "5"}
