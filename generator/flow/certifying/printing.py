"""Printing many certificates: renderers by template, one set in each process (DESIGN 6).

An issued PDF can be made again and compared with the one that was issued (DESIGN 6, reproducible). That
needs no private key: the statement's signature is in the sealed record. Refuses where template, fonts or
program differ from those of the day of issue, because then other bytes would come out, and where the seal
is one that cannot be repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from generator.edge import disk
from generator.edge.register.certificates import Certificates, Issued, decode_entry
from generator.edge.register.claims import RegisteredClaim
from generator.edge.workers import run_in_processes
from generator.errors import Place, Problem, Refused
from generator.flow.certifying.codes import REPRINT_DIFFERS, REPRINT_RECIPE, REPRINT_SEAL
from generator.flow.certifying.proposals import Proposals
from generator.flow.certifying.sealing import Sealing, sealing
from generator.flow.shared.codes import CERTIFICATE_UNKNOWN
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import entry, envelope, record, statement
from generator.formats.derivation import derive
from generator.formats.key_phrase import phrase
from generator.model.keyring import Pin
from generator.model.template import Template
from generator.model.value import Serial
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
    proposals = Proposals(session)
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


@dataclass(frozen=True, slots=True)
class Reprint:
    """The file that was made again, byte for byte as issued, and where it was put."""

    serial: Serial
    pdf_sha256: str
    path: Path
    restored: bool


def reprint(session: Session, serial: str, out: Path | None) -> Reprint:
    """Make a certificate's PDF again; put it to `out`, or back to its place if it is missing there."""
    issued = Certificates(session.register).find(serial)
    if issued is None or issued.statement is None:
        what = "no certificate of this serial is kept" if issued is None else "what it said was erased"
        fix = "copy the serial from the certificate or the list"
        raise Refused(CERTIFICATE_UNKNOWN.at(Place(subject=serial), what, fix))
    pdf = _printed(session, issued, issued.statement)
    digest = hashlib.sha256(pdf).hexdigest()
    if digest != issued.pdf_sha256:
        what = "comes out with other bytes than were issued"
        fix = "use the kept file or a backup, and report this: it must not happen"
        raise Refused(REPRINT_DIFFERS.at(Place(subject=serial), what, fix))
    place = session.workspace.issued_file(issued.serial, issued.issued_on)
    path = out or place
    missing = not path.is_file()
    if missing or out is not None:
        disk.write(path, pdf, private=True)
    return Reprint(issued.serial, digest, path, missing or out is not None)


def _printed(session: Session, issued: Issued, statement_bytes: bytes) -> bytes:
    pin = session.workspace.keystore.pin()
    proposals = Proposals(session)
    renderers = Renderers(session.workspace, pin, proposals, sealing(session))
    renderer = renderers.of(issued.template)
    if renderer.recipe_id != issued.recipe_id:
        what = "template, fonts or program are not those of the day of issue"
        fix = "put back the template and the version of certportal of that day, or use the kept file"
        why = f"recipe {issued.recipe_id[:12]} then, {renderer.recipe_id[:12]} now"
        raise Refused(REPRINT_RECIPE.at(Place(subject=issued.serial), what, fix, why))
    if renderer.seal is not None and not renderer.seal.repeatable:
        what = "its seal was made by a token or carries a timestamp, so no second file is the same"
        fix = "use the kept file, or the backup"
        raise Refused(REPRINT_SEAL.at(Place(subject=issued.serial), what, fix))
    sealed = Certificates(session.register).entry(issued.serial)
    item = record.decode(entry.unseal(derive(issued.number, pin.issuer_id), decode_entry(sealed)))
    if not isinstance(item, record.Record):
        fix = "nothing can be made again, and that is as it should be"
        raise Refused(CERTIFICATE_UNKNOWN.at(Place(subject=issued.serial), "was erased", fix))
    outer = envelope.Envelope(envelope.STATEMENT, item.statement, (item.statement_signature,))
    return renderer.render(statement.decode(statement_bytes), envelope.encode(outer))
