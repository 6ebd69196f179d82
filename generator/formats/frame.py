"""Reading and writing binary formats: big-endian, every length checked, nothing left over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from generator.errors import Malformed


class Tagged(Protocol):
    """What is in a file in the order of its tags."""

    @property
    def tag(self) -> bytes: ...


TaggedItem = TypeVar("TaggedItem", bound=Tagged)


def with_tag(items: Sequence[TaggedItem], tag: bytes) -> TaggedItem | None:
    """The item of this tag, of items in order."""
    at = bisect_left(items, tag, key=lambda item: item.tag)
    return items[at] if at < len(items) and items[at].tag == tag else None


def in_order(items: Sequence[Tagged]) -> bool:
    """Whether every tag is greater than the one before, so that none is there twice."""
    return all(left.tag < right.tag for left, right in pairwise(items))


class FieldReader:
    """Takes fields off the front of some bytes; raises `Malformed` where they run out."""

    def __init__(self, data: bytes, what: str) -> None:
        self._data, self._at, self._what = data, 0, what

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        end = self._at + length
        if end > len(self._data):
            raise Malformed(f"{self._what} is cut short")
        part = self._data[self._at : end]
        self._at = end
        return part

    def number(self, size: int) -> int:
        """The next `size` bytes as an unsigned integer."""
        return int.from_bytes(self.take(size), "big")

    def expect(self, constant: bytes) -> None:
        """Take these very bytes."""
        if self.take(len(constant)) != constant:
            raise Malformed(f"not {self._what}, or of a version that is not known here")

    def end(self) -> None:
        """Refuse anything left over."""
        if self._at != len(self._data):
            raise Malformed(f"{self._what} has bytes left over")

    @property
    def read(self) -> bytes:
        """All bytes taken so far."""
        return self._data[: self._at]


def unsigned(value: int, size: int) -> bytes:
    """An unsigned integer in `size` bytes. Raises `Malformed` if it does not fit."""
    try:
        return value.to_bytes(size, "big")
    except OverflowError:
        raise Malformed(f"{value} does not fit in {size} bytes") from None
