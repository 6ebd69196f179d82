"""The audit of a night: everything that changed since the last one, and a thirtieth of the rest.

Within a month every file, every issued PDF and the whole event trail have been looked at, at a cost
that follows what is new and not what there is.
"""

from __future__ import annotations

from generator.edge.register.event_log import EventLog
from generator.edge.register.publications import Publications
from generator.edge.register.runs import Runs
from generator.edge.register.site_files import SiteFiles
from generator.edge.sites import FolderSite
from generator.flow.publishing import audit, audit_register
from generator.flow.publishing.live_check import portion
from generator.flow.shared.session import Session
from generator.model.value import seconds

AUDITED, AUDITED_EVENTS = "audited_sequence", "audited_events"
_PARTS = 30


def audit_night(session: Session) -> audit.Audit:
    """Audit public/ and the register; what was found good is not looked at again for a month."""
    runs, files = Runs(session.register), SiteFiles(session.register)
    upto = int(runs.switch(AUDITED) or 0)
    changed = files.changed_in(upto + 1)
    drawn = portion(session.register.secret(), session.now, _PARTS)
    site, pin = FolderSite(session.workspace.public), session.workspace.keystore.pin()
    known = SiteFiles(session.register).unreferenced()
    found, tree = audit.audit_site(
        site,
        pin,
        session.now,
        session.environment.progress,
        known,
        lambda path: path in changed or drawn(path),
    )
    if tree is None:
        return found
    # Once a month the trail is read from its very beginning.
    whole = seconds(session.now) // 86400 % _PARTS == 0
    events = 0 if whole else int(runs.switch(AUDITED_EVENTS) or 0)
    scope = audit_register.Scope(upto, drawn, events)
    audit_register.audit_register(session.workspace, session.register, tree, found, scope)
    audit_register.audit_verdicts(
        session.register, site, pin, session.now, found, session.environment.progress, scope
    )
    last = Publications(session.register).last()
    if not found.problems and last is not None:
        with session.register.transaction():
            runs.set_switch(AUDITED, str(last.sequence), session.now)
            runs.set_switch(AUDITED_EVENTS, str(EventLog(session.register).state()[0]), session.now)
    return found
