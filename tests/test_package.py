"""The wheel: what an organisation installs without a checkout."""

import subprocess
import sys
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
