"""A published site in memory for the browser tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import brotli

from generator.edge import site_builder, site_source
from generator.formats import key_phrase, manifest, paths
from generator.formats import pages as wire_pages
from generator.render import pages
from tests import small_site as small

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "site_src"
BROTLI = {"br": brotli.compress}


def facts_of(site_origin: str = small.ORIGIN, *, sample: bool = True) -> pages.SiteFacts:
    """The small site's organisation."""
    return pages.SiteFacts(
        organisation=small.GENESIS.name,
        email="office@northfield.example",
        telephone="+44 1632 960000",
        address="1 College Road, Northfield NF1 1AA",
        origin=site_origin,
        languages=("en",),
        accent="#1f4e5f",
        sample=sample,
        phrase=key_phrase.phrase(small.ISSUER_ID),
        pin_json=manifest.encode_pin(small.PIN),
        manifest_json=small.MANIFEST_FILE,
    )


@cache
def built_pages() -> dict[str, bytes]:
    """Every page, its head block empty."""
    facts = facts_of()
    return pages.publishable(
        site_builder.build(SOURCE, facts.for_theme()), site_source.scripts(SOURCE), facts
    )


def published(site: small.SmallSite) -> dict[str, bytes]:
    """The whole site as a host holds it: data, and pages with the head set in."""
    made = {
        path: wire_pages.inlined(data, site.files[paths.HEAD]) if path.endswith(".html") else data
        for path, data in built_pages().items()
    }
    return {**site.files, **made}
