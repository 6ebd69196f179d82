"""`certportal demo`: the whole main job on the sample workspace, safe to repeat, and what to look at then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import typer

from generator.cli.codes import DEMO_SAMPLE
from generator.cli.options import HERE, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.terminal import grouped, line, moment, problems
from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.sites import FolderSite
from generator.errors import Place, Refused, UsageError
from generator.flow.certifying import approvals, issuing
from generator.flow.importing import import_claims
from generator.flow.office import keys
from generator.flow.publishing import audit, audit_register, publish
from generator.flow.shared.session import Environment, Session
from generator.flow.shared.workspace import Workspace
from generator.model.people import RoleHeld, RoleName
from generator.model.value import later
from generator.terms import CLAIM

# Invented people; the roles are those that the sample's policy asks for.
STAFF: tuple[tuple[str, str, RoleName], ...] = (
    ("h.adeyemi", "Hadiza Adeyemi", "lead_internal_verifier"),
    ("m.castell", "Mireia Castell", "quality_nominee"),
    ("p.lindgren", "Per Lindgren", "programme_leader"),
)
_STANDING_YEARS = 1


@dataclass(frozen=True, slots=True)
class Demo:
    """What is there at the end."""

    issued: issuing.Issue
    published: publish.PublishOutcome
    audited: audit.Audit
    verdicts: Mapping[str, int]
    certificates: int
    sample_number: str
    sample_file: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(workspace: WorkspaceOption = HERE, passphrase_fd: PassphraseFd = None) -> None:
    """Do the whole main job on the sample. From keys to audited site; safe to repeat."""
    with opened_register(workspace, passphrase_fd) as session:
        if session.workspace.portal.sample:
            line(
                f"{session.workspace.portal.organisation.name}: a sample organisation, invented learners",
                "bold",
            )
        done = run(session, lambda text: line(f"  {text}"))
    verdicts = ", ".join(f"{count} {kind}" for kind, count in sorted(done.verdicts.items()))
    line(f"  audit      {done.audited.files} files re-read; {verdicts}")
    grouped(done.issued.problems)
    problems(done.audited.problems)
    line()
    line(f"{done.certificates} certificates in certificates/issued/, the site in public/.", "bold")
    line(f"Good until {moment(done.published.next_update)}; a look-up shows the host one bucket, of which")
    line(f"at least {done.audited.smallest} entries are real certificates.")
    line()
    line("Next:")
    line(f"  open {done.sample_file}")
    line(f"  .venv/bin/certportal verify {done.sample_file} --site public")
    line("  make serve    # the site in a browser")
    if done.audited.problems or done.issued.held:
        raise SystemExit(1)


def run(session: Session, say: Callable[[str], None]) -> Demo:
    """Keys, staff, claims, approvals, certificates, site, audit: each step only as far as needed."""
    if not session.workspace.portal.sample:
        fix = "run it in the checkout of certportal; your own workspace begins with `certportal import`"
        raise UsageError(
            DEMO_SAMPLE.at(Place("portal.yaml", column="sample"), "the demo is for the sample only", fix)
        )
    store = session.workspace.keystore
    if store.complete:
        say("keys       there already")
    else:
        genesis = keys.init_keys(session.workspace, session.environment)
        say(f"keys       root, certificate and {len(list(genesis.of_role('online')))} online keys")
    _staff(session.workspace, session.environment, say)
    _claims(session, say)
    _approvals(session, say)
    issued = issuing.issue(session)
    total, _ = Certificates(session.register).counts()
    say(f"issue      {issued.issued} new certificates, {total} in all, {issued.held} held")
    published = publish.publish(session)
    say(f"publish    publication {published.sequence}: {published.files} files, {published.written} written")
    site, pin = FolderSite(session.workspace.public), store.pin()
    audited, tree = audit.audit_site(site, pin, session.now, session.environment.progress)
    verdicts: Mapping[str, int] = {}
    if tree is not None:
        audit_register.audit_register(session, tree, audited)
        verdicts = audit_register.audit_verdicts(session, site, audited)
    first = next(Certificates(session.register).issued())
    path = session.workspace.shown(session.workspace.issued_file(first.serial, first.issued_on))
    return Demo(issued, published, audited, verdicts, total, first.number, path)


def _staff(workspace: Workspace, environment: Environment, say: Callable[[str], None]) -> None:
    roster = workspace.keystore.roster()
    today = workspace.today(environment.now)
    missing = [entry for entry in STAFF if roster.find(entry[0]) is None]
    for handle, name, role in missing:
        keys.add_staff(workspace, environment, handle, name, [RoleHeld(role=role, start=today)])
    names = ", ".join(handle for handle, _, _ in STAFF)
    say(f"staff      {names}")


def _claims(session: Session, say: Callable[[str], None]) -> None:
    found = import_claims.preview(session)
    if found.problems:
        raise Refused(found.problems)
    import_claims.write(session, found)
    waiting = sum(source.unfinished for source in found.sources)
    say(f"import     {found.new} new {CLAIM}s, {found.same} known, {waiting} learners not finished yet")


def _approvals(session: Session, say: Callable[[str], None]) -> None:
    """Two people approve each qualification claim; two give the course its standing approval."""
    automatic = {key for key, item in session.workspace.programmes.items() if item.automatic is not None}
    waiting = [
        held
        for held in Claims(session.register).uncertified()
        if (held.claim.programme, held.claim.version) not in automatic
    ]
    received = 0
    for handle, role in (("h.adeyemi", "lead_internal_verifier"), ("m.castell", "quality_nominee")):
        signed, _ = approvals.sign_claims(session, handle, role, waiting)
        received += approvals.receive(session, signed).received
    until = later(session.today, days=365 * _STANDING_YEARS)
    standing = 0
    for code in sorted({code for code, _ in automatic}):
        for handle, role in (("p.lindgren", "programme_leader"), ("m.castell", "quality_nominee")):
            signed = approvals.sign_standing(session, handle, role, code, until)
            standing += approvals.receive(session, signed).received
    say(f"approve    {received} approvals, {standing} standing approvals received")
