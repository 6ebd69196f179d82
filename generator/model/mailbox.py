"""Where somebody is written to: an e-mail address, and the language of the letters (docs/delivery.md)."""

from __future__ import annotations

from typing import Annotated

from generator.model.value import Language, Value, written

Address = Annotated[
    str,
    written(
        r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,188}[A-Za-z0-9])?$",
        "an e-mail address",
    ),
]


class Mailbox(Value):
    """An address, and in which language to write; the organisation's own where none is named."""

    email: Address
    language: Language | None = None
