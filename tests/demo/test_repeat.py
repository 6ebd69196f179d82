"""The demo again, and on other days: a second run changes nothing, 2035 and 2099 issue the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register.records import OfficeRecords
from generator.errors import UsageError
from generator.formats import statement
from generator.model.quality_records import Irregularity
from tests import workshop
from tests.demo.conftest import run

# What a certificate says because of the day on which, and the keys under which, it is issued.
_OF_THE_DAY = ("issuer_id", "number", "serial", "issued_on", "expires_on")


def certified(root: Path) -> list[dict[str, object]]:
    """What is certified, without what belongs to the day."""
    with workshop.opened(root) as session:
        rows = session.register.rows("SELECT statement FROM certificates ORDER BY serial")
    plain = [statement.decode(data).plain() for (data,) in rows]
    return [{name: item[name] for name in item if name not in _OF_THE_DAY} for item in plain]


def serials(root: Path) -> list[str]:
    with workshop.opened(root) as session:
        return [row[0] for row in session.register.rows("SELECT serial FROM certificates ORDER BY serial")]


def late_reports(root: Path) -> int:
    """How many claims were drafted as late."""
    with workshop.opened(root) as session:
        found = OfficeRecords(session.register).of_kind(Irregularity.KIND)
        return sum(isinstance(one, Irregularity) and one.finding == "late" for one in found)


@pytest.mark.slow
def test_a_second_demo_changes_nothing(sample: Path) -> None:
    before = workshop.state(sample)
    again = run(sample)
    assert (again.issued.issued, again.published.written, again.certificates) == (0, 0, 157)
    assert workshop.state(sample) == before


@pytest.mark.slow
@pytest.mark.usefixtures("sites_built_anew")
def test_the_demo_of_the_next_days_changes_nothing_until_the_site_ages(tmp_path: Path) -> None:
    root = workshop.sample(tmp_path / "w")
    run(root)
    before, private = workshop.state(root), workshop.tree(root, "certificates")
    run(root, "2026-11-29T09:00:00Z")
    assert workshop.state(root) == before
    assert run(root, "2026-12-05T09:00:00Z").published.sequence == 2
    assert workshop.tree(root, "certificates") == private


@pytest.mark.slow
def test_two_demos_through_the_same_door_are_the_same_bytes(
    sample: Path, tmp_path: Path, sites_built_anew: list[Path]
) -> None:
    other = workshop.sample(tmp_path / "elsewhere")
    run(other)
    assert len(sites_built_anew) == 1
    assert workshop.state(other) == workshop.state(sample)


@pytest.mark.slow
@pytest.mark.parametrize(("year", "reported"), [(2035, False), (2099, True)])
def test_the_sample_issues_the_same_in_another_year(
    sample: Path, tmp_path: Path, year: int, reported: bool
) -> None:
    root = workshop.sample(tmp_path / "later")
    if reported:  # by the rule set's own window each claim is late: that is reported, and holds nothing
        portal = root / "portal.yaml"
        text = portal.read_text("utf-8")
        assert "late_days: null" in text
        portal.write_text(text.replace("late_days: null", "late_days: 365"), "utf-8")
    done = run(root, f"{year}-07-01T09:00:00Z")
    assert (done.certificates, done.issued.held, done.audited.problems) == (157, 0, [])
    assert dict(done.verdicts) == {"valid": 157}
    assert late_reports(root) == (157 if reported else 0)
    assert certified(root) == certified(sample)
    assert serials(root) == [serial.replace("-26-", f"-{year % 100}-") for serial in serials(sample)]
    assert len(list((root / f"certificates/issued/{year}").glob("*.pdf"))) == 157


def test_the_demo_is_refused_outside_a_sample(tmp_path: Path) -> None:
    root = workshop.small(tmp_path)
    portal = root / "portal.yaml"
    portal.write_text(portal.read_text("utf-8").replace("sample: true", "sample: false"), "utf-8")
    with pytest.raises(UsageError, match="DEMO-SAMPLE"):
        run(root)
    assert not (root / "keys").exists()


@pytest.mark.slow
def test_a_sample_site_says_so_everywhere(sample: Path) -> None:
    public = sample / "public"
    for page in public.glob("*.html"):
        assert "sample" in page.read_text("utf-8").lower(), page.name
