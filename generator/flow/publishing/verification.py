"""Verifying from the command line: a number or a PDF, against a folder or an origin (SPEC, Verdict)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.edge import disk, pdf_reader, scanner
from generator.edge.deadline import LOOK_SECONDS, within
from generator.edge.keystore import read_pin
from generator.edge.sites import FolderSite, HttpSite, open_site
from generator.errors import Malformed, Place, Refused, UsageError
from generator.flow.publishing.codes import ROOT_MISSING
from generator.formats import verification_code
from generator.model.keyring import Pin
from generator.model.value import Instant, VerificationCode
from generator.model.verdict import Verdict
from generator.render import picture
from generator.rules.file_comparison import PresentedFile, number_in, why_no_number
from generator.rules.published_files import Unreachable, read_manifest
from generator.rules.verifying import verify

_SCAN_DPI = 200


def pin_for(workspace: Path, root: Path | None) -> Pin:
    """What is trusted beforehand: `--root FILE`, else the workspace's root; never the site's."""
    if root is not None:
        return read_pin(root)
    found = workspace / "keys" / "root.json"
    if not found.exists():
        fix = "give the organisation's root file: --root root.json"
        raise UsageError(ROOT_MISSING.at(Place(str(found)), "there is no root to trust here", fix))
    return read_pin(found)


def verdict_for(asked: str, site: str, pin: Pin, now: Instant, seconds: float = LOOK_SECONDS) -> Verdict:
    """The verdict on a PDF (a path), a number as typed, or the link that its QR holds.

    `seconds`: how long a host may keep us waiting for the whole of it.
    """
    source = open_site(site)
    if asked.startswith(("https://", "http://")):
        # Only the number is taken from a link: where to look is the caller's to say.
        asked = asked.partition("#")[2]
    path = Path(asked)
    is_file = path.suffix.lower() == ".pdf" or "/" in asked or disk.is_file(path)
    if not is_file:
        return _verdict(asked, source, pin, now, None, seconds)
    presented = pdf_reader.read(path)
    number = _number_of(path, presented)
    if number is None:
        return Verdict("malformed", 1, why_no_number(presented))
    return _verdict(number, source, pin, now, presented, seconds)


def _verdict(
    number: str,
    source: FolderSite | HttpSite,
    pin: Pin,
    now: Instant,
    presented: PresentedFile | None,
    seconds: float,
) -> Verdict:
    def act() -> Verdict:
        return _placed(verify(number, source, pin, now, presented), source, pin, now)

    if isinstance(source, FolderSite):
        return act()
    try:
        # Each file has its own limit; a host that uses it up for every one is slow enough to be given up.
        return within(seconds, act)
    except TimeoutError:
        source.silent = True
        return Verdict("unreachable", 3, "network")


def _number_of(path: Path, presented: PresentedFile) -> VerificationCode | None:
    """The number in the file's text, else in the QR code of its picture where the decoder is installed."""
    number = number_in(presented)
    if number is not None or presented.form != "picture" or not scanner.available():
        return number
    try:
        for text in scanner.read(_image(path)):
            typed = verification_code.read(text.partition("#")[2])
            if typed.number:
                return typed.number
    except (Malformed, Refused):
        pass  # a picture that cannot be drawn holds no code
    return None


def _image(path: Path) -> pdf_reader.GreyImage:
    data = disk.read(path, pdf_reader.CAP, str(path))
    if pdf_reader.is_picture(data):
        return pdf_reader.GreyImage(*picture.grey_dots(data))
    return pdf_reader.page_image(path, _SCAN_DPI)


def _placed(verdict: Verdict, source: FolderSite | HttpSite, pin: Pin, now: Instant) -> Verdict:
    """The verdict with the notice `elsewhere` where the address is none of the organisation's own."""
    if source.location is None or verdict.kind in ("malformed", "unreachable"):
        return verdict
    try:
        listed = read_manifest(source, pin, again=True).origins
    except Unreachable:
        return verdict
    own = {item.origin for item in listed if item.start <= now and (item.until is None or now < item.until)}
    if source.location in own:
        return verdict
    return replace(verdict, notices=(*verdict.notices, "elsewhere"))


def as_plain(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain data for `--json`: `kind` first, absent members left out."""
    shown = verdict.statement.plain() if verdict.statement else None
    if shown and verdict.kind == "superseded":
        # The newer certificate may carry another name; neither leads to the other.
        del shown["learner"]
    members = {name: getattr(replace(verdict, statement=None), name) for name in verdict.__slots__}
    plain = {name: value for name, value in members.items() if value not in (None, "", ())}
    plain["step"] = verdict.step
    if shown:
        plain["statement"] = shown
    return plain
