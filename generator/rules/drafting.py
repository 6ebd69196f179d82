"""From a claim to the statement-to-be: every word that will be printed (SPEC, chapter Statement).

Pure and total: the same claim, catalogue entry, centre and organisation give the same draft, and
whatever is wrong with the claim is the business of `controls`, not of this module.

What changed between an approval and what would be printed now is told in words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from generator.formats import approval
from generator.formats.approval import Approval
from generator.formats.statement import draft_bytes
from generator.model.catalogue import Programme
from generator.model.certificate import CentrePrinted, Draft, Learner, ProgrammePrinted, UnitPrinted
from generator.model.claim import Claim
from generator.model.portal import Centre, Portal
from generator.model.value import Digest
from generator.terms import CLAIM


def draft(claim: Claim, programme: Programme, centre: Centre, portal: Portal, issuer_id: Digest) -> Draft:
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


_SHOWN = 6


def changed(
    opened: Approval,
    approved_draft: bytes,
    issuer_id: Digest,
    salt: str,
    draft: Draft,
    digests: tuple[str, str, str],
    programme: str,
) -> str:
    """What differs from what was approved, or "". `digests`: evidence, catalogue entry, template."""
    evidence, catalogue, template = digests
    found = []
    if opened.issuer_id != issuer_id:
        found.append("the organisation's keys (approved for another issuer)")
    if opened.salt != salt:
        found.append(f"the {CLAIM} itself (imported anew)")
    if opened.statement_sha256 != approval.commitment(salt, draft):
        found.append(fields(approved_draft, draft) or "what will be printed")
    if opened.evidence_sha256 != evidence:
        found.append("the evidence")
    if opened.catalogue_sha256 != catalogue and not found:
        found.append(f"the catalogue entry {programme}")
    if opened.template_sha256 != template:
        found.append("the template or its wording")
    return "; ".join(found)


def fields(before: bytes, after: Draft) -> str:
    """The printed fields that differ, as `field: old -> new`."""
    if not before:
        return ""
    old, new = _flat(json.loads(before)), _flat(json.loads(draft_bytes(after)))
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return ", ".join(f"{name}: `{old.get(name, '')}` -> `{new.get(name, '')}`" for name in names[:_SHOWN])


def _flat(data: Any, path: str = "") -> dict[str, Any]:
    if isinstance(data, dict):
        items: Iterable[tuple[str, Any]] = data.items()
    elif isinstance(data, list):
        items = ((str(rank + 1), item) for rank, item in enumerate(data))
    else:
        return {path: data}
    return {
        name: leaf for key, item in items for name, leaf in _flat(item, f"{path}.{key}".strip(".")).items()
    }
