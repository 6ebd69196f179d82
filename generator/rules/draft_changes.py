"""What changed between an approval and what would be printed now, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from generator.formats import approval
from generator.formats.approval import Approval
from generator.formats.statement import draft_bytes
from generator.model.certificate import Draft

_SHOWN = 6


def changed(
    opened: Approval,
    approved_draft: bytes,
    issuer_id: str,
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
        found.append("the claim itself (imported anew)")
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
