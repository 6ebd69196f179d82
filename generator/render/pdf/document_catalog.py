"""What a file is made of besides its page: catalogue, colour, attachment, and who has which number.

Its XMP metadata are title, issuer, language, fixed dates and the two standards that the file claims to
meet; its structure tree is what a screen reader follows (ISO 14289-1, ISO 32000-1 14.7).
"""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from generator.render.marks import Element
from generator.render.pdf.objects import Name, Ref, Stream, text
from generator.render.pdf.sealing import WIDGET_KEY, catalog_entries, field, form_element


class Structure:
    """Numbers the leaves as marked content and the elements as objects, in reading order."""

    def __init__(self, elements: list[Element], page: int, first: int, widget: int | None = None) -> None:
        self.root, self.parents, self._page = first, first + 1, page
        self._next = first + 2
        self.objects: dict[int, Any] = {}
        self._leaf_parents: list[int] = []
        self.content_ids: dict[int, int] = {}
        document = self._element(Element("Document", tuple(elements)), self.root)
        self.objects[self.parents] = {"Nums": [0, [Ref(number) for number in self._leaf_parents]]}
        if widget is not None:
            self._form(document, page, widget)
        self.objects[self.root] = {
            "Type": Name("StructTreeRoot"),
            "K": [Ref(document)],
            "ParentTree": Ref(self.parents),
            "ParentTreeNextKey": 1 if widget is None else 2,
        }

    @property
    def after(self) -> int:
        """The first object number that is free behind the tree."""
        return self._next

    def _form(self, document: int, page: int, widget: int) -> None:
        """The seal's field, under key 1 of the parent tree."""
        number, self._next = self._next, self._next + 1
        self.objects[number] = form_element(document, page, widget)
        self.objects[document]["K"].append(Ref(number))
        self.objects[self.parents]["Nums"] += [WIDGET_KEY, Ref(number)]

    def _element(self, element: Element, parent: int) -> int:
        number = self._next
        self._next += 1
        kids: list[Any] = []
        about: dict[str, Any] = {"Type": Name("StructElem"), "S": Name(element.role), "P": Ref(parent)}
        self.objects[number] = about
        if element.children:
            kids = [
                Ref(self._element(child, number)) for child in element.children if child.role != "Artifact"
            ]
        else:
            self.content_ids[id(element)] = len(self._leaf_parents)
            kids = [len(self._leaf_parents)]
            self._leaf_parents.append(number)
            about["Pg"] = Ref(self._page)
        about["K"] = kids
        if element.alt:
            about["Alt"] = element.alt
        if element.role == "TH":
            about["A"] = {"O": Name("Table"), "Scope": Name("Column")}
        elif element.box:
            about["A"] = {"O": Name("Layout"), "Placement": Name("Block"), "BBox": list(element.box)}
        return number


PRODUCER = "certportal"
_UA_SCHEMA = (
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType='Resource'>"
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType='Resource'>"
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>The part of ISO 14289 to which the file conforms</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
)
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}


_HOLES = ("@title@", "@issuer@", "@day@")


class Packet:
    """The packet of one language, written but for what each certificate adds."""

    def __init__(self, language: str) -> None:
        whole = _packet(*_HOLES[:2], language, _HOLES[2])
        self._parts = [part.encode() for part in re.split("|".join(_HOLES), whole)]

    def filled(self, title: str, issuer: str, day: str) -> bytes:
        """`day` is the day of issue, the only date a reproducible file can bear."""
        one, two, three, four, five = self._parts
        date = day.encode()
        return b"".join(
            (one, escape(title).encode(), two, escape(issuer).encode(), three, date, four, date, five)
        )


def _packet(title: str, issuer: str, language: str, day: str) -> str:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about="" {spaces}>\n'
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>\n"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>\n'
        f"<dc:creator><rdf:Seq><rdf:li>{issuer}</rdf:li></rdf:Seq></dc:creator>\n"
        f"<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>\n"
        f"<xmp:CreateDate>{day}T00:00:00Z</xmp:CreateDate><xmp:ModifyDate>{day}T00:00:00Z</xmp:ModifyDate>\n"
        f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>\n"
        f"{_UA_SCHEMA}\n</rdf:Description></rdf:RDF></x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    )


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
