"""sources.yaml names files of its own folders, and nothing else on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge import disk
from generator.errors import Place, Refused
from generator.sheets import strict_yaml
from generator.sheets.sources_file import Source, Sources

FIELDS = {"layout": "unit_grades", "programme": "L3IT", "version": "2025", "centre": "NF041"}
OUTSIDE = [
    "/etc/passwd",
    "../portal.yaml",
    "a/../../portal.yaml",
    "..",
    "C:/grades.csv",
    "..\\grades.csv",
    "~/x.csv/..",
    ".hidden",
    "a//b.csv",
    "a/",
]


@pytest.mark.parametrize("field", ["file", "registrations", "people"])
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_file_outside_its_folder_is_refused_by_its_line(field: str, name: str) -> None:
    fields = {"file": "grades.csv", **FIELDS, field: f"'{name}'"}
    lines = "".join(f"    {name}: {value}\n" for name, value in fields.items())
    text = f"schema: 1\nsources:\n  - dates: day_first\n{lines}"
    with pytest.raises(Refused, match=rf"sources\.yaml:\d+ sources\.0\.{field}: YAML-FIELD: is not the name"):
        strict_yaml.read(Sources, text.encode(), Place("sources.yaml"))


@pytest.mark.parametrize("name", ["grades.csv", "2026/it grades (1).xlsx", "Noten für alle.csv", "a..b.csv"])
def test_a_file_in_its_folder_is_named(name: str) -> None:
    assert Source.of({"file": name, **FIELDS}).file == name


def test_a_link_among_the_folders_on_the_way_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims/out").symlink_to("/etc")
    assert disk.below(tmp_path / "claims", "in/x.csv", "it") == tmp_path / "claims/in/x.csv"
    with pytest.raises(Refused, match="INPUT-KIND: lies behind a link"):
        disk.below(tmp_path / "claims", "out/passwd", "it")
