"""The answer to "is this certificate genuine?" (SPEC, chapter Verdict)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from generator.model.certificate import Statement
from generator.model.value import Day, Instant, VerificationCode

VerdictKind = Literal[
    "malformed",
    "unreachable",
    "forged",
    "not_found",
    "erased",
    "revoked",
    "suspended",
    "superseded",
    "expired",
    "stale",
    "copy",
    "valid",
]

# In order of precedence: where two apply, the earlier is the answer.
KINDS: tuple[VerdictKind, ...] = get_args(VerdictKind)

EXIT_CODES: dict[VerdictKind, int] = {
    "valid": 0,
    "not_found": 10,
    "revoked": 11,
    "suspended": 12,
    "superseded": 13,
    "expired": 14,
    "forged": 15,
    "malformed": 16,
    "stale": 17,
    "unreachable": 18,
    "erased": 19,
    "copy": 20,
}

# The words of each answer, the same on the page, in mails, documents and the terminal (docs/glossary.md).
VERDICT_WORDS: dict[VerdictKind, str] = {
    "valid": "Genuine and current",
    "copy": "Not our original file",
    "stale": "Genuine, list out of date",
    "expired": "Expired",
    "superseded": "Replaced",
    "suspended": "On hold",
    "revoked": "Withdrawn",
    "erased": "Record removed",
    "forged": "Altered",
    "not_found": "No such certificate",
    "malformed": "Mistyped",
    "unreachable": "Could not be checked",
}
# A code that a list does not name which is out of date: neither genuine nor unknown for certain.
ABSENT_WORDS = "Not on the list, list out of date"

# A file, or a picture, in which no code can be read: nothing was typed that could be mistyped.
NO_CODE_REASONS = frozenset({"no_number", "picture", "unreadable"})
NO_CODE_WORDS = "No code could be read"

# The fields that are compared with a file, in the words in which they are printed.
FIELD_WORDS = {
    "serial": "Certificate number",
    "number": "Verification number",
    "completed_on": "Completed",
    "issued_on": "Issued",
    "expires_on": "Expires",
    "grade": "Grade",
    "level": "Level",
    "learner": "Name",
    "programme": "Programme",
}

SHOWS_FIELDS: frozenset[VerdictKind] = frozenset({"valid", "copy", "stale", "expired", "superseded"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind, the recipe's step that decided it, and what may be shown beside it.

    `reason` is a word of the SPEC's closed list; `statement` is None where the kind hides the
    fields; `changed_on` and `until` belong to an exception; `unread` lists printed fields that
    could not be compared, `contradicted` the field that unmasks a forgery.
    """

    kind: VerdictKind
    step: int
    reason: str = ""
    statement: Statement | None = None
    checked_at: Instant | None = None
    next_update: Instant | None = None
    changed_on: Day | None = None
    until: Day | None = None
    reason_code: int | None = None
    successor: VerificationCode | None = None
    contradicted: str | None = None
    unread: tuple[str, ...] = ()
    suggestion: VerificationCode | None = None
    notices: tuple[str, ...] = field(default=())

    @property
    def is_absent(self) -> bool:
        """Whether the code is not on the list, which is out of date."""
        return self.kind == "stale" and self.reason == "absent"

    @property
    def words(self) -> str:
        """The answer as a reader is told it."""
        if self.is_absent:
            return ABSENT_WORDS
        return NO_CODE_WORDS if self.reason in NO_CODE_REASONS else VERDICT_WORDS[self.kind]
