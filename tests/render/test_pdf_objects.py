"""PDF syntax, and the content stream joined from parts."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.render.pdf.objects import (
    Name,
    ObjectTable,
    Ref,
    Stream,
    deflated,
    indirect,
    joined_stream,
    number,
    text,
    write,
)


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=3_000)), max_size=8))
def test_joined_parts_are_one_zlib_stream(parts: list[tuple[bool, bytes]]) -> None:
    stream = joined_stream([deflated(data, 9) if ready else data for ready, data in parts], 4)
    assert zlib.decompress(stream) == b"".join(data for _, data in parts)


def test_a_long_part_keeps_the_checksum() -> None:
    data = bytes(range(256)) * 900
    assert (
        zlib.decompress(joined_stream([deflated(data, 9), data, deflated(b"", 9), deflated(data, 1)], 6))
        == data * 3
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Name("a b#/c"), b"/a#20b#23#2Fc"),
        (Name("Größe"), b"/Gr#C3#B6#C3#9Fe"),
        (Ref(7), b"7 0 R"),
        (True, b"true"),
        (3, b"3"),
        (0.1 + 0.2, b"0.3"),
        (-0.00001, b"0"),
        (2.5004, b"2.5"),
        ("a (b) \\ c", b"(a \\(b\\) \\\\ c)"),
        ("ë", b"<FEFF00EB>"),
        (b"\x01\xff", b"<01FF>"),
        ([1, Name("A")], b"[1 /A]"),
        ({"A": [None] * 0, "B": 1}, b"<</A [] /B 1>>"),
    ],
)
def test_written(value: object, written: bytes) -> None:
    assert write(value) == written


@given(st.text(max_size=60))
def test_text_reads_back(value: str) -> None:
    if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
        return
    assert str(pikepdf.Object.parse(bytes(text(value)))) == value


@given(st.floats(-10_000, 10_000))
def test_numbers_are_near_and_plain(value: float) -> None:
    assert b"e" not in number(value)
    assert abs(float(number(value)) - value) <= 0.00051


def test_what_has_no_syntax_is_refused() -> None:
    with pytest.raises(TypeError):
        write(object())


def test_a_shelf_with_tails_is_a_file() -> None:
    objects = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2)},
        2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
        3: {
            "Type": Name("Page"),
            "Parent": Ref(2),
            "MediaBox": [0, 0, 99, 99],
            "Contents": Ref(4),
            "Resources": {},
        },
        6: Stream({}, b"shared"),
    }
    object_table = ObjectTable(objects, range(4, 6), 1)
    for content in (b"q Q", b"q q Q Q"):
        own = [
            (4, indirect(4, Stream({}, content))),
            (object_table.next, indirect(object_table.next, {"Own": True})),
        ]
        with pikepdf.open(io.BytesIO(object_table.prefix + object_table.tail(own))) as pdf:
            assert pdf.pages[0].Contents.read_bytes() == content
            assert pdf.get_object(6, 0).read_bytes() == b"shared"
            assert pdf.get_object(object_table.next, 0).Own
            assert not pdf.check_pdf_syntax()
