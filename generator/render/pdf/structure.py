"""The structure tree: what a screen reader follows (ISO 14289-1, ISO 32000-1 14.7)."""

from __future__ import annotations

from typing import Any

from generator.render.marks import Element
from generator.render.pdf.objects import Name, Ref
from generator.render.pdf.sealing import WIDGET_KEY, form_element


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
