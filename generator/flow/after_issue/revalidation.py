"""A qualification that is revalidated or closed: three dates, and whom they concern (docs/expiry.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.errors import Place, Refused
from generator.flow.importing import import_sources
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.catalogue import Programme
from generator.rules.codes import CLAIM_PROGRAMME
from generator.sheets.claim_sheets import Registration


@dataclass(frozen=True, slots=True)
class RevalidationScope:
    """The three dates are in `programme`; who is registered and not certified; open claims; holders.

    `holders` are serials: these certificates stay exactly as they are.
    """

    programme: Programme
    registered: tuple[str, ...]
    claims: tuple[str, ...]
    holders: tuple[str, ...]


def concerned(session: Session, code: str, version: str) -> RevalidationScope:
    """Everybody whom the three dates of a programme concern."""
    programme = session.workspace.programmes.get((code, version))
    if programme is None:
        known = ", ".join(f"{one} {two}" for one, two in sorted(session.workspace.programmes)) or "none yet"
        what = f"{code} version {version} is not in the catalogue"
        raise Refused(CLAIM_PROGRAMME.at(Place(subject=code), what, f"name one of: {known}"))
    waiting = [
        item
        for item in Claims(session.register).uncertified()
        if (item.claim.programme, item.claim.version) == (code, version)
    ]
    holders = Certificates(session.register).of_programme(code, version)
    certified = _certified(session.register, code, version)
    refs = {ref for ref, _ in registrations(session.workspace, code, version)}
    return RevalidationScope(
        programme,
        tuple(sorted(refs - certified - {item.claim.learner_ref for item in waiting})),
        tuple(item.claim_id for item in waiting),
        tuple(holders),
    )


def registrations(
    workspace: Workspace, code: str, version: str, centre: str | None = None
) -> Iterator[tuple[str, Registration]]:
    """The registrations of a programme, as its sheets hold them; of one centre, or of all."""
    for source in import_sources.named(workspace):
        if not source.registrations or (source.programme, source.version) != (code, version):
            continue
        if centre in (None, source.centre):
            found = import_sources.registrations(workspace, source)
            yield from found.by_reference.items() if found else ()


def _certified(register: Register, code: str, version: str) -> set[str]:
    """References of learners who hold a certificate of this version."""
    claims = Claims(register)
    return {
        item.claim.learner_ref
        for item in claims.certified()
        if (item.claim.programme, item.claim.version) == (code, version)
    }
