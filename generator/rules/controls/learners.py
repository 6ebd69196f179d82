"""Controls on the learner: name as registered, script, learner number, consent, the same one twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any

from generator.model.claim import Claim
from generator.model.registration import Consent
from generator.model.value import Distinct
from generator.rules.controls.control import Complaint, Control, Parameters, control
from generator.rules.controls.facts import ClaimFacts, known
from generator.sheets.codes import LEARNER_ULN
from generator.terms import REGISTRATION

# Scripts whose capitals and small letters can be taken for one another (UTS 39, confusable scripts).
_LOOK_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


class Uln(Parameters):
    """`required`: whether a learner without a unique learner number is held."""

    required: bool = False


class Consents(Parameters):
    """`consents`: what the learner must have agreed to; `guardian` is added for minors."""

    consents: Annotated[tuple[Consent, ...], Distinct] = ("certification",)
    guardian: bool = True


def mixed_word(name: str) -> str | None:
    """The first word that mixes scripts with look-alike letters, or None."""
    for word in name.split():
        scripts = {unicodedata.name(char, "").split(" ")[0] for char in word if char.isalpha()}
        if len(scripts.intersection(_LOOK_ALIKE)) > 1:
            return word
    return None


@control(
    "REGISTRATION-MATCH",
    ("learner",),
    Parameters,
    owner="exams_officer",
    remedy="Ask the learner how the name is printed, and correct the one that is wrong.",
)
def match(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The name claimed is the name registered, letter by letter."""
    if known(facts.learner).name != claim.learner_name:
        what = f"the name differs from the {REGISTRATION} of {claim.learner_ref}"
        yield Complaint("learner_name", what, "ask the learner how it is printed, and correct one")


@control(
    "LEARNER-SCRIPT",
    ("registration",),
    Parameters,
    owner="exams_officer",
    remedy="Compare the name with the document, correct or confirm it.",
)
def script(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """A word that mixes Latin with look-alike letters is printed only after somebody said so."""
    word = mixed_word(claim.learner_name)
    if word is None:
        return
    said = (item for item in known(facts.registration) if item.event == "name_confirmed")
    if not any(item.detail == claim.learner_name and item.evidence for item in said):
        letters = ", ".join(
            f"{unicodedata.name(char, '?').lower()}" for char in word if char.isalpha() and not char.isascii()
        )
        what = f"`{word}` mixes alphabets ({letters})"
        yield Complaint("learner_name", what, "compare with the document, correct or confirm the name")


@control(LEARNER_ULN, ("learner",), Uln)
def uln(claim: Claim, facts: ClaimFacts, given: Uln) -> Iterator[Complaint]:
    """A unique learner number is there where it is required; its check digit is checked on entry."""
    if given.required and not known(facts.learner).uln:
        yield Complaint("uln", "the learner has no ULN", "ask the learner; a ULN is never guessed")


@control(
    "LEARNER-CONSENT",
    ("learner",),
    Consents,
    owner="exams_officer",
    remedy="Ask for the consent and record it; nothing is assumed.",
)
def consent(claim: Claim, facts: ClaimFacts, given: Consents) -> Iterator[Complaint]:
    """The learner agreed; for a minor somebody who may agree for them did."""
    learner = known(facts.learner)
    needed = [*given.consents, *(["guardian"] if learner.minor and given.guardian else [])]
    for name in needed:
        if name not in learner.consents:
            what = f"no consent recorded: {name.replace('_', ' ')}"
            yield Complaint("learner_ref", what, "ask for it; nothing is assumed")


@control(
    "LEARNER-TWICE",
    ("others",),
    Parameters,
    owner="exams_officer",
    remedy="Take one of the two back, or correct the registration.",
)
def twice(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """The same learner is not certified twice for one thing; both places are named."""
    for other in known(facts.others):
        certified = f", certified as {other.serial}" if other.serial else ""
        what = f"may be the learner of {other.where}{certified}: {other.why}"
        yield Complaint("learner_ref", what, f"take one of the two back, or correct the {REGISTRATION}")


CONTROLS: tuple[Control[Any], ...] = (
    match,
    script,
    uln,
    consent,
    twice,
)
