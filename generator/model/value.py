"""The door to pydantic: frozen, strict values that refuse unknown fields, and the field types.

Shapes only: no bytes, no files, no clock. Days and instants are kept as their ISO text, which
compares in time order, reads the same in every language and cannot drift between time zones.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic import Field as Field  # re-exported: the other rooms of model/ come through this door
from pydantic import model_validator as model_validator  # likewise

from generator.errors import Malformed

# C0/C1 controls, line separators, and every character that reorders or hides text. ZWNJ and ZWJ
# stay: Persian and Indic names need them.
_HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
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


def faults(error: ValidationError) -> list[tuple[str, str]]:
    """Each fault of a pydantic error as (dotted field, message), without the offending value."""
    found = []
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part) for part in item["loc"]) or "value"
        said = item["msg"].removeprefix("Value error, ")
        found.append((place, said[:1].lower() + said[1:]))
    return found


def _text(value: str) -> str:
    if not value.isascii():
        if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
            raise ValueError("holds half of a character (an unpaired surrogate)")
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError("is not in Unicode normal form C")
    hidden = _HIDDEN.search(value)
    if hidden:
        raise ValueError(f"holds a control or text-direction character (U+{ord(hidden.group()):04X})")
    if value != value.strip():
        raise ValueError("starts or ends with a space")
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
Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
Instant = Annotated[str, AfterValidator(_instant)]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")]
Handle = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{0,39}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Distinct = AfterValidator(_distinct)


def seconds(instant: str) -> int:
    """An instant as whole seconds since 1970-01-01T00:00:00Z."""
    return int(datetime.fromisoformat(instant).timestamp())


def instant(seconds_since_1970: int) -> str:
    """The instant that lies this many seconds after 1970-01-01T00:00:00Z."""
    return datetime.fromtimestamp(seconds_since_1970, UTC).isoformat().removesuffix("+00:00") + "Z"


def later(moment: str, *, days: int) -> str:
    """The day or instant that many days after this one; the first or last there is, beyond these."""
    try:
        if len(moment) == 10:
            return (date.fromisoformat(moment) + timedelta(days=days)).isoformat()
        return instant(seconds(moment) + days * 86400)
    except (OverflowError, ValueError):
        edge = "9999-12-31T23:59:59Z" if days > 0 else "0001-01-01T00:00:00Z"
        return edge[: len(moment)]


def months_after(day: str, months: int) -> str:
    """The same day that many months on; the last of the month where it has no such day."""
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for last in (start.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(start.day, last)).isoformat()
        except ValueError:
            continue
    raise Malformed(f"no day {months} months after {day}")
