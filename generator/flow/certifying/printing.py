"""Printing many certificates: renderers by template, one set in each process (DESIGN 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from generator.edge.register.claims import RegisteredClaim
from generator.edge.workers import run_in_processes
from generator.errors import Problem
from generator.flow.certifying.proposals import Proposals
from generator.flow.certifying.sealing import Sealing
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats.key_phrase import phrase
from generator.model.keyring import Pin
from generator.model.template import Template
from generator.render.renderer import Imprint, Renderer, RenderJob
from generator.rules.approving import Proposal


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One certificate to print, and with which template."""

    template: str
    job: RenderJob


class Renderers:
    """The renderer of each template, made once for a run."""

    def __init__(self, workspace: Workspace, pin: Pin, proposals: Proposals, sealing: Sealing | None) -> None:
        self._proposals = proposals
        self._imprint = imprint(workspace, pin)
        self._sealing = sealing
        self._seal = sealing() if sealing else None
        self._presses: dict[str, Renderer] = {}

    def of(self, name: str) -> Renderer:
        """The renderer of a template."""
        if name not in self._presses:
            self._presses[name] = Renderer(self._proposals.template(name), self._imprint, self._seal)
        return self._presses[name]

    def split(self, proposals: Iterable[Proposal]) -> tuple[list[Proposal], list[Problem]]:
        """The proposals that can be printed whole, and what keeps the others from it."""
        good: list[Proposal] = []
        problems: list[Problem] = []
        for proposal in proposals:
            found = self.of(proposal.template).check(proposal.draft)
            problems += found
            if not found:
                good.append(proposal)
        return good, problems

    def print_in_order(self, sheets: Iterable[PrintJob], names: set[str], processes: int) -> Iterator[bytes]:
        """The PDFs in the order of the sheets, made in as many processes as there are."""
        templates = {name: self._proposals.template(name) for name in names}
        prepare = partial(printer, templates, self._imprint, self._sealing)
        # Few wait for an earlier one: spread() keeps its processes close together.
        waiting: dict[int, bytes] = {}
        turn = 0
        for place, pdf in run_in_processes(prepare, sheets, processes):
            waiting[place] = pdf
            while turn in waiting:
                yield waiting.pop(turn)
                turn += 1


def proposed(
    session: Session,
    claims: Iterable[RegisteredClaim],
    *,
    printable: bool = True,
) -> tuple[list[Proposal], list[Problem]]:
    """The claims that pass their controls and, where asked, can be printed; the others' problems."""
    pin = session.workspace.keystore.pin()
    proposals = Proposals(session.workspace, session.register, pin.issuer_id, session.today)
    passing, held = proposals.split(claims)
    if not printable:
        return passing, held
    # Said before anybody signs: a letter that no face has is found by the approver, not in the night.
    good, unprintable = Renderers(session.workspace, pin, proposals, None).split(passing)
    return good, [*held, *unprintable]


def printer(
    templates: Mapping[str, Template], imprint: Imprint, sealing: Sealing | None
) -> Callable[[PrintJob], bytes]:
    """What prints sheets in a process of its own."""
    seal = sealing() if sealing else None
    renderers = {name: Renderer(template, imprint, seal) for name, template in templates.items()}

    def print_one(sheet: PrintJob) -> bytes:
        return renderers[sheet.template].render(sheet.job.statement, sheet.job.envelope)

    return print_one


def imprint(workspace: Workspace, pin: Pin) -> Imprint:
    """What this issuer prints on every certificate."""
    return Imprint(
        origin=workspace.portal.site.origin,
        key_phrase=phrase(pin.issuer_id),
        sample=workspace.portal.sample,
    )
