"""Cuts the bundled typefaces out of their full releases: `bundle_fonts.py SOURCE_FOLDER`.

The source folder holds the Noto TrueType files of Debian's fonts-noto-core and fonts-noto-extra
and `noto-sans-sc-chinese-simplified-400-normal.woff` of @fontsource/noto-sans-sc. Only the
repertoire shrinks: outlines and shaping rules are kept, hints and ligatures that would
change the text read back are not.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parents[2] / "generator/render/fonts"
EUROPEAN = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x180, 0x24F), (0x259, 0x259), (0x2B9, 0x2C7), (0x2D8, 0x2DD),
    (0x300, 0x338), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF), (0x1F00, 0x1FFF),
    (0x2010, 0x2015), (0x2018, 0x2026), (0x2030, 0x203A), (0x2044, 0x2044), (0x20A0, 0x20BF),
    (0x2116, 0x2116), (0x2122, 0x2122), (0x2212, 0x2212),
)  # fmt: skip
EVERYTHING = ((0x20, 0x10FFFF),)
FACES = {
    "NotoSerifDisplay-Regular.ttf": EUROPEAN,
    "NotoSans-Regular.ttf": EUROPEAN,
    "NotoSans-SemiBold.ttf": EUROPEAN,
    "NotoSerifHebrew-Regular.ttf": EVERYTHING,
    "NotoNaskhArabic-Regular.ttf": EVERYTHING,
    "NotoSerifDevanagari-Regular.ttf": EVERYTHING,
    "noto-sans-sc-chinese-simplified-400-normal.woff": EVERYTHING,
}
LEFT_OUT = {"liga", "clig", "dlig", "hlig", "smcp", "c2sc", "salt", "sups", "subs", "sinf", "zero", "aalt"}
LEFT_OUT |= {f"ss{number:02d}" for number in range(1, 21)} | {f"cv{number:02d}" for number in range(1, 100)}


def cut(source: Path, ranges: tuple[tuple[int, int], ...]) -> bytes:
    """The face with the characters of `ranges` only, unhinted, as TrueType."""
    font = TTFont(source)
    options = subset.Options(
        hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True, legacy_kern=False
    )
    present = {
        record.FeatureTag
        for tag in ("GSUB", "GPOS")
        if tag in font
        for record in (font[tag].table.FeatureList.FeatureRecord if font[tag].table.FeatureList else ())
    }
    options.layout_features = sorted(present - LEFT_OUT)
    options.drop_tables += ["DSIG", "meta", "STAT", "vhea", "vmtx", "VORG", "MVAR"]
    cutter = subset.Subsetter(options)
    wanted = set(font.getBestCmap())
    cutter.populate(unicodes=[code for code in wanted if any(low <= code <= high for low, high in ranges)])
    cutter.subset(font)
    font.flavor = None
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    target = FOLDER / {"noto-sans-sc-chinese-simplified-400-normal.woff": "NotoSansSC-Regular.ttf"}.get(
        source.name, source.name
    )
    font.save(target)
    return target.read_bytes()


if __name__ == "__main__":
    for name, ranges in FACES.items():
        found = next(Path(sys.argv[1]).rglob(name))
        print(name, len(cut(found, ranges)))
