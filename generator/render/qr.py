"""The adapter for segno: the QR code of a link, exactly as segno makes it, from tables of its own making.

For one version, level, mask and length every module is a sum (exclusive or) of bits of the text
and a constant. So the symbol of a text is the symbol of any other text of that length, changed
once for each bit that differs. Symbols are integers: module (x, y) is the bit y * stride + x.
segno stays the reference (tests/render/test_qr.py).
"""

from __future__ import annotations

from functools import cache, cached_property, reduce
from operator import xor

import segno

SIDE = 33  # modules of version 4, the usual size; the next one has 37
QUIET = 4  # modules of white on each side (ISO/IEC 18004)
_MASKS = range(8)
_GUARD = 7  # light modules between rows, so that a shifted row never meets the next


def reference(payload: str, mask: int | None = None) -> segno.QRCode:
    """segno's symbol: byte mode, level M, the smallest version that holds the text."""
    return segno.make(payload, mode="byte", error="m", micro=False, boost_error=False, mask=mask)


class Tables:
    """Symbols of all ASCII texts that share a length."""

    def __init__(self, model: str) -> None:
        self._model = model.encode("ascii")
        first = reference(model, 0)
        self.side = len(first.matrix)
        self.stride = (self.side + _GUARD + 7) // 8 * 8
        self._symbols = [self._number(reference(model, mask)) for mask in _MASKS]
        self._flips: dict[tuple[int, int], int] = {}
        self._changes: list[dict[int, int]] = [{} for _ in self._model]
        self._shapes: list[dict[int, bytes]] = [{} for _ in range(self.side * self.stride // 8)]

    def _number(self, code: segno.QRCode) -> int:
        found = 0
        for y, row in enumerate(code.matrix):
            found |= sum(1 << x for x, module in enumerate(row) if module) << (y * self.stride)
        return found

    def _change(self, place: int, letter: int) -> int:
        """What another letter at this place changes, the same for every mask."""
        known = self._changes[place]
        if letter not in known:
            bits = [1 << bit for bit in range(7) if (letter ^ self._model[place]) >> bit & 1]
            known[letter] = reduce(xor, (self._flip(place, bit) for bit in bits), 0)
        return known[letter]

    def _flip(self, place: int, bit: int) -> int:
        if (place, bit) not in self._flips:
            other = bytearray(self._model)
            other[place] ^= bit
            # ISO 8859-1, because half of the flipped letters are no text that segno would take for ASCII.
            code = reference(other.decode("iso-8859-1"), 0)
            self._flips[place, bit] = self._number(code) ^ self._symbols[0]
        return self._flips[place, bit]

    def symbol(self, payload: str) -> int:
        """The symbol with the mask that segno would choose."""
        change = 0
        for place, (letter, model) in enumerate(zip(payload.encode("ascii"), self._model, strict=True)):
            if letter != model:
                change ^= self._change(place, letter)
        made = [base ^ change for base in self._symbols]
        return min(made, key=lambda symbol: self._score(symbol & self._scored))

    # ------------------------------------------------------------ choosing the mask

    @cached_property
    def _scored(self) -> int:
        """All modules but format information and the dark module, which are light while masks are scored."""
        last = self.side - 1
        light = [(x, 8) for x in (*range(6), 7, 8, *range(last - 7, last + 1))]
        light += [(8, y) for y in (*range(6), 7, *range(last - 7, last + 1))]
        every = self._block(self.side, self.side)
        left_out: int = sum(1 << (y * self.stride + x) for x, y in set(light))
        return every & ~left_out

    def _block(self, width: int, height: int) -> int:
        row = (1 << width) - 1
        return sum([row << (y * self.stride) for y in range(height)])

    @cached_property
    def _pairs(self) -> tuple[int, int, int]:
        """Where a module has a neighbour to the right, below, and both."""
        less = self.side - 1
        return self._block(less, self.side), self._block(self.side, less), self._block(less, less)

    def _score(self, symbol: int) -> int:
        """The penalty of ISO/IEC 18004, 7.8.3.1, as segno counts it."""
        down = self.stride
        right_of, below, square = self._pairs
        same_right = ~(symbol ^ (symbol >> 1)) & right_of
        same_below = ~(symbol ^ (symbol >> down)) & below
        score = _runs(same_right, 1) + _runs(same_below, down)
        score += 3 * (same_right & (same_right >> down) & same_below & square).bit_count()
        score += _finders(symbol, 1) + _finders(symbol, down)
        share = symbol.bit_count() / self.side**2
        return score + 10 * int(abs(share * 100 - 50) / 5)

    # ------------------------------------------------------------ drawing

    def path(self, payload: str) -> bytes:
        """Rectangles over the dark modules as PDF operators; one unit is a module, y runs down."""
        symbol = self.symbol(payload).to_bytes(len(self._shapes), "little")
        return b"".join(
            [
                known.get(modules) or self._shape(place, modules)
                for place, (known, modules) in enumerate(zip(self._shapes, symbol, strict=True))
                if modules
            ]
        )

    def _shape(self, place: int, modules: int) -> bytes:
        """The rectangles of the eight modules of one byte of the symbol, drawn up once."""
        y, left = divmod(place, self.stride // 8)
        row = bytes(modules >> x & 1 for x in range(8)) + b"\0"
        found, start = b"", row.find(1)
        while start >= 0:
            end = row.find(0, start)
            found += b"%d %d %d 1 re\n" % (left * 8 + start, y, end - start)
            start = row.find(1, end)
        self._shapes[place][modules] = found
        return found


def _runs(same: int, step: int) -> int:
    """N1: a run of n >= 5 equal modules costs n - 2."""
    pairs = same & (same >> step)
    fives = pairs & (pairs >> 2 * step)
    return fives.bit_count() + 2 * (fives & ~(fives << step)).bit_count()


def _finders(symbol: int, step: int) -> int:
    """N3: 1011101 with four light modules before or after it costs 40; counted ones do not overlap."""
    dark = symbol & (symbol >> 2 * step)
    found = dark & (symbol >> 3 * step) & (dark >> 4 * step) & ~(symbol >> step) & ~(symbol >> 5 * step)
    if not found:
        return 0
    two = symbol | (symbol >> step)
    after = found & ~((two | (two >> 2 * step)) >> 7 * step)
    two = symbol | (symbol << step)
    before = found & ~((two | (two << 2 * step)) << step)
    counted = after | before
    if counted & (counted << 4 * step | counted << 6 * step):
        return 40 * _apart(counted, step)
    return 40 * counted.bit_count()


def _apart(counted: int, step: int) -> int:
    total = 0
    while counted:
        first = counted & -counted
        counted &= ~(first | first << 4 * step | first << 6 * step)
        total += 1
    return total


@cache
def tables(prefix: str, length: int) -> Tables:
    """Tables for texts of this length that begin so; the rest of the model does not matter."""
    return Tables(prefix + "0" * (length - len(prefix)))
