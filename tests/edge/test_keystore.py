"""Keys that are missing or damaged: which, where, and that it is the administrator who acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge import keystore
from generator.edge.keystore import Keystore
from generator.errors import Refused
from generator.model.value import KeyId
from tests import workshop
from tests.refusal import named


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The keys of a small workspace."""
    return workshop.approved(tmp_path) / "keys"


def test_a_workspace_without_keys(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="certportal keys init") as act:
        Keystore(tmp_path).pin()
    assert named(act) == [("KEYS-MISSING", str(tmp_path), "administrator")]


def test_a_root_file_that_is_none(folder: Path) -> None:
    (folder / "root.json").write_text("{}", "utf-8")
    with pytest.raises(Refused) as act:
        Keystore(folder).pin()
    assert named(act) == [("KEYS-ROOT", str(folder / "root.json"), "administrator")]


def test_a_manifest_that_the_root_did_not_sign(folder: Path) -> None:
    path = folder / "manifest.json"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Refused) as act:
        Keystore(folder).manifest()
    assert named(act) == [("KEYS-MANIFEST", str(path), "administrator")]


def test_a_private_key_that_is_elsewhere(folder: Path) -> None:
    with pytest.raises(Refused, match="from its safe") as act:
        Keystore(folder).find_private(KeyId("0" * 16), "online")
    assert named(act) == [("KEYS-PRIVATE", str(folder / "private"), "administrator")]
    with pytest.raises(Refused) as act:
        keystore.unlock_file(folder / "gone.key", workshop.passphrase, "root")
    assert named(act) == [("KEYS-PRIVATE", str(folder / "gone.key"), "administrator")]
