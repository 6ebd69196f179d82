"""What a file is made of besides its page: catalogue, colour, attachment, and who has which number."""

from __future__ import annotations

from typing import Any

from generator.render.pdf.objects import Name, Ref, Stream, text
from generator.render.pdf.sealing import catalog_entries, field

CATALOG, PAGES, PAGE, PROFILE, ATTACHED = 1, 2, 3, 4, 5
FIELD = 6
RESOURCES, CONTENTS, METADATA, FILE, SIGNATURE = 7, 8, 9, 10, 11
FIRST = 12
CLAIM = "certificate.json"


def catalogue(
    size: tuple[float, float], language: str, profile: bytes, tree: int, *, sealed: bool
) -> dict[int, Any]:
    """The objects that every file has; `tree` is the structure tree, `profile` an ICC profile of sRGB."""
    width, height = size
    intent = {
        "Type": Name("OutputIntent"),
        "S": Name("GTS_PDFA1"),
        "OutputConditionIdentifier": "sRGB",
        "Info": "sRGB IEC61966-2.1",
        "DestOutputProfile": Ref(PROFILE),
    }
    attached = {
        "Type": Name("Filespec"),
        "F": CLAIM,
        "UF": CLAIM,
        "Desc": "Signed statement of this certificate",
        "AFRelationship": Name("Data"),
        "EF": {"F": Ref(FILE), "UF": Ref(FILE)},
    }
    catalog = {
        "Type": Name("Catalog"),
        "Pages": Ref(PAGES),
        "Lang": language,
        "MarkInfo": {"Marked": True},
        "StructTreeRoot": Ref(tree),
        "ViewerPreferences": {"DisplayDocTitle": True},
        "Metadata": Ref(METADATA),
        "OutputIntents": [intent],
        "AF": [Ref(ATTACHED)],
        "Names": {"EmbeddedFiles": {"Names": [text(CLAIM), Ref(ATTACHED)]}},
    }
    page = {
        "Type": Name("Page"),
        "Parent": Ref(PAGES),
        "MediaBox": [0, 0, width, height],
        "Resources": Ref(RESOURCES),
        "Contents": Ref(CONTENTS),
        "StructParents": 0,
        "Tabs": Name("S"),
    }
    objects: dict[int, Any] = {
        CATALOG: catalog,
        PAGES: {"Type": Name("Pages"), "Kids": [Ref(PAGE)], "Count": 1},
        PAGE: page,
        PROFILE: Stream({"N": 3}, profile),
        ATTACHED: attached,
    }
    if sealed:
        catalog |= catalog_entries(FIELD, SIGNATURE)
        page["Annots"] = [Ref(FIELD)]
        objects[FIELD] = field(PAGE, SIGNATURE)
    return objects
