"""Earlier pages again, under a new publication (docs/operations.md).

Only pages go back. Certificates and their status are taken from the register as it is, the sequence
only grows, so nothing that was revoked can come back to life.
"""

from __future__ import annotations

from generator.edge.register.event_log import EventLog
from generator.edge.register.page_sets import PageSets
from generator.edge.register.publications import Publications
from generator.edge.register.runs import Runs
from generator.errors import Place, Refused
from generator.flow.publishing.codes import ROLLBACK_PAGES
from generator.flow.publishing.publish import PublishOutcome, publish
from generator.flow.shared.session import Session

PAGES_FROM = "pages_from"  # the switch that `publish` looks at


def roll_back(session: Session, to: int | None = None) -> PublishOutcome:
    """Publish the pages of an earlier publication (`to`; else those before the present ones)."""
    sets, publications = PageSets(session.register), Publications(session.register)
    last = publications.last()
    wanted = sets.of(to) if to is not None else sets.before(last.facts_sha256 if last else "")
    if wanted is None:
        kept = ", ".join(str(sequence) for sequence in sets.sequences()) or "none"
        what = "its pages are not kept" if to else "there are no earlier pages"
        fix = f"name one of: {kept}" if kept != "none" else "correct the pages in site_src and publish"
        raise Refused(ROLLBACK_PAGES.at(Place(subject=f"publication {to or ''}".strip()), what, fix))
    with session.register.transaction():
        Runs(session.register).set_switch(PAGES_FROM, wanted, session.now)
        EventLog(session.register).append(session.now, "pages_rolled_back", "pages", {"pages_sha256": wanted})
    return publish(session)


def resume(session: Session) -> None:
    """Build pages from site_src again from the next publication on."""
    with session.register.transaction():
        Runs(session.register).set_switch(PAGES_FROM, None, session.now)
        EventLog(session.register).append(session.now, "pages_resumed", "pages", {})
