"""Events of certificates on paper, judged before they are kept; lists to work with (docs/received.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.edge.register.records import subject
from generator.errors import Problem
from generator.flow.office.received import PaperCertificate, PaperCertificates
from generator.flow.shared.session import Session
from generator.model.office_record import OfficeRecord
from generator.model.paper import Handover, HandoverEvent, ReceivedCertificate
from generator.rules.name_matching import folded
from generator.sheets import layouts
from generator.sheets.layout_columns import columns
from generator.sheets.layouts import Form, Placed


def faults(session: Session, incoming: Sequence[Placed[OfficeRecord]]) -> list[Problem]:
    """What the rules of papers forbid of records about to be kept; what was forbidden before is not said."""
    about: dict[str, list[Placed[OfficeRecord]]] = {}
    for item in incoming:
        record = item.record
        if isinstance(record, ReceivedCertificate | Handover):
            about.setdefault(subject(record.centre, record.learner_ref), []).append(item)
    if not about:
        return []
    before = PaperCertificates(session)
    for item in incoming:
        # Whoever loses a certificate keeps its events, which then are of nothing.
        if isinstance(item.record, ReceivedCertificate) and (learner := before.recorded_for(item.record)):
            others = about.setdefault(subject(item.record.centre, learner), [])
            others += [] if item in others else [item]
    after = PaperCertificates(session, [item.record for item in incoming])
    problems = []
    for learner, items in about.items():
        known = {(one.event.key(), one.code) for one in before.breaches(learner)}
        places = {item.record.key(): item.place for item in items if isinstance(item.record, Handover)}
        for breach in after.breaches(learner):
            if (breach.event.key(), breach.code) in known and before.is_kept(breach.event):
                continue
            # A row that makes an earlier event impossible is the one to be corrected.
            place = places.get(breach.event.key(), items[0].place).within("event")
            problems.append(breach.code.at(place, breach.what, breach.fix))
    return problems


def to_collect(papers: Iterable[PaperCertificate]) -> list[str]:
    """The numbers of papers that lie ready, by the surnames of those who collect them; nothing else."""
    ready = [paper for paper in papers if paper.state in ("ready", "uncollected")]
    return [
        paper.certificate for paper in sorted(ready, key=lambda one: (_surname(one.name), one.certificate))
    ]


def _surname(name: str) -> tuple[str, str]:
    words = folded(name).split() or [""]
    return words[-1], " ".join(words[:-1])


def collection_list(papers: Iterable[PaperCertificate]) -> bytes:
    """The collection list as CSV: certificate numbers in the order of surnames, and no name."""
    return layouts.write_csv(["certificate"], [[number] for number in to_collect(papers)])


def to_fill_in(papers: Iterable[PaperCertificate], event: HandoverEvent, form: Form) -> tuple[bytes, int]:
    """The papers for which an event comes next, in the layout `handovers`, and how many rows there are.

    Of closings there is one for each open anomaly. No day, no person and no reason is suggested.
    """
    listed = columns(Handover)
    rows = []
    for paper in papers:
        known = {"centre": paper.centre, "learner_ref": paper.learner_ref, "event": event}
        whole = {**known, "certificate": paper.certificate}
        closed = [{"anomaly": one.anomaly} for one in paper.open] if event == "anomaly_closed" else [{}]
        if _comes_next(paper, event):
            rows += [[{**whole, **more}.get(one.name, "") for one in listed] for more in closed]
    return layouts.write_cells(Handover.KIND, listed, rows, form), len(rows)


def _comes_next(paper: PaperCertificate, event: HandoverEvent) -> bool:
    here = paper.destroy_from is not None
    match event:
        case "anomaly_closed":
            return bool(paper.open)
        case "sent_back":
            return here and paper.state == "withheld"
        case "returned":
            return paper.state == "posted"
        case "destroyed":
            return here and paper.state != "withheld"
    return event in paper.events
