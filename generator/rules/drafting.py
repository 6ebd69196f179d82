"""From a claim to the statement-to-be: every word that will be printed (SPEC, chapter Statement).

Pure and total: the same claim, catalogue entry, centre and organisation give the same draft, and
whatever is wrong with the claim is the business of `controls`, not of this module.
"""

from __future__ import annotations

from generator.model.catalogue import Programme
from generator.model.certificate import CentrePrinted, Draft, Learner, ProgrammePrinted, UnitPrinted
from generator.model.claim import Claim
from generator.model.portal import Centre, Portal


def draft(claim: Claim, programme: Programme, centre: Centre, portal: Portal, issuer_id: str) -> Draft:
    """The statement-to-be of a claim that passed every control."""
    graded = claim.kind != "course"
    return Draft(
        issuer_id=issuer_id,
        issuer=portal.organisation.name,
        language=portal.organisation.language,
        kind=claim.kind,
        label=programme.label(claim.kind) or "",
        learner=Learner(name=claim.learner_name),
        programme=ProgrammePrinted(
            code=programme.programme,
            version=programme.version,
            title=programme.title,
            level=programme.level,
            number=programme.number,
            size=programme.size if claim.kind != "units" else None,
        ),
        grade=programme.overall_grades.get(claim.grade, claim.grade) if claim.grade else None,
        units=_units(claim, programme, graded) or None,
        hours=programme.hours,
        sponsor=programme.sponsor,
        instructor=programme.instructor,
        signatories=programme.signatories,
        centre=CentrePrinted(name=centre.name, number=centre.number),
        accreditation=programme.accreditation.printed(claim.completed_on)
        if programme.accreditation
        else None,
        completed_on=claim.completed_on,
        validity=programme.validity,
    )


def _units(claim: Claim, programme: Programme, graded: bool) -> tuple[UnitPrinted, ...]:
    """The claimed units in the catalogue's order."""
    results = {result.unit: result for result in claim.results}
    printed = []
    for unit in programme.units:
        result = results.get(unit.code)
        if result is None:
            continue
        written = result.grade or ""
        grade = programme.scale.get(written, written) or None
        printed.append(UnitPrinted(code=unit.code, title=unit.title, grade=grade if graded else None))
    return tuple(printed)
