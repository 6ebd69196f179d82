"""The wheel: what an organisation installs without a checkout."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_the_wheel_carries_the_package_the_site_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())

    site = {path.relative_to(ROOT / "site_src") for path in ROOT.glob("site_src/**/*") if path.is_file()}
    hidden = {path for path in site if path.name.startswith(".") or "__pycache__" in path.parts}
    assert {f"generator/_site_src/{path.as_posix()}" for path in site - hidden} <= names
    assert {"generator/py.typed", "generator/__init__.py"} <= names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"generator"}


def test_the_same_versions_of_python_are_named_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    versions = re.findall(r"^PYTHONS := (.*)$", makefile, re.MULTILINE)[0].split()
    oldest, newest = versions[0], versions[-1]
    minor = int(newest.split(".")[1])

    assert project["requires-python"] == f">={oldest},<3.{minor + 1}"
    named = [text.rpartition(" ")[2] for text in project["classifiers"] if ":: Python :: 3." in text]
    assert named == versions
    for page in ("README.md", "CONTRIBUTING.md"):
        assert f"Python {oldest} to {newest}" in (ROOT / page).read_text("utf-8"), page
