"""A certificate received, compared with what was claimed and assessed (docs/received.md).

Name, number, programme, level, grade and dates; a certificate that nobody claimed, two for one claim, and
a claim whose results were changed since. What the awarding organisation's list does not say is not
compared, and said to be so: whoever checks the paper looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.errors import Owner
from generator.model.catalogue import Programme
from generator.model.claim import Claim
from generator.model.paper import Anomaly, ReceivedCertificate
from generator.model.registration import LearnerRecord
from generator.model.result import Result
from generator.rules.name_matching import folded
from generator.sheets.claim_sheets import graded
from generator.terms import CLAIM, Worded

_BACK = "send it back to the awarding organisation, or close the anomaly with the reason"


@dataclass(frozen=True, slots=True)
class FoundAnomaly(Worded):
    """One anomaly: which, in words, what to do, and who does it."""

    anomaly: Anomaly
    what: str
    fix: str = _BACK
    owner: Owner = "exams_officer"

    @property
    def code(self) -> str:
        """Its name in messages and documents."""
        return f"RECEIVED-{self.anomaly.upper()}"


@dataclass(frozen=True, slots=True)
class LearnerContext:
    """What there is to compare with: of the same learner at the same centre.

    `others`: their other certificates that were neither sent back nor destroyed.
    """

    claims: Sequence[Claim]
    programmes: Mapping[tuple[str, str], Programme]
    learner: LearnerRecord | None = None
    results: Sequence[Result] = ()
    others: Sequence[ReceivedCertificate] = ()


def is_titled(programme: Programme, printed: str) -> bool:
    """Whether a certificate's qualification is this one: by code, number or title, with its level or not."""
    names = {programme.programme, programme.title, programme.number or programme.title}
    if programme.level:
        names.add(f"{programme.level} {programme.title}")
    return folded(printed) in {folded(name) for name in names}


def claims_for(item: ReceivedCertificate, known: LearnerContext) -> list[Claim]:
    """The learner's claims for what the certificate says it is for, by its own fields or its title."""

    def fits(claim: Claim) -> bool:
        if item.programme is not None:
            return claim.programme == item.programme and claim.version == (item.version or claim.version)
        entry = known.programmes.get((claim.programme, claim.version))
        return entry is not None and is_titled(entry, item.qualification)

    return [claim for claim in known.claims if fits(claim)]


def compare(item: ReceivedCertificate, known: LearnerContext) -> list[FoundAnomaly]:
    """Every anomaly of one certificate."""
    matching = claims_for(item, known)
    if not matching:
        claimed = sorted({f"{claim.programme} {claim.version}" for claim in known.claims})
        if claimed:
            what = f"is for `{item.qualification}`; {', '.join(claimed)} was claimed"
            return [FoundAnomaly("programme", what)]
        return [FoundAnomaly("unclaimed", f"nothing was claimed for {item.learner_ref}")]
    # Of a full and a unit claim the certificate is the one from which it differs least.
    found = min((list(_differences(item, claim, known)) for claim in matching), key=len)
    twins = [other for other in known.others if claims_for(other, known) == matching]
    if len(twins) >= len(matching):
        numbers = ", ".join(sorted(other.certificate for other in twins))
        found.append(FoundAnomaly("twice", f"another certificate of the same {CLAIM} is here: {numbers}"))
    return found


def unsaid(item: ReceivedCertificate) -> tuple[str, ...]:
    """What the list does not say, so that only whoever checks the paper can compare it."""
    fields = {"level": item.level, "grade": item.grade, "date": item.awarded_on}
    return tuple(name for name, value in fields.items() if value is None)


def _differences(item: ReceivedCertificate, claim: Claim, known: LearnerContext) -> Iterator[FoundAnomaly]:
    entry = known.programmes.get((claim.programme, claim.version))
    if _plain(item.name) != _plain(claim.learner_name):
        yield FoundAnomaly("name", f"prints another name than was claimed for {item.learner_ref}")
    number = known.learner.uln if known.learner else None
    if item.uln and number and item.uln != number:
        yield FoundAnomaly("number", f"has the ULN {item.uln}; {item.learner_ref} is registered with another")
    if entry is not None:
        if not is_titled(entry, item.qualification):
            yield FoundAnomaly("programme", f"is for `{item.qualification}`; claimed was {entry.title}")
        if item.level and entry.level and _level(item.level) != _level(entry.level):
            yield FoundAnomaly("level", f"is of {item.level}; {entry.programme} is of {entry.level}")
        scale = entry.overall_grades
        if item.grade and graded(item.grade, scale) != graded(claim.grade or "", scale):
            yield FoundAnomaly(
                "grade", f"has the grade {item.grade}; claimed was {claim.grade or 'no grade'}"
            )
    yield from _dates(item, claim)
    yield from _results(claim, entry, known.results)


def _dates(item: ReceivedCertificate, claim: Claim) -> Iterator[FoundAnomaly]:
    days = [day for day in (item.awarded_on, item.despatched_on, item.received_on) if day]
    if item.awarded_on and item.awarded_on < claim.completed_on:
        what = f"was awarded on {item.awarded_on}, before the learner completed on {claim.completed_on}"
        yield FoundAnomaly("date", what)
    elif days != sorted(days):
        yield FoundAnomaly("date", "was awarded, despatched and received in another order than that")


def _results(claim: Claim, entry: Programme | None, results: Sequence[Result]) -> Iterator[FoundAnomaly]:
    """Units whose recorded results do not bear out what was claimed any more."""
    scale = entry.scale if entry else {}
    for unit in claim.results:
        recorded = [
            one
            for one in results
            if (one.programme, one.version, one.unit) == (claim.programme, claim.version, unit.unit)
            and one.assignment is None
        ]
        if not recorded or unit.grade is None:
            continue
        held = {graded(one.grade, scale) for one in recorded if one.counts and one.grade}
        if any(one.state == "under_review" for one in recorded):
            yield FoundAnomaly(
                "result", f"rests on a result of {unit.unit} that is under review", _RESULT, _NOMINEE
            )
        elif graded(unit.grade, scale) not in held:
            now = ", ".join(sorted(held)) or "no confirmed result"
            yield FoundAnomaly(
                "result", f"rests on {unit.unit} {unit.grade}; recorded is {now}", _RESULT, _NOMINEE
            )


_RESULT = "tell the awarding organisation, and close the anomaly with its answer"
_NOMINEE: Owner = "quality_nominee"


def _plain(name: str) -> str:
    """Capitals and spaces are the printer's; a missing accent is an error on the paper."""
    return " ".join(name.casefold().split())


def _level(text: str) -> str:
    return folded(text).removeprefix("level ").lstrip("0")
