"""The adapter for pydantic: frozen, strict values that refuse unknown fields, and the field types.

Shapes only: no bytes, no files, no clock. Days and instants are kept as their ISO text, which
compares in time order, reads the same in every language and cannot drift between time zones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, NewType, Self, overload

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic import Field as Field  # re-exported: the other modules of model/ import it from here
from pydantic import model_validator as model_validator  # likewise

from generator.errors import Malformed
from generator.terms import CLAIM

# Controls, line separators, what reorders text, what shows as nothing or as a blank (fillers, tags, format
# characters), and what is no character. ZWNJ, ZWJ and variation selectors stay: Persian, Indic, Mongolian
# and Japanese names need them (SPEC, Types).
_HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)


class Value(BaseModel):
    """A frozen value with closed fields; equal by content, hashable where its fields are."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", validate_default=True, ser_json_inf_nan="constants"
    )

    @classmethod
    def of(cls, fields: Any) -> Self:
        """Build from plain data. Raises `Malformed` that names every wrong field."""
        try:
            return cls.model_validate(_frozen(fields))
        except ValidationError as error:
            raise Malformed("; ".join(f"{where}: {what}" for where, what in faults(error))) from None

    @classmethod
    def tried(cls, fields: Any) -> tuple[Self | None, list[tuple[str, str]]]:
        """The value and no faults, or None and every fault as (dotted field, what is wrong)."""
        try:
            return cls.model_validate(_frozen(fields)), []
        except ValidationError as error:
            return None, faults(error)

    def plain(self) -> dict[str, Any]:
        """Plain data without the fields that are absent (None)."""
        return self.model_dump(exclude_none=True)


def _frozen(data: Any) -> Any:
    # JSON and YAML give lists; strict frozen models take tuples.
    if isinstance(data, dict):
        return {name: _frozen(item) for name, item in data.items()}
    return tuple(_frozen(item) for item in data) if isinstance(data, list | tuple) else data


def written(pattern: str, words: str) -> Any:
    """For `Annotated`: text of this pattern, and how a refusal describes it (`is not WORDS`)."""
    _WORDS[pattern] = words
    return Field(pattern=pattern)


# How each pattern is described to whoever has to correct the value.
_WORDS: dict[str, str] = {}
_PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is no field that is known here",
    "string_type": "is not text, but a number, a list or a word such as true",
    "string_too_short": "is empty",
    "too_short": "has too few entries",
    "too_long": "has too many entries",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "bool_type": "is not true or false",
    "tuple_type": "is not a list",
    "list_type": "is not a list",
    "dict_type": "is not a group of fields",
    "model_type": "is not a group of fields",
}


def faults(error: ValidationError) -> list[tuple[str, str]]:
    """Each fault of a pydantic error as (dotted field, what is wrong), without the offending value."""
    return [
        (".".join(str(part) for part in item["loc"]) or "value", _said(item["type"], item))
        for item in error.errors(include_url=False, include_input=False)
    ]


def _said(kind: str, item: Mapping[str, Any]) -> str:
    """A fault in the words of an office; what pydantic says where it has no words of ours."""
    context = item.get("ctx", {})
    match kind:
        case "string_pattern_mismatch":
            return f"is not {_WORDS.get(context['pattern'], 'written as it should be')}"
        case "literal_error":
            return f"is not {context['expected']}"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters"
        case "greater_than_equal" | "greater_than":
            return f"is less than {context.get('ge', context.get('gt'))}"
        case "less_than_equal" | "less_than":
            return f"is more than {context.get('le', context.get('lt'))}"
    message = _PLAIN.get(kind, str(item["msg"]).removeprefix("Value error, "))
    return message[:1].lower() + message[1:]


def hidden_in(text: str) -> str | None:
    """The first character of a text that nobody sees, or that makes it look like another one."""
    found = _HIDDEN.search(text)
    return found.group() if found else None


def _text(value: str) -> str:
    if not value.isascii():
        if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
            raise ValueError("holds half of a character (an unpaired surrogate)")
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError("is not in Unicode normal form C")
    hidden = hidden_in(value)
    if hidden:
        raise ValueError(f"holds a hidden character (U+{ord(hidden):04X})")
    if value != value.strip():
        raise ValueError("starts or ends with a space")
    return value


# What mail programs make a link of: a letter that says "Dear evil.example" must not be ours.
_WEB_ADDRESS = re.compile(
    r"://|\bmailto:|\bwww[.\uff0e\u3002]|[a-z0-9-]{2,}[.\uff0e\u3002]"
    r"(?:com|net|org|info|biz|app|dev|xyz|online|site|shop|top|link|click|live|page|edu|gov|example"
    r"|(?:ac|co|org)\.uk)(?![a-z])|[a-z0-9-]{2,}\.[a-z]{2,}/",
    re.IGNORECASE,
)


def _no_web_address(value: str) -> str:
    if _WEB_ADDRESS.search(value):
        raise ValueError("is a web address, not a person's name")
    return value


def _day(value: str) -> str:
    try:
        if len(value) == 10 and value.isascii() and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise ValueError("is not a day written YYYY-MM-DD")


def _instant(value: str) -> str:
    if _INSTANT.fullmatch(value):
        try:
            # Compared, because some releases of Python read 24:00:00 as the next day.
            if datetime.fromisoformat(value).isoformat() == value.removesuffix("Z") + "+00:00":
                return value
        except ValueError:
            pass
    raise ValueError("is not an instant written YYYY-MM-DDTHH:MM:SSZ")


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) != len(values):
        raise ValueError("holds the same value twice")
    return values


Text = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_text)]
PersonName = Annotated[Text, AfterValidator(_no_web_address)]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Code = Annotated[
    str, written(r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$", "a code: up to 40 letters, digits and . _ / -")
]
Language = Annotated[str, written(r"^[a-z]{2,3}(-[A-Z]{2})?$", "a language such as en or pt-BR")]
Distinct = AfterValidator(_distinct)

# Text that carries its proof: where one of these is asked for, a plain text or another of them is a type
# error. A field of a model checks what it is given. A call, such as `Serial(text)`, checks nothing: it is
# used only where the text was checked, was made so, or comes from our own register.
Day = NewType("Day", Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})])
Instant = NewType("Instant", Annotated[str, AfterValidator(_instant)])
Digest = NewType(
    "Digest", Annotated[str, written(r"^[0-9a-f]{64}$", "a SHA-256: 64 digits and letters a to f")]
)
Serial = NewType(
    "Serial", Annotated[str, written(r"^[A-Z]{2,4}-[0-9]{2}-[0-9]{6}$", "a serial such as NW-26-000001")]
)
VerificationCode = NewType(
    "VerificationCode", Annotated[str, Field(pattern=r"^[0-9]{4}[0-9A-HJKMNP-TV-Z]{20}$")]
)
ClaimId = NewType("ClaimId", Annotated[str, written(r"^[0-9a-f]{20}$", f"the id of a {CLAIM}")])
KeyId = NewType("KeyId", Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")])
Handle = NewType(
    "Handle",
    Annotated[
        str, written(r"^[a-z][a-z0-9._-]{0,39}$", "a handle: up to 40 small letters, digits and . _ -")
    ],
)


def utc_day(instant: Instant) -> Day:
    """The day of an instant, in UTC."""
    return Day(instant[:10])


def seconds(instant: Instant) -> int:
    """An instant as whole seconds since 1970-01-01T00:00:00Z."""
    return int(datetime.fromisoformat(instant).timestamp())


def instant(seconds_since_1970: int) -> Instant:
    """The instant that lies this many seconds after 1970-01-01T00:00:00Z."""
    return Instant(datetime.fromtimestamp(seconds_since_1970, UTC).isoformat().removesuffix("+00:00") + "Z")


@overload
def later(moment: Day, *, days: int) -> Day: ...


@overload
def later(moment: Instant, *, days: int) -> Instant: ...


def later(moment: str, *, days: int) -> str:
    """The day or instant that many days after this one; the first or last there is, beyond these."""
    try:
        if len(moment) == 10:
            return (date.fromisoformat(moment) + timedelta(days=days)).isoformat()
        return instant(seconds(Instant(moment)) + days * 86400)
    except (OverflowError, ValueError):
        edge = "9999-12-31T23:59:59Z" if days > 0 else "0001-01-01T00:00:00Z"
        return edge[: len(moment)]


def months_after(day: Day, months: int) -> Day:
    """The same day that many months on; the last of the month where it has no such day."""
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for last in (start.day, 30, 29, 28):
        try:
            return Day(date(year, month + 1, min(start.day, last)).isoformat())
        except ValueError:
            continue
    raise Malformed(f"no day {months} months after {day}")
