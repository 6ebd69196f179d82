"""Cases, the decisions on them and requests for replacement (SPEC, chapter Decision; docs/afterwards.md).

A case is kept as small as it can be: what it is about, who is a party, why, and which decision it
appeals. What is decided on it is signed; what is published of it is a reason code and a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from generator.model.certificate import Signatory
from generator.model.people import RoleName
from generator.model.personal import Personal
from generator.model.value import (
    Day,
    Digest,
    Distinct,
    Field,
    Handle,
    Serial,
    Text,
    Value,
    model_validator,
    written,
)

CaseId = Annotated[str, written(r"^C-[0-9]{2}-[0-9]{6}$", "the number of a case, such as C-26-000001")]
CaseKind = Literal["revocation", "suspension", "appeal", "reissue", "erasure"]
Outcome = Literal["revoke", "suspend", "reinstate", "reissue", "erase", "dismiss"]
ReasonCode = Annotated[int, Field(ge=0, le=255)]

# What may come of each kind of case; every one of them may be dismissed.
OUTCOMES: Mapping[CaseKind, tuple[Outcome, ...]] = {
    "revocation": ("revoke", "dismiss"),
    "suspension": ("suspend",),
    "appeal": ("reinstate", "dismiss"),
    "reissue": ("reissue", "dismiss"),
    "erasure": ("erase", "dismiss"),
}
# The public reason codes of SPEC, chapter Status, that go with each outcome; the first is the default.
REASONS: Mapping[Outcome, tuple[int, ...]] = {
    "revoke": (1, 5, 0),
    "suspend": (2, 0),
    "reinstate": (0,),
    "reissue": (0,),
    "erase": (0,),
    "dismiss": (0,),
}
# One code for every replacement, so that nobody can tell a changed name from a coffee stain.
REPLACED = 3


class Corrections(Value):
    """What a reissue prints otherwise than before; everything else stays as it was certified."""

    completed_on: Day | None = None
    signatories: Annotated[tuple[Signatory, ...], Field(max_length=4), Distinct] | None = None
    template: Handle | None = None

    @model_validator(mode="after")
    def _something(self) -> Corrections:
        if self.completed_on is None and self.signatories is None and self.template is None:
            raise ValueError("names nothing that is to be corrected")
        return self


class AdverseEffect(Value):
    """What went wrong for learners, how far, what is done about it, and which regulator was told."""

    what: Annotated[Text, Personal("others")]
    mitigation: Annotated[Text, Personal("others")]
    regulator_told: Text | None = None


class Case(Value):
    """What a decision is about, as it was when the case was opened. `parties` decide nothing in it."""

    v: Literal[1] = 1
    case_id: CaseId
    kind: CaseKind
    subjects: Annotated[tuple[Serial, ...], Field(min_length=1, max_length=5000), Distinct]
    parties: Annotated[tuple[Handle, ...], Field(max_length=400), Distinct, Personal("staff")] = ()
    reasons: Annotated[Text, Personal("others")]
    opened_on: Day
    opened_by: Annotated[Handle, Personal("staff")]
    appeals: CaseId | None = None
    corrections: Corrections | None = None
    effect: AdverseEffect | None = None

    @model_validator(mode="after")
    def _shape(self) -> Case:
        if (self.kind == "appeal") != (self.appeals is not None):
            raise ValueError("an appeal, and nothing else, names the case that it appeals")
        reissue = self.kind == "reissue"
        if reissue != (self.corrections is not None) or reissue != (self.effect is not None):
            raise ValueError("a reissue, and nothing else, has corrections and an adverse effect")
        if not reissue and len(self.subjects) > 1:
            raise ValueError("only a reissue is about several certificates")
        return self


class Decision(Value):
    """One person's signed decision on a case. `case_sha256` commits to the case without telling it."""

    v: Literal[1] = 1
    issuer_id: Digest
    case_id: CaseId
    case_sha256: Digest
    outcome: Outcome
    reason_code: ReasonCode = 0
    until: Day | None = None
    person: Annotated[Handle, Personal("staff")]
    role: RoleName
    decided_on: Day

    @model_validator(mode="after")
    def _end(self) -> Decision:
        if (self.outcome == "suspend") != (self.until is not None):
            raise ValueError("a suspension, and nothing else, has an end")
        return self

    def ruling(self) -> tuple[Outcome, int, Day | None]:
        """What it decides: two decisions agree if these are equal."""
        return self.outcome, self.reason_code, self.until


Because = Literal["damage", "loss", "error", "name"]


class EvidenceSeen(Value):
    """What was seen before a replacement was asked for, by whom and when; never a document's number."""

    what: Annotated[Text, Personal(common=True)]
    seen_by: Annotated[Handle, Personal("staff")]
    seen_on: Annotated[Day, Personal(common=True)]


class Request(Value):
    """A request for a replacement. Because of a case of reissue, or one of a learner's own reasons."""

    v: Literal[1] = 1
    old_serial: Serial
    because: Because | None = None
    case_id: CaseId | None = None
    evidence: EvidenceSeen | None = None
    fee_paid: Annotated[Text, Personal("others")] | None = None
    fee_waived: Annotated[Text, Personal("others")] | None = None
    consent: bool = False

    @model_validator(mode="after")
    def _grounds(self) -> Request:
        if (self.because is None) == (self.case_id is None):
            raise ValueError("give a reason or a case, not both")
        if self.because is not None and self.evidence is None:
            raise ValueError("say what evidence was seen, by whom and when")
        if (self.fee_paid is None) == (self.fee_waived is None):
            raise ValueError("say how the fee was paid, or why it is waived")
        if self.consent and self.because == "name":
            raise ValueError("after a change of name the old number never leads to the new one")
        return self


# The public words of SPEC, chapter Status; a code that is not here is read as 0.
REASON_WORDS: Mapping[int, str] = {
    0: "(no reason is given)",
    1: "The award was withdrawn after an investigation and a decision.",
    2: "It is under review.",
    3: "A newer certificate has been issued in its place.",
    4: "A newer certificate has been issued in its place.",
    5: "It was not approved for issue.",
}
