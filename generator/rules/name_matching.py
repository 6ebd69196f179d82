"""Whether two spellings may be one person's: spaces, capitals, apostrophes, accents, order (docs/import.md).

People are joined by the centre's reference or a good ULN, and the name only confirms it. A spelling
that differs is a question to the office; the answer is theirs, and the registration's spelling is
what the learner confirmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from generator.model import uln
from generator.sheets.registration_sheet import Registration, Registrations

Likeness = Literal["same", "spelling", "order", "swapped", "different"]
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015.,]+")
_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02bb-\u02bd\u2018\u2019\u201b\u2032\uff07]")
# Letters whose stroke or ligature is part of the letter, so that taking accents away leaves them.
_LETTERS = str.maketrans(
    {
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u00f0": "d",
        "\u00fe": "th",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u0131": "i",
    }
)


def folded(name: str) -> str:
    """A name without what keyboards and exports lose: case, accents, apostrophes, kinds of space."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    if bare.isascii():
        return _spaced(bare)
    # Only marks of scripts that have a plain form: taking an Arabic or Indic vowel changes the name.
    kept = (char for char in bare if not "\u0300" <= char <= "\u036f")
    return _spaced("".join(kept).translate(_LETTERS))


def _spaced(text: str) -> str:
    return _BETWEEN.sub(" ", _APOSTROPHES.sub("", text)).strip()


def likeness(name: str, first: str, last: str, registered: Registration) -> Likeness:
    """How a name in a sheet relates to the registered one."""
    if name == registered.name:
        return "same"
    given, theirs = (folded(first), folded(last)), (folded(registered.first), folded(registered.last))
    if all(given) and given[0] != given[1] and given == theirs[::-1]:
        return "swapped"
    if folded(name).replace(" ", "") == folded(registered.name).replace(" ", ""):
        return "spelling"  # an apostrophe here is a space there
    words = sorted(folded(name).split())
    return "order" if words and words == sorted(folded(registered.name).split()) else "different"


def registered_as(
    reference: str, number: str, registrations: Registrations, spelt: Mapping[str, Registration]
) -> Registration | None:
    """Whom a reference that is not registered may mean: by a good ULN, or the reference spelt otherwise."""
    by_number = registrations.by_uln.get(number) if uln.is_good(number) else None
    return by_number or spelt.get(folded_reference(reference))


def folded_reference(reference: str) -> str:
    """A reference without spaces, case and separators."""
    return re.sub(r"[\W_]+", "", reference).casefold()
