"""A verdict in the terminal: the answer first, then the certificate line by line, then what to do."""

from __future__ import annotations

from collections.abc import Iterator

from generator.cli.terminal import moment
from generator.flow.publishing.verification import as_plain
from generator.formats.number import grouped
from generator.model.verdict import Verdict, VerdictKind
from generator.rules.file_comparison import printed_day

_COMPARE = "Compare every line with the certificate in front of you."
_ERASED = "{issuer} issued it; what it said is no longer kept."
_SAY: dict[VerdictKind, tuple[str, str, str]] = {
    "valid": (
        "✓ Genuine and current",
        "bold green",
        _COMPARE,
    ),
    "copy": (
        "= The record is genuine; this file is a copy",
        "bold green",
        "Compare these lines with the copy: only the issued file itself is proved to be unchanged.",
    ),
    "stale": (
        "… Genuine when last published; its status is out of date",
        "bold yellow",
        "Try again later, or ask {issuer} whether it still holds.",
    ),
    "expired": ("~ Genuine, and expired", "bold blue", "Ask the holder for the renewed certificate."),
    "superseded": (
        "~ Replaced by a newer certificate",
        "bold blue",
        "The qualification stands; ask for the newer certificate.",
    ),
    "suspended": ("! Suspended", "bold yellow", "Do not rely on it for now; ask {issuer}."),
    "revoked": ("✗ Revoked", "bold red", "Do not rely on it; ask {issuer}."),
    "erased": (
        "○ Erased at the holder's request",
        "bold",
        _ERASED,
    ),
    "forged": ("✗ This file was altered", "bold red", "Do not rely on it; tell {issuer}."),
    "not_found": (
        "? No certificate has this number",
        "bold",
        "Check the number against the paper; if it agrees, ask {issuer}.",
    ),
    "malformed": ("? This is not a certificate's number", "bold", "Check it against the paper."),
    "unreachable": (
        "… Could not check",
        "bold",
        "This says nothing about the certificate. Try again later.",
    ),
}
_REASONS = {
    "length": "A number has 24 letters and digits.",
    "alphabet": "It holds a character that no number has.",
    "check": "One character or more is mistyped.",
    "no_number": "No certificate number could be read from this file.",
    "network": "The site could not be reached.",
    "missing": "A file of the site is missing.",
    "damaged": "A file of the site is damaged.",
    "outdated": "A file of the site is older than the others.",
    "key_window": "A file of the site is signed outside its key's time.",
    "key_cut_off": "A key that signed this was withdrawn.",
    "statement": "Its embedded statement is not the one that was signed.",
}


# The public words of the SPEC (chapter Status); 3 and 4 read alike, so that nobody infers a change of name.
_REASON_CODES = {
    1: "The award was withdrawn after an investigation and a decision.",
    2: "It is under review.",
    3: "A newer certificate has been issued in its place.",
    4: "A newer certificate has been issued in its place.",
    5: "It was not approved for issue.",
}


def describe(verdict: Verdict, issuer: str) -> Iterator[tuple[str, str]]:
    """Lines of text, each with its style."""
    head, style, advice = _SAY[verdict.kind]
    yield head, style
    if verdict.reason in _REASONS:
        yield _REASONS[verdict.reason], ""
    if verdict.contradicted and verdict.reason == "printed":
        yield f"What it says beside `{verdict.contradicted}` is not what was certified.", ""
    if verdict.suggestion:
        yield f"Did you mean {grouped(verdict.suggestion)}?", ""
    if verdict.changed_on:
        yield f"Since {printed_day(verdict.changed_on)}", ""
    if verdict.until:
        yield f"Until {printed_day(verdict.until)}, unless it is decided otherwise", ""
    if verdict.reason_code in _REASON_CODES:
        yield _REASON_CODES[verdict.reason_code], ""
    yield from ((f"  {text}", "") for text in _fields(verdict))
    if verdict.unread:
        yield f"Could not be read in the file, compare by eye: {', '.join(verdict.unread)}", ""
    if verdict.checked_at:
        yield f"As published by {issuer} on {moment(verdict.checked_at)}", "dim"
    if "elsewhere" in verdict.notices:
        yield "This site is a copy at another address than the organisation's own.", "yellow"
    if "copy" in verdict.notices:
        yield "This file is a copy: only the issued file itself is proved to be unchanged.", ""
    if "reinstated" in verdict.notices:
        yield "It was suspended or revoked before, and has been reinstated.", ""
    yield advice.format(issuer=issuer), ""


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
