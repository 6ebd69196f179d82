"""What the columns of our layouts mean, in the words of docs/layouts.md and of every sheet to fill in."""

from __future__ import annotations

from collections.abc import Mapping

from generator.sheets.layout_columns import LayoutColumn

_MEANINGS: Mapping[str, str] = {
    "centre": "number of the centre, as in certificates/centres/",
    "programme": "code of the catalogue entry",
    "version": "its version",
    "start": "first day",
    "until": "last day",
    "direct_claims": "without it a standards verifier releases every claim",
    "learner_ref": "the centre's own reference; people are never joined by name",
    "name": "as the certificate prints it",
    "uln": "unique learner number; its check digit is checked, it is never guessed",
    "born_on": "day of birth",
    "minor": "whether somebody else must consent too",
    "email": "where messages go",
    "telephone": "how to reach them otherwise",
    "contact_checked_on": "when the contact was last known to be right",
    "consents": "what was agreed to",
    "event": "what happened",
    "on": "the day on which it happened",
    "by": "who did it or saw it",
    "signed_off": "each as `role:person:day`",
    "starts_on": "first day of the programme",
    "ends_on": "planned, or extended, last day",
    "evidence": "the document that was seen, or the name of the line",
    "detail": "for `identity_seen` the kind of document, never its number;"
    " for `name_confirmed` the name as it is to be printed",
    "to_programme": "for a transfer or a move to another size",
    "to_version": "likewise",
    "to_centre": "for a transfer to another centre",
    "unit": "code of the unit",
    "assignment": "empty: the result of the whole unit",
    "attempt_number": "1 is the first",
    "attempt": "which attempt it was",
    "grade": "short or printed form",
    "assessor": "handle; `external` where the awarding organisation marks",
    "assessed_on": "day of the assessor's decision",
    "state": "only confirmed and amended results count",
    "provenance": "how the result came about",
    "source": "where credit comes from",
    "decided_by": "who accepted it",
    "decided_on": "when it was accepted",
    "authorised_by": "the lead internal verifier who allowed a resubmission",
    "authorised_on": "when it was allowed",
    "special_consideration": "kept for the record, never printed",
    "brief_verified_by": "who verified the assignment brief",
    "brief_verified_on": "when the brief was verified",
    "verifier": "who verified the sample",
    "verified_on": "when the sample was verified",
    "sampled": "references of the learners whose work was sampled: some, never all",
    "outcome": "how it was settled",
    "action": "what the verifier asked for",
    "action_closed_on": "when it was done",
    "attended": "sessions attended",
    "sessions": "sessions held",
    "person": "handle on the roster",
    "interest": "what kind of interest",
    "declared_on": "when it was declared",
    "what": "what kind of evidence",
    "subject": "what it is about",
    "owner": "who keeps it up to date",
    "document_sha256": "digest of the document",
    "review_on": "when it is looked at again",
    "status": "its state",
    "clauses": "such as QO.1 or QO.3.2",
    "related": "other lines, reports or cases",
    "case": "the centre's or the office's own reference",
    "step": "which step was taken",
    "level": "1, 2 or 3; with a judgement",
    "role": "in which it was decided",
    "judgement": "the reasons; kept for both sides where it is not agreed",
    "progress_report": "on which it was released",
    "report": "a reference",
    "about": "what the report is about",
    "finding": "what was found",
    "found_on": "when it was found",
    "found_by": "who found it; `certportal` for a drafted report",
    "senior_manager": "who was told",
    "manager_told_on": "when the senior manager was told",
    "awarding_told_on": "when the awarding organisation was told",
    "awarding_reference": "the awarding organisation's",
    "closed_on": "when it was closed",
}
# Where a layout means something else by the same word.
_IN: Mapping[str, Mapping[str, str]] = {
    "evidence": {"evidence": "a name of its own"},
    "verifications": {"outcome": "what the verifier found", "assignment": "name or code of the assignment"},
    "received": {
        "certificate": "the awarding organisation's number of it",
        "name": "as it is printed",
        "uln": "as it is printed",
        "qualification": "as it is printed: title, with its level or not, number or code",
        "programme": "code of the catalogue entry, where the title leaves a choice",
        "level": "as it is printed",
        "awarded_on": "the day that is printed",
        "despatched_on": "when it was sent",
        "received_on": "when it came; or give the event `received`",
    },
    "handovers": {
        "certificate": "the awarding organisation's number, or ours",
        "by": "who in the office did it",
        "second": "the other person who destroyed it",
        "anomaly": "which was closed",
        "collected_by": "whose hands it went into",
        "third_party": "their name",
        "authorisation": "the document by which the learner allowed it",
        "identity": "the kind of document seen, never its number",
        "tracking": "the number under which the post carries it",
        "detail": "how an anomaly was settled, why it was sent back",
        "entered_in_error": "yes takes the event back",
    },
    "centres": {
        "number": "the centre's number, which records and claims name",
        "name": "as the certificate prints it",
        "sites": "each as `name:address`; the address may be left out",
        "email": "the office that is written to, about certificates that end for example",
        "language": "of those letters, such as en; empty: the organisation's own",
    },
    "people": {
        "person": "a short handle such as h.adeyemi",
        "name": "the person's name",
        "role": "the role held",
        "start": "first day in the role",
        "until": "last day in the role; empty while it is open",
        "scope": "codes of the programmes to which the role is limited; empty: all of them",
        "centres": "numbers of the centres to which the role is limited; empty: all of them",
        "areas": "subject areas in which a lead internal verifier is accredited",
        "deputy_for": "whose absence this covers; such a role has an `until`",
        "replaced_by": "who keeps the areas released until the year's end, once the holder has left",
    },
    "claims": {
        "kind": "what is claimed",
        "learner_name": "as the certificate prints it",
        "completed_on": "day of completion",
        "grade": "the overall grade, where there is one",
        "results": "such as `U1=Merit; U3=Pass:k.osei:r.vaughan:2026-06-08`: unit, grade, and as far as"
        " they are known assessor, verifier and day of verification",
        "renews": "the claim that is renewed",
        "email": "where the certificate is sent",
    },
}
_FORMS: Mapping[str, str] = {
    "day": "a day, YYYY-MM-DD",
    "whole": "a whole number",
    "flag": "yes or no",
    "list": "several with a semicolon between",
    "parts": "several with a semicolon between",
}
_IN_YAML: Mapping[str, str] = {
    **_FORMS,
    "flag": "true or false",
    "list": "a list: [one, two]",
    "parts": "a list: [{...}, {...}]",
}


def meaning(kind: str, name: str) -> str:
    """What a column of a layout holds; the column's own name where no words are kept for it."""
    return _IN.get(kind, {}).get(name) or _MEANINGS.get(name) or name.replace("_", " ")


def explained(kind: str, column: LayoutColumn, *, yaml: bool = False) -> str:
    """What a column holds and how it is written: in a cell, or in YAML."""
    form = (_IN_YAML if yaml else _FORMS).get(column.shape, "")
    if yaml and column.parts:
        return f"each as {{{', '.join(f'{part}: ...' for part in column.parts)}}} ({form})"
    return meaning(kind, column.name).replace("`", "") + (f" ({form})" if form else "")
