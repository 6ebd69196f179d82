"""The faults of an import on the screen: by row and column in the sheet's words, many of a kind as one."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from generator.cli.terminal import counted, line, problems
from generator.errors import Problem
from generator.flow.importing import marked_copy
from generator.flow.importing.import_findings import ImportPreview
from generator.flow.importing.marked_copy import Fault
from generator.flow.shared.session import Session
from generator.terms import spoken

_SHOWN = 20
_MANY = 4


def faults(session: Session, found: ImportPreview) -> None:
    """Each fault with its row and column in the sheet's words; many of a kind as one."""
    counts = {count.where: count for count in found.sources}
    kinds: dict[tuple[str, str, str, str], list[Fault]] = {}
    for item in marked_copy.faulty_inputs(session.workspace, found):
        for fault in islice(marked_copy.located(session, item, counts.get(item.where)), 1000):
            problem = fault.problem
            kinds.setdefault((fault.file, problem.code, fault.heading, problem.fix), []).append(fault)
    several = len({file for file, *_ in kinds}) > 1
    shown = ""
    for (file, *_), fault_kind in islice(kinds.items(), _SHOWN):
        if several and file != shown:
            shown = file
            line(f"  {file}", "bold")
        for fault in fault_kind[: _MANY - 1] if len(fault_kind) < _MANY else fault_kind[:1]:
            _fault(fault)
        if len(fault_kind) >= _MANY:
            rows = ", ".join(str(fault.line) for fault in fault_kind[1:9])
            more = " ..." if len(fault_kind) > 9 else ""
            line(f"    and the like in {len(fault_kind) - 1} more rows: {rows}{more}", "dim")
    if len(kinds) > _SHOWN:
        line(f"  and {len(kinds) - _SHOWN} more kinds, see the report", "dim")


def _fault(fault: Fault) -> None:
    problem = fault.problem
    place = f"row {fault.line}, {fault.heading}" if fault.line else fault.file
    line(f"  {place:<30} {problem.code:<18} {problem.said}")
    line(f"  {'':<30} fix: {problem.fix}", "dim")
    line(f"  {'':<30} ask: {fault.ask}", "dim")


def drafted(found: ImportPreview, written: bool) -> None:
    """How many reports of early and late registrations and claims are drafted, and what becomes of them."""
    kinds = Counter(f"{draft.finding} {spoken(draft.about)}" for draft in found.drafts)
    for kind, number in kinds.items():
        about = f"a {kind}" if number == 1 else f"{kind}s"
        line(f"{counted(number, 'report')} of {about}{' drafted' if written else ' to be drafted'}")
    if kinds and written:
        line("  `certportal pending` says who acts next.", "dim")


def alike(found: tuple[Problem, ...]) -> None:
    """Each kind of problem once in full, and how often it occurs elsewhere."""
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in found:
        kinds.setdefault((problem.code, problem.place.column, problem.fix), []).append(problem)
    for members in kinds.values():
        problems(members if len(members) < _MANY else members[:1])
        if len(members) >= _MANY:
            line(f"  and the like in {len(members) - 1} more rows", "dim")
