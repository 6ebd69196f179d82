"""The committed vectors are what the code makes now, and Python reaches every verdict in them."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from generator.errors import Malformed
from generator.formats import (
    bucket,
    decision,
    entry,
    head,
    manifest,
    record,
    statement,
    status,
    strict_json,
    verification_code,
)
from generator.formats.derivation import derive
from generator.rules.file_comparison import PresentedFile
from generator.rules.verifying import verify
from tests import small_site as small
from tests.vectors import make


def load(name: str) -> Any:
    return json.loads((make.HERE / f"{name}.json").read_text())


# Deflated bytes differ between zlib, its forks and its versions; records are sealed over them.
DEFLATED_BY_ZLIB = "2e072e5b1a61fb20286b790cd465a7ebd00e6239690892f609e08f5356dc3b17"
DEFLATED = {"record", "bucket", "status", "head", "values", "verdict"}


def _deflated() -> str:
    total = hashlib.sha256()
    for certified in small.small_site().statements.values():
        renderer = zlib.compressobj(9, zlib.DEFLATED, -15)
        total.update(renderer.compress(statement.encode(certified)) + renderer.flush())
    return total.hexdigest()


@pytest.mark.parametrize("name", make.FILES)
def test_committed_vectors_are_current(name: str) -> None:
    if name in DEFLATED and _deflated() != DEFLATED_BY_ZLIB:
        pytest.skip(f"zlib {zlib.ZLIB_RUNTIME_VERSION} of this machine deflates to other bytes")
    assert (make.HERE / f"{name}.json").read_text() == make.text(name)


VERDICTS = load("verdict")


@pytest.mark.parametrize("case", VERDICTS["cases"], ids=lambda case: case["name"])
def test_verdict(case: dict[str, Any]) -> None:
    files = {path: base64.b64decode(data) for path, data in VERDICTS["site"].items()}
    changes = {path: None if data is None else base64.b64decode(data) for path, data in case["files"].items()}
    site = small.SmallSite(files, {}, {}).but(changes)
    pin = manifest.decode_pin(case.get("pin", VERDICTS["pin"]).encode())
    verdict = verify(case["number"], site, pin, case["now"], _presented(case.get("file")))
    assert (verdict.kind, verdict.step, verdict.reason) == (case["kind"], case["step"], case["reason"])
    for name in case.keys() - {"name", "number", "now", "files", "pin", "file", "kind", "step", "reason"}:
        found = getattr(verdict, name)
        assert (list(found) if isinstance(found, tuple) else found) == case[name], name


def _presented(file: dict[str, Any] | None) -> PresentedFile | None:
    if file is None:
        return None
    attached = file["attached"] and base64.b64decode(file["attached"])
    return PresentedFile(bytes.fromhex(file["sha256"]), attached, file["text"])


def test_read_numbers() -> None:
    for case in load("number")["read"]:
        typed = verification_code.read(case["typed"])
        assert (typed.number, typed.reason, typed.suggestion) == (
            case["number"],
            case["reason"],
            case["suggestion"],
        )


DECODE: dict[str, Callable[[bytes], Any]] = {
    "statement": statement.decode,
    "manifest": manifest.decode,
    "head": head.decode,
    "pin": manifest.decode_pin,
}


@pytest.mark.parametrize("name", DECODE)
def test_values(name: str) -> None:
    cases = load("values")[name]
    for case in cases["valid"]:
        DECODE[name](bytes.fromhex(case["bytes"]))
    for case in cases["invalid"]:
        with pytest.raises(Malformed):
            raise AssertionError(f"{case['why']}: {DECODE[name](bytes.fromhex(case['bytes']))}")


def test_what_must_not_decode() -> None:
    for case in load("strict_json")["invalid"]:
        with pytest.raises(Malformed):
            strict_json.decode(bytes.fromhex(case["bytes"]), 10_000)
    for case in load("record")["invalid_frames"]:
        with pytest.raises(Malformed):
            record.decode(bytes.fromhex(case["bytes"]))
    for case in load("bucket")["invalid"]:
        with pytest.raises(Malformed):
            bucket.decode(bytes.fromhex(case["bytes"]))
    for case in load("status")["invalid_bodies"]:
        with pytest.raises(Malformed):
            status.decode(bytes.fromhex(case["bytes"]))
    for case in load("decision")["invalid"]:
        with pytest.raises(Malformed):
            decision.decode(decision.split(bytes.fromhex(case["bytes"])))
    for case in load("record")["invalid_entries"]:
        raw = bytes.fromhex(case["bytes"])
        derived = derive(case["number"], small.ISSUER_ID)
        with pytest.raises(Malformed):
            entry.unseal(derived, entry.Entry(raw[:16], raw[16:28], raw[30:]))
