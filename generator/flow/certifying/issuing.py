"""Issuing: numbers in one transaction, then PDF after PDF, safe to kill between any two steps.

What is allotted (number, serial, day, recipe) is committed before a file is made; everything after
it is a pure function of that row, so a run that was killed is finished by the next one with the
same bytes, and a claim that has its number never gets another.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.crypto.digest import sha256
from generator.edge import disk
from generator.edge.register.approvals import Approvals
from generator.edge.register.certificates import Certificates, UnfinishedCertificate
from generator.edge.register.claims import Claims
from generator.edge.register.event_log import EventLog
from generator.errors import Place, Problem, Refused
from generator.flow.certifying.codes import APPROVAL_CHAIN, ISSUE_RECIPE, ORGANISATION_NAME
from generator.flow.certifying.printing import PrintJob, Renderers
from generator.flow.certifying.proposals import EvaluatedClaims, Proposals
from generator.flow.certifying.sealing import sealing
from generator.flow.office.keys import certificate_signer
from generator.flow.shared import certificate_states, rollback_guard, rosters
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import statement
from generator.formats.derivation import derive
from generator.model.certificate import Statement
from generator.model.keyring import Manifest, Pin, Signer
from generator.model.value import Day, Digest, Serial
from generator.render.renderer import RenderJob
from generator.rules.approving import ApprovalAuthority, ApprovedClaim, Proposal, decide
from generator.rules.received_approvals import open_standing
from generator.rules.signing import attachment, certify, seal_record
from generator.terms import CLAIM

_BATCH = 50


@dataclass(frozen=True, slots=True)
class Issue:
    """What a run issued, what it finished for an earlier one, and what it holds, each with its reason."""

    issued: int
    held: int
    problems: tuple[Problem, ...]
    reported: tuple[Problem, ...] = ()


def issue(session: Session, evaluated: EvaluatedClaims | None = None) -> Issue:
    """Issue every claim that is approved as it would be printed now; hold the others with reasons.

    `evaluated` is what an earlier step of this run found. It spares a second evaluation of what has not
    changed since; approvals and the state of replaced certificates are always judged anew.
    """
    pin = session.workspace.keystore.pin()
    current = session.workspace.keystore.manifest()
    _check_name(session.workspace, current)
    rollback_guard.check(session)
    today = session.today
    proposals = Proposals(session, evaluated)
    renderers = Renderers(session.workspace, pin, proposals, sealing(session))
    approved, problems, held = _approved(session, pin, proposals, renderers)
    if approved:
        # Before a number is given: another machine may have given it and published, and public/ not know it.
        rollback_guard.check_live(session)
    _allot(session, approved, renderers, today)
    issued = _make(session, current, renderers)
    reported = [*proposals.reported, *(one for item in approved for one in item.reported)]
    return Issue(issued, held, tuple(problems), tuple(reported))


def office(session: Session, issuer_id: Digest) -> ApprovalAuthority:
    """Who may approve now. Refuses a roster older than one that this register has seen."""
    policy = session.workspace.policy
    return ApprovalAuthority(
        issuer_id,
        rosters.current(session),
        policy.approvals,
        policy.standing_approvals,
        session.today,
        session.now,
        session.workspace.today,
        policy,
    )


def _approved(
    session: Session, pin: Pin, proposals: Proposals, renderers: Renderers
) -> tuple[list[ApprovedClaim], list[Problem], int]:
    """Approved claims, and the problems and number of the others."""
    asked = office(session, pin.issuer_id)
    claims, approvals, trail = (
        Claims(session.register),
        Approvals(session.register),
        EventLog(session.register),
    )
    trail.check_clock(session.now)
    # From the first event that matters here on, nothing may have been taken out of the chain.
    altered = trail.check(approvals.first_event() - 1)
    if altered:
        raise Refused(altered)
    given, fault = approvals.standing()
    if fault:
        raise Refused(chain_problem("standing approvals", fault))
    standing = open_standing(given, asked.roster)
    good: list[ApprovedClaim] = []
    problems: list[Problem] = []
    held = 0
    for item in claims.uncertified():
        found: ApprovedClaim | list[Problem]
        proposal = certificate_states.obstacles(session.register, item) or proposals.of(item)
        if isinstance(proposal, Proposal):
            received, fault = approvals.of_claim(item.claim_id)
            where = f"{CLAIM} {item.claim_id}"
            found = [chain_problem(where, fault)] if fault else decide(proposal, received, standing, asked)
        else:
            found = proposal
        if isinstance(found, ApprovedClaim):
            unprintable = renderers.of(found.proposal.template).check(found.proposal.draft)
            if not unprintable:
                good.append(found)
                continue
            found = unprintable
        problems += found
        held += 1
    return good, problems, held


def chain_problem(where: str, fault: str) -> Problem:
    """Approvals that are not those of the event chain."""
    fix = "restore the register from the backup, and report it"
    return APPROVAL_CHAIN.at(Place(subject=where), fault, fix)


def _allot(session: Session, approved: Iterable[ApprovedClaim], renderers: Renderers, today: Day) -> None:
    """Number, serial, day and recipe of every approved claim: one transaction."""
    certificates, trail = Certificates(session.register), EventLog(session.register)
    code = session.workspace.portal.organisation.code
    with session.register.transaction():
        for item in approved:
            template = item.proposal.template
            claim_id = item.proposal.claim_id
            allotted = certificates.allot(code, today, claim_id)
            rollback_guard.check_unissued(session.workspace, allotted.serial, today)
            data = statement.encode(certify(item, allotted))
            consumed = hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in item.approvals))
            recipe_id = renderers.of(template).recipe_id
            certificates.add(allotted, claim_id, data, template, recipe_id, consumed.hexdigest())
            if not item.standing:
                Approvals(session.register).consume(item.approvals, allotted.serial)
            trail.append(
                session.now,
                "certificate_numbered",
                allotted.serial,
                {"claim": claim_id, "approvals_sha256": consumed.hexdigest(), "recipe": recipe_id},
            )


def _make(session: Session, current: Manifest, renderers: Renderers) -> int:
    """The PDF and the sealed record of everything that has a number and no file yet."""
    certificates = Certificates(session.register)
    waiting = certificates.unmade()
    if not waiting:
        return 0
    _check_recipes(waiting, renderers)
    signer = certificate_signer(session.workspace, session.environment, current)
    ready: deque[Statement] = deque()
    sheets = _sheets(waiting, signer, ready)
    pdfs = renderers.print_in_order(
        sheets, {item.template for item in waiting}, session.environment.processes
    )
    done = 0
    session.environment.progress("issuing", 0, len(waiting))
    for batch in _batches(waiting):
        files = [next(pdfs) for _ in batch]
        statements = [ready.popleft() for _ in batch]
        places = [session.workspace.issued_file(one.serial, one.issued_on) for one in statements]
        disk.write_many(dict(zip(places, files, strict=True)), private=True)
        made = [
            _sealed(certified, item.statement, pdf, signer)
            for item, certified, pdf in zip(batch, statements, files, strict=True)
        ]
        with session.register.transaction():
            trail = EventLog(session.register)
            for serial, pdf_sha256, prefix, entry in made:
                certificates.made(serial, pdf_sha256, prefix, entry)
                trail.append(session.now, "certificate_issued", serial, {"pdf_sha256": pdf_sha256})
                certificate_states.supersede_replaced(session, serial)
        done += len(made)
        session.environment.progress("issuing", done, len(waiting))
    return done


def _sheets(
    waiting: Iterable[UnfinishedCertificate], signer: Signer, ready: deque[Statement]
) -> Iterator[PrintJob]:
    """What is to be printed; each statement, decoded once, waits in `ready` for its file."""
    for item in waiting:
        certified = statement.decode(item.statement)
        ready.append(certified)
        yield PrintJob(item.template, RenderJob(item.serial, certified, attachment(item.statement, signer)))


def _sealed(
    certified: Statement, data: bytes, pdf: bytes, signer: Signer
) -> tuple[Serial, Digest, int, bytes]:
    """The record that names the file's digest, sealed: serial, digest, prefix, entry."""
    sealed = seal_record(certified, data, pdf, signer)
    prefix = derive(certified.number, certified.issuer_id).prefix(24)
    return certified.serial, sha256(pdf), prefix, sealed.encode()


def _check_recipes(waiting: Iterable[UnfinishedCertificate], renderers: Renderers) -> None:
    """A template that changed after its numbers were allotted would print what nobody approved."""
    recipes = {(item.template, item.recipe_id) for item in waiting}
    changed = sorted({name for name, recipe_id in recipes if renderers.of(name).recipe_id != recipe_id})
    if changed:
        raise Refused(
            ISSUE_RECIPE.at(
                Place(f"site_src/templates/{name}"),
                "changed while certificates printed with it were being issued",
                "put the earlier template (or version of certportal) back and run `certportal issue` again",
            )
            for name in changed
        )


def _check_name(workspace: Workspace, current: Manifest) -> None:
    organisation = workspace.portal.organisation
    if (organisation.name, organisation.code) != (current.name, current.code):
        what = f"the key manifest is of {current.name} ({current.code}), portal.yaml of {organisation.name}"
        fix = "correct portal.yaml, or run `certportal keys renew` after a change of name"
        raise Refused(ORGANISATION_NAME.at(Place("portal.yaml", column="organisation"), what, fix))


def _batches(waiting: list[UnfinishedCertificate]) -> Iterator[tuple[UnfinishedCertificate, ...]]:
    return (tuple(waiting[start : start + _BATCH]) for start in range(0, len(waiting), _BATCH))
