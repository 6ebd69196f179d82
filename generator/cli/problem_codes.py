"""Every code of a problem that certportal can raise, gathered from the packages and from the controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType

import generator.cli.codes
import generator.edge.codes
import generator.flow.after_issue.codes
import generator.flow.certifying.codes
import generator.flow.importing.codes
import generator.flow.mailing.codes
import generator.flow.night.codes
import generator.flow.office.codes
import generator.flow.publishing.codes
import generator.flow.shared.codes
import generator.render.codes
import generator.rules.codes
import generator.sheets.codes
from generator.errors import Code
from generator.rules.controls.registry import CONTROLS

MODULES: tuple[ModuleType, ...] = (
    generator.sheets.codes,
    generator.rules.codes,
    generator.render.codes,
    generator.edge.codes,
    generator.flow.shared.codes,
    generator.flow.office.codes,
    generator.flow.importing.codes,
    generator.flow.certifying.codes,
    generator.flow.mailing.codes,
    generator.flow.publishing.codes,
    generator.flow.after_issue.codes,
    generator.flow.night.codes,
    generator.cli.codes,
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
