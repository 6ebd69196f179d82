"""A verdict in the terminal: the answer first, then the certificate line by line, then what to do."""

from __future__ import annotations

from collections.abc import Iterator

from generator.cli.terminal import moment
from generator.flow.publishing.verification import as_plain
from generator.formats.verification_code import grouped
from generator.model.case import REASON_WORDS
from generator.model.verdict import FIELD_WORDS, Verdict, VerdictKind
from generator.rules.file_comparison import printed_day

# Mark and style of each answer, and what to do now; the words are the model's.
_SAY: dict[VerdictKind, tuple[str, str, str]] = {
    "valid": ("✓", "bold green", "Compare every line with the certificate in front of you."),
    "copy": (
        "=",
        "bold green",
        "The record is genuine. Compare these lines with your file; only the issued file is proved whole.",
    ),
    "stale": ("…", "bold yellow", "Try again later, or ask {issuer} whether it is still valid."),
    "expired": ("~", "bold blue", "It was genuine. Ask the holder for the renewed certificate."),
    "superseded": ("~", "bold blue", "The qualification is valid; ask for the newer certificate."),
    "suspended": ("!", "bold yellow", "Do not rely on it for now; ask {issuer}."),
    "revoked": ("✗", "bold red", "Do not rely on it; ask {issuer}."),
    "erased": (
        "○",
        "bold",
        "{issuer} issued it; what it said is no longer kept. Ask the holder for other evidence.",
    ),
    "forged": ("✗", "bold red", "Do not rely on this file; tell {issuer}."),
    "not_found": (
        "?",
        "bold",
        "Compare the verification code with the paper; if it is the same, ask {issuer}.",
    ),
    "malformed": ("?", "bold", "Compare the verification code with the paper and type it again."),
    "unreachable": ("…", "bold", "This says nothing about the certificate. Try again later."),
}
_TYPE_IT = "Type the verification code that is printed beside the QR code."
# What to do where the reason says more than the answer does.
_ADVICE = {
    "absent": "This says nothing about the certificate yet. Try again later, or ask {issuer}.",
    "no_number": f"If it is a certificate of {{issuer}}: {_TYPE_IT[0].lower()}{_TYPE_IT[1:]}",
    "picture": _TYPE_IT,
    "unreadable": f"Ask for the file again. {_TYPE_IT}",
    "network": "This says nothing about the certificate. Check the connection and try again.",
    "missing": "This says nothing about the certificate. Try again in some minutes, then tell {issuer}.",
    "refused": "This says nothing about the certificate. Try again later; if it stays so, tell {issuer}.",
}
_REASONS = {
    "length": "A verification code has 24 letters and digits.",
    "alphabet": "It has a character that no verification code has.",
    "check": "At least one character is mistyped.",
    "no_number": "No verification code is in the text of this file.",
    "picture": "This looks like a picture, a photo or a scan, and no QR code was read in it.",
    "unreadable": "It cannot be opened as a PDF: it is damaged, locked with a password, or of another kind.",
    "network": "The site did not answer: no connection, or a sign-in page of the network is in the way.",
    "missing": "A file of the site is not there.",
    "refused": "The site answered, but gave no file: access is refused there, or its server has a fault.",
    "damaged": "A file of the site is damaged.",
    "outdated": "A file of the site is older than the others.",
    "key_window": "A file of the site was signed outside the time of its key.",
    "key_cut_off": "A key that signed this is no longer trusted.",
    "statement": "The statement embedded in the file is not the one that was signed.",
}


def describe(verdict: Verdict, issuer: str) -> Iterator[tuple[str, str]]:
    """Lines of text, each with its style."""
    mark, style, advice = _SAY[verdict.kind]
    yield f"{mark} {verdict.words}", style
    if verdict.reason in _REASONS:
        yield _REASONS[verdict.reason], ""
    if verdict.contradicted and verdict.reason == "printed":
        yield f"What it says for “{_field(verdict.contradicted)}” is not what was certified.", ""
    if verdict.suggestion:
        yield f"Did you mean {grouped(verdict.suggestion)}?", ""
    if verdict.changed_on:
        yield f"Since {printed_day(verdict.changed_on)}", ""
    if verdict.until:
        yield f"Until {printed_day(verdict.until)}, unless a decision changes that", ""
    if verdict.reason_code in REASON_WORDS and verdict.reason_code:
        yield REASON_WORDS[verdict.reason_code], ""
    yield from ((f"  {text}", "") for text in _fields(verdict))
    if verdict.unread:
        yield f"Could not be read in the file, compare by eye: {', '.join(map(_field, verdict.unread))}", ""
    if verdict.checked_at:
        yield f"As published by {issuer} on {moment(verdict.checked_at)}", "dim"
    if "elsewhere" in verdict.notices:
        yield "This site is a copy at another address than the organisation's own.", "yellow"
    if "copy" in verdict.notices:
        yield "This is not our original file: only the file as issued is proved unchanged.", ""
    if "reinstated" in verdict.notices:
        yield "It was on hold or withdrawn for a time, and has been reinstated.", ""
    yield _ADVICE.get(verdict.reason, advice).format(issuer=issuer), ""


def _field(name: str) -> str:
    """A field as the certificate names it in print; `units.U1.grade` is the grade of a unit."""
    if name.startswith("units."):
        return f"Grade of unit {name.removeprefix('units.').removesuffix('.grade')}"
    return FIELD_WORDS.get(name, name)


def _fields(verdict: Verdict) -> Iterator[str]:
    shown = as_plain(verdict).get("statement")
    if not shown:
        return
    programme = shown["programme"]
    if "learner" in shown:
        yield str(shown["learner"]["name"])
    yield " ".join(str(programme[name]) for name in ("level", "title") if name in programme)
    if "grade" in shown:
        yield f"Grade {shown['grade']}"
    for unit in shown.get("units", ()):
        yield f"  {unit['title']}" + (f": {unit['grade']}" if "grade" in unit else "")
    if "centre" in shown:
        yield str(shown["centre"]["name"])
    yield f"{shown['label']} {shown['serial']}"
    yield f"Completed {printed_day(shown['completed_on'])}, issued {printed_day(shown['issued_on'])}"
    if "expires_on" in shown:
        yield f"Expires {printed_day(shown['expires_on'])}"
