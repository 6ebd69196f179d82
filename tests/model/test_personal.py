"""Marks of personal data: read from fields, from parts within them, and missing from none that needs one."""

from __future__ import annotations

from typing import Annotated

import pytest

from generator.model.claim import Claim
from generator.model.personal import Personal, identifying, marks, of_learner
from generator.model.record_kinds import EVERY
from generator.model.value import Text, Value

# Text fields of records that say nothing of a person: codes, and names that the office gives its own things.
_OF_NOBODY = {
    *("centre", "programme", "version", "unit", "assignment", "to_programme", "to_version", "to_centre"),
    *(
        "case",
        "report",
        "awarding_reference",
        "claim_id",
        "evidence",
        "document_sha256",
        "clauses",
        "related",
        "renews",
    ),
}


class Part(Value):
    """One of several."""

    known_as: Annotated[Text, Personal()] | None = None
    grade: Annotated[Text, Personal(common=True)] = "P"
    marker: Annotated[Text, Personal("staff")] = "t.ass"


class Whole(Value):
    """All of it."""

    centre: Text = "NF041"
    parts: tuple[Part, ...] = ()
    note: Annotated[Text, Personal("others")] | None = None
    name: Annotated[Text | None, Personal()] = None


WHOLE = Whole(parts=(Part(known_as="Zoë"), Part(grade="M")), note="of a friend", name="Zoë Ó Briain")


def test_marks_are_found_in_unions_lists_and_values_within() -> None:
    assert marks(Whole) == {
        "parts.known_as": Personal(),
        "parts.grade": Personal(common=True),
        "parts.marker": Personal("staff"),
        "note": Personal("others"),
        "name": Personal(),
    }


def test_what_identifies_is_of_the_learner_and_not_shared() -> None:
    assert identifying(WHOLE) == {"Zoë", "Zoë Ó Briain"}


def test_what_a_learner_gets_is_without_staff_and_points_at_others() -> None:
    assert of_learner(WHOLE) == {
        "centre": "NF041",
        "parts": [{"known_as": "Zoë", "grade": "P"}, {"grade": "M"}],
        "note": True,
        "name": "Zoë Ó Briain",
    }


@pytest.mark.parametrize("kind", [Claim, *EVERY.values()], ids=lambda kind: kind.__name__)
def test_every_text_of_a_record_is_marked_or_of_nobody(kind: type[Value]) -> None:
    marked = {name.partition(".")[0] for name in marks(kind)}
    written = {
        name
        for name, field in kind.model_json_schema()["properties"].items()
        if any(
            one.get("type") == "string" and not {"enum", "const", "format"} & one.keys()
            for one in (field, *field.get("anyOf", ()), field.get("items", {}))
        )
    }
    assert written - marked - _OF_NOBODY == set()
