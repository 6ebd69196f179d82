"""What each table of the register holds, and which columns hold personal data (docs/register.md).

A body is a whole value, whose own fields say what in it is personal. Whoever adds a table or a column says
it here: the erasure's tests look into every column that is named, and into none by heart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.model.case import Case, Request
from generator.model.certificate import Draft, Statement
from generator.model.claim import Claim
from generator.model.office_record import OfficeRecord
from generator.model.value import Value


@dataclass(frozen=True, slots=True)
class Table:
    """`personal`: the columns with personal data, each with the model of the value in it, if it is one."""

    holds: str
    personal: Mapping[str, type[Value] | None]


def _none(holds: str) -> Table:
    return Table(holds, {})


TABLES: Mapping[str, Table] = {
    "claims": Table("each claim, and a keyed digest of what makes it unique", {"body": Claim, "salt": None}),
    "claim_subjects": Table("whose each claim is, by centre and reference", {"subject": None}),
    "approvals": Table(
        "each approval as it was signed, and the draft it was given for", {"draft": Draft, "envelope": None}
    ),
    "consumed": _none("which certificate an approval served"),
    "draws": _none("each draw of claims to check"),
    "drawn": _none("which claims were in a draw, and which it took"),
    "certificates": Table(
        "number, serial, day, the statement, the PDF's digest, the sealed entry as published",
        {"statement": Statement, "number": None, "pdf_sha256": None},
    ),
    "exceptions": _none("suspended, revoked and superseded certificates, sealed as published"),
    "years": _none("how the buckets of each year are split"),
    "buckets": _none("the version and digest of each published bucket"),
    "publications": _none("what was published when"),
    "counters": _none("the last serial of each year"),
    "events": _none("the trail: number, instant, kind, a salted commitment, the chain's hash"),
    "event_details": Table(
        "what each event was about, and its salt", {"subject": None, "salt": None, "details": None}
    ),
    "records": Table(
        "what claims rest on, in our layouts; a replaced one stays for the trail",
        {"body": OfficeRecord, "subject": None, "sha256": None, "mark": None},
    ),
    "held_rows": Table("rows that an import could not take", {"cells": None, "faults": None}),
    "import_answers": _none("answers to questions of spelling, by a keyed digest of the question"),
    "cases": Table("each case, and a salted commitment to it", {"body": Case, "salt": None}),
    "case_subjects": _none("which certificates a case is about"),
    "decisions": _none("each decision on a case as it was signed, which says nothing of the case"),
    "changes": _none("each state of a certificate after issue, and the case it rests on"),
    "replacements": Table(
        "which certificate replaces which, on what grounds", {"request": Request, "draft": Draft}
    ),
    "erasures": _none("what was erased, when, on which case"),
    "holds": Table(
        "what keeps claims from issue and certificates from publication",
        {"reason": None, "permission_reference": None},
    ),
    "withheld": _none("the certificates that a hold withholds"),
    "messages": Table(
        "what is told to whom, and what became of it; no address but a keyed digest",
        {"recipient": None, "sent_to": None},
    ),
    "taken_reports": _none("which reports of undeliverable mail were taken, by a keyed digest"),
    "outbox": Table("messages asked for; serials and centres, no address", {"details": None}),
    "learner_messages": Table(
        "messages to learners about registrations; no address", {"recipient": None, "payload": None}
    ),
    "reminders": _none("which reminders were made"),
    "contacts": Table("addresses that came with claims", {"email": None}),
    "links": Table("the secrets of private links", {"secret": None}),
    "withdrawn_links": _none("certificates whose private link was withdrawn"),
    "site_files": _none("every file of the site as it was last written"),
    "page_sets": _none("earlier pages, for a rollback"),
    "deployed": _none("what each deploy target holds"),
    "deployments": _none("which publication each deploy target holds"),
    "round_trips": _none("publications that were read back and found good"),
    "carried_entries": _none("sealed entries that only the site knew after a restore"),
    "carried_exceptions": _none("sealed exceptions that only the site knew after a restore"),
    "carried_links": _none("files of private links that only the site knew after a restore"),
    "carried_heads": _none("heads that another register made and this one accepted"),
    "switches": _none("switches of the office, such as mail stopped"),
    "runs": _none("each nightly run and its end"),
    "run_steps": _none("each step of a nightly run"),
    "meta": _none("the register's secret, for decoys and draws"),
}
