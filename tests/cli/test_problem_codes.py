"""Every code of a problem is registered once, with its owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.problem_codes import MODULES, gathered, registered
from generator.errors import Code
from generator.rules.controls.registry import CONTROLS

ROOT = Path(__file__).resolve().parents[2]


def test_two_codes_of_one_name_are_refused() -> None:
    code = Code("DISK-FULL", "administrator", "no room")
    assert gathered([code, code]) == {"DISK-FULL": code}
    with pytest.raises(ValueError, match="DISK-FULL is registered twice"):
        gathered([code, Code("DISK-FULL", "registrar", "no room")])


def test_every_package_with_codes_is_gathered() -> None:
    packages = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("generator/**/codes.py")}
    assert packages == {f"{module.__name__.replace('.', '/')}.py" for module in MODULES}


def test_every_control_says_what_it_means_and_what_to_do() -> None:
    known = registered()
    for name, control in CONTROLS.items():
        assert known[name] is control.code, name
        assert control.code.meaning, f"{name} has no docstring"
        assert control.code.remedy, f"{name} has no remedy"
