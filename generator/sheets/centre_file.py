"""Centres: one in a YAML file of its own, or many as a layout of ours (docs/layouts.md)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Literal

from generator.errors import Place, Refused
from generator.model.delivery import Address
from generator.model.portal import Centre, CentreSite, Mailbox
from generator.model.value import Code, Field, Language, Text, Value, model_validator
from generator.sheets import layouts, strict_yaml
from generator.sheets.codes import LAYOUT_NAME
from generator.sheets.layouts import Form, Placed

KIND = "centres"


class CentreFile(Centre):
    """A file of certificates/centres/ with one centre."""

    schema_: Literal[1] = Field(alias="schema")


class CentreRow(Value):
    """A centre as the layout `centres` has it."""

    number: Code
    name: Text
    sites: tuple[CentreSite, ...] = ()
    email: Address | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _written_to(self) -> CentreRow:
        if self.language and not self.email:
            raise ValueError("a language is that of the letters, so it needs an email")
        return self


def read(data: bytes, place: Place) -> list[Placed[Centre]]:
    """The centres in a file, each with its place. Raises `Refused` with every fault."""
    form = layouts.form_of(PurePath(place.file))
    if form is None:
        fix = f"end its name in {layouts.SUFFIXES}"
        raise Refused(LAYOUT_NAME.at(place, "its name says no form", fix))
    if form == "yaml" and not _many(data, place):
        found = strict_yaml.read(CentreFile, data, place)
        return [Placed(Centre(**{name: getattr(found, name) for name in Centre.model_fields}), place)]
    rows = layouts.read(CentreRow, KIND, data, place, form)
    return [Placed(_centre(row.record), row.place) for row in rows]


def _many(data: bytes, place: Place) -> bool:
    document = strict_yaml.load(data, place).data
    return isinstance(document, dict) and KIND in document


def write(centres: Iterable[Centre], form: Form) -> bytes:
    """Centres in our layout, which `read` gives back as they are."""
    return layouts.write(CentreRow, KIND, (_row(centre) for centre in centres), form)


def _centre(row: CentreRow) -> Centre:
    contact = Mailbox(email=row.email, language=row.language) if row.email else None
    return Centre(number=row.number, name=row.name, sites=row.sites, contact=contact)


def _row(centre: Centre) -> CentreRow:
    contact = centre.contact
    return CentreRow(
        number=centre.number,
        name=centre.name,
        sites=centre.sites,
        email=contact.email if contact else None,
        language=contact.language if contact else None,
    )
