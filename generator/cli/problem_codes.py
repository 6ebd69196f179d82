"""Every code of a problem that certportal can raise, gathered from the packages and from the controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType

from generator.cli import codes as of_cli
from generator.edge import codes as of_edge
from generator.errors import Code
from generator.flow.after_issue import codes as of_after_issue
from generator.flow.certifying import codes as of_certifying
from generator.flow.importing import codes as of_importing
from generator.flow.mailing import codes as of_mailing
from generator.flow.night import codes as of_night
from generator.flow.office import codes as of_office
from generator.flow.publishing import codes as of_publishing
from generator.flow.shared import codes as of_shared
from generator.render import codes as of_render
from generator.rules import codes as of_rules
from generator.rules.controls.registry import CONTROLS
from generator.sheets import codes as of_sheets

MODULES: tuple[ModuleType, ...] = (
    of_sheets,
    of_rules,
    of_render,
    of_edge,
    of_shared,
    of_office,
    of_importing,
    of_certifying,
    of_mailing,
    of_publishing,
    of_after_issue,
    of_night,
    of_cli,
)


def gathered(found: Iterable[Code]) -> Mapping[str, Code]:
    """Codes by name. Raises `ValueError` where two that differ have one name."""
    known: dict[str, Code] = {}
    for code in found:
        if known.setdefault(code.name, code) is not code:
            raise ValueError(f"{code.name} is registered twice")
    return dict(sorted(known.items()))


def registered() -> Mapping[str, Code]:
    """Every code there is, by name."""
    packages = [code for module in MODULES for code in vars(module).values() if isinstance(code, Code)]
    return gathered([*(control.code for control in CONTROLS.values()), *packages])
