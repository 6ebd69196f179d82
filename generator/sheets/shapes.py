"""The shapes of sheet that are known: their columns, and the other names that people give them.

A shape is known by its headings, never by its file name. `docs/import.md` shows each of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ShapeName = Literal[
    "unit_grades",
    "completion_report",
    "progress_report",
    "registrations",
    "results_list",
    "verification_records",
    "attendance",
    "staff_list",
    "despatch_list",
]
_NOT_LETTERS = re.compile(r"[^\w]+|_+")
UNIT_PARTS = ("grade", "assessor", "internal verifier", "verified on")
DATED = " - Completion date"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column by our name, others' names for it (folded, split by commas), and whether it must be there."""

    name: str
    others: str = ""
    needed: bool = True
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of sheet. `pairs` says how its activities carry their dates, `units` that it has four each.

    `nameless`: a reference alone says of whom it speaks.
    """

    name: ShapeName
    title: str
    columns: tuple[SheetColumn, ...]
    key: str
    units: bool = False
    pairs: Literal["", "named", "blank"] = ""
    nameless: bool = False

    def column(self, name: str) -> SheetColumn | None:
        """The column of our name."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def wants_names(self) -> bool:
        """Whether some column must hold the names."""
        return self.column("First names") is not None and not self.nameless

    def named(self, heading: str) -> str | None:
        """Our name for a heading as written; None where it is none of ours."""
        wanted = folded(heading)
        return _names(self).get(wanted) or (_unit_column(heading) if self.units and wanted else None)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which it is not this shape."""
        return tuple(column.name for column in self.columns if column.needed)


def folded(heading: str) -> str:
    """A heading reduced to what tells it from others: letters and digits, lower case, single spaces."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return " ".join(_NOT_LETTERS.sub(" ", plain).split())


_REFERENCE = (
    "registration number,centre reference,learner reference,learner ref,learner id,learner number,"
    "candidate number,candidate ref,student id,student number,student reference,reg no,registration no,"
    "registration reference,id number,reference"
)
_FIRST = "first names,first name,forename,forenames,given name,given names"
_LAST = "last names,last name,surname,family name,family names,surnames"
_WHOLE = "name,full name,learner name,student name,candidate name,learner"
_ULN = "uln,unique learner number,unique learner no,uln number"
_ASSESSOR = "assessor,assessed by,assessor name"
_VERIFIER = "internal verifier,iv,verifier,verified by,internally verified by,iqa"
_PERSON = (
    SheetColumn("First names", _FIRST, needed=False),
    SheetColumn("Last names", _LAST, needed=False),
    SheetColumn("Name", _WHOLE, needed=False),
)

SHAPES: tuple[Shape, ...] = (
    Shape(
        "unit_grades",
        "unit grade sheet",
        (
            SheetColumn("Registration number", _REFERENCE),
            SheetColumn("ULN", _ULN, needed=False),
            *_PERSON,
            SheetColumn(
                "Overall grade", "overall,final grade,qualification grade,overall result", needed=False
            ),
            SheetColumn(
                "Completed on", "completion date,date completed,date of completion,completed", dated=True
            ),
            SheetColumn("Claim", "claim type,type of claim,claimed"),
        ),
        key="Registration number",
        units=True,
    ),
    Shape(
        "completion_report",
        "course completion report",
        (
            SheetColumn("id", "id number,user id,student id,learner id"),
            SheetColumn("name", "full name,first name last name,user full name,student"),
            SheetColumn("Email address", "email,e mail,e mail address", needed=False),
            SheetColumn("Course complete", "course completed,completed course", dated=True),
        ),
        key="id",
        pairs="named",
    ),
    Shape(
        "progress_report",
        "activity progress report",
        (
            SheetColumn("name", "full name,first name last name,user full name,student", needed=False),
            SheetColumn("id", "id number,user id,student id,learner id", needed=False),
            SheetColumn("Email address", "email,e mail,e mail address"),
        ),
        key="Email address",
        pairs="blank",
    ),
    Shape(
        "registrations",
        "registration sheet",
        (
            SheetColumn("Centre reference", _REFERENCE),
            *_PERSON,
            SheetColumn("Sex", "gender,legal sex", needed=False),
            SheetColumn("Date of birth", "dob,birth date,born,d o b", needed=False, dated=True),
            SheetColumn(
                "Planned completion", "planned end date,expected completion", needed=False, dated=True
            ),
            SheetColumn("ULN", _ULN),
            SheetColumn("Study mode", "mode of study,mode", needed=False),
        ),
        key="Centre reference",
    ),
    Shape(
        "results_list",
        "results list",
        (
            SheetColumn("Learner reference", _REFERENCE),
            SheetColumn("ULN", _ULN, needed=False),
            *_PERSON,
            SheetColumn("Unit", "unit code,component,component code,module,paper"),
            SheetColumn("Grade", "result,unit grade,mark grade"),
            SheetColumn("Awarded on", "result date,date of result,awarded,date", needed=False, dated=True),
            SheetColumn("Series", "session,exam series,season", needed=False),
            SheetColumn("Attempt", "attempt number,attempt no,sitting", needed=False),
            SheetColumn("Status", "result status,state,standing", needed=False),
            SheetColumn("Assessor", _ASSESSOR, needed=False),
        ),
        key="Learner reference",
        nameless=True,
    ),
    Shape(
        "verification_records",
        "internal verification record",
        (
            SheetColumn("Unit", "unit code,module"),
            SheetColumn("Assignment", "assignment title,assessment,brief,task", needed=False),
            SheetColumn("Assessor", _ASSESSOR),
            SheetColumn("Internal verifier", _VERIFIER),
            SheetColumn("Brief verified by", "brief iv,brief checked by", needed=False),
            SheetColumn("Brief verified on", "brief iv date,brief checked on", needed=False, dated=True),
            SheetColumn("Verified on", "iv date,date verified,sampled on,verification date,date", dated=True),
            SheetColumn("Learners sampled", "sample,sampled,learners,sampled learners"),
            SheetColumn("Outcome", "decision,assessment decision,result,agreed", needed=False),
            SheetColumn("Action", "action required,actions,action needed", needed=False),
            SheetColumn(
                "Action closed on", "action closed,closed on,action completed on", needed=False, dated=True
            ),
        ),
        key="Unit",
    ),
    Shape(
        "attendance",
        "attendance list",
        (
            SheetColumn("Learner reference", f"{_REFERENCE},id"),
            *_PERSON,
            SheetColumn("Attended", "sessions attended,present,attended sessions,hours attended,taken"),
            SheetColumn(
                "Possible", "sessions possible,sessions,possible sessions,total sessions,hours possible,total"
            ),
        ),
        key="Learner reference",
        nameless=True,
    ),
    Shape(
        "staff_list",
        "staff list",
        (
            SheetColumn("Person", "handle,staff id,staff code,username,user name,staff number"),
            SheetColumn("Name", "full name,staff name"),
            SheetColumn("Role", "roles,job,position"),
            SheetColumn("Programme", "programmes,scope,subject,subject area", needed=False),
            SheetColumn("From", "start,start date,since,in role from", needed=False, dated=True),
            SheetColumn("Until", "end,end date,to,in role until", needed=False, dated=True),
        ),
        key="Person",
    ),
    Shape(
        "despatch_list",
        "despatch list of certificates",
        (
            SheetColumn(
                "Certificate number", "certificate no,cert no,serial,serial number,certificate serial"
            ),
            SheetColumn("Learner reference", _REFERENCE),
            SheetColumn("ULN", _ULN, needed=False),
            *_PERSON,
            SheetColumn("Qualification", "programme,award,qualification title,title,course"),
            SheetColumn("Level", "qualification level", needed=False),
            SheetColumn("Grade", "result,overall grade", needed=False),
            SheetColumn(
                "Awarded on", "award date,date of award,date awarded,awarded", needed=False, dated=True
            ),
            SheetColumn("Despatched on", "date despatched,dispatched on,despatch date,sent on", dated=True),
            SheetColumn("Received on", "date received,received,arrived on", needed=False, dated=True),
        ),
        key="Certificate number",
    ),
)
BY_NAME: Mapping[str, Shape] = {shape.name: shape for shape in SHAPES}
_UNIT = re.compile(r"(?:unit\s+)?(\S+?)[\s:_-]+(.+)", re.IGNORECASE)
_UNIT_PARTS: Mapping[str, str] = {
    "grade": "grade",
    "result": "grade",
    "assessor": "assessor",
    "assessed by": "assessor",
    "internal verifier": "internal verifier",
    "iv": "internal verifier",
    "verifier": "internal verifier",
    "verified by": "internal verifier",
    "verified on": "verified on",
    "iv date": "verified on",
    "date verified": "verified on",
}
_KNOWN: dict[str, dict[str, str]] = {}


def _names(shape: Shape) -> dict[str, str]:
    if shape.name not in _KNOWN:
        known = {folded(other): column.name for column in shape.columns for other in column.others.split(",")}
        known |= {folded(column.name): column.name for column in shape.columns}
        known.pop("", None)
        _KNOWN[shape.name] = known
    return _KNOWN[shape.name]


def _unit_column(heading: str) -> str | None:
    """`Unit U3 - IV` as `U3 internal verifier`."""
    match = _UNIT.fullmatch(heading.strip())
    part = _UNIT_PARTS.get(folded(match[2])) if match else None
    return f"{match[1].upper()} {part}" if match and part else None
