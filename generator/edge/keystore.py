"""The keys folder: public files for everybody, private ones locked (SPEC, chapter Keys).

keys/root.json       the pin: issuer id and root keys; written last, so without it nothing counts
keys/manifest.json   the newest key manifest; keys/manifests/N.json every version
keys/roster.json     people who may approve; keys/rosters/N.json every version
keys/private/*.key   private keys, each locked with its own passphrase; never in git
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from generator.crypto import key_file
from generator.crypto.ed25519 import SeedSigner
from generator.edge import disk
from generator.edge.codes import (
    KEYS_EXPOSED,
    KEYS_MANIFEST,
    KEYS_MISSING,
    KEYS_PASSPHRASE,
    KEYS_PRIVATE,
    KEYS_ROOT,
    KEYS_ROSTER,
)
from generator.errors import Malformed, Place, Refused
from generator.formats import manifest, roster
from generator.model.keyring import Manifest, Pin
from generator.model.people import Roster
from generator.model.value import KeyId

Passphrase = Callable[[str], str]


class Keystore:
    """Reads and writes the keys folder of one workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pin_file = folder / "root.json"
        self.manifest_file = folder / "manifest.json"
        self.roster_file = folder / "roster.json"

    @property
    def complete(self) -> bool:
        """Whether `keys init` has finished here."""
        return self.pin_file.exists()

    def pin(self) -> Pin:
        """The pin. Raises `Refused` where there is none."""
        if not self.complete:
            fix = "run `certportal keys init`"
            raise Refused(KEYS_MISSING.at(Place(str(self.folder)), "this workspace has no keys yet", fix))
        return read_pin(self.pin_file)

    def manifest_bytes(self, version: int | None = None) -> bytes:
        """The newest key manifest's file, or that of a version."""
        path = self.manifest_file if version is None else self.folder / "manifests" / f"{version}.json"
        return disk.read(path, manifest.CAP, str(path))

    def manifest(self, version: int | None = None) -> Manifest:
        """The newest manifest, or that of a version, verified under the pin."""
        pin = self.pin()
        try:
            return manifest.verified(self.manifest_bytes(version), pin.root, pin.issuer_id)
        except Malformed as error:
            fix = "restore the file from the backup or from the published site"
            raise Refused(KEYS_MANIFEST.at(Place(str(self.manifest_file)), str(error), fix)) from None

    def roster(self) -> Roster:
        """The roster, verified as signed by the root. Raises `Refused`."""
        pin = self.pin()
        data = disk.read(self.roster_file, roster.CAP, str(self.roster_file))
        try:
            return roster.verified(data, pin.root, pin.issuer_id, self.earlier_roster)
        except Malformed as error:
            fix = "restore the file from the backup; it is only changed by `certportal staff`"
            raise Refused(KEYS_ROSTER.at(Place(str(self.roster_file)), str(error), fix)) from None

    def write_manifest(self, data: bytes, version: int) -> None:
        """Keep a new manifest: its version first, then as the newest."""
        disk.write(self.folder / "manifests" / f"{version}.json", data)
        disk.write(self.manifest_file, data)

    def roster_bytes(self) -> bytes:
        """The roster's file."""
        return disk.read(self.roster_file, roster.CAP, str(self.roster_file))

    def write_roster(self, data: bytes, version: int) -> None:
        """Keep a new roster: its version first, then as the one in force."""
        disk.write(self._roster_version(version), data, private=True)
        disk.write(self.roster_file, data, private=True)

    def earlier_roster(self, version: int) -> bytes:
        """The file of an earlier roster."""
        path = self._roster_version(version)
        return disk.read(path, roster.CAP, str(path))

    def _roster_version(self, version: int) -> Path:
        return self.folder / "rosters" / f"{version}.json"

    def write_pin(self, pin: Pin) -> None:
        """Keep the pin: the last file of `keys init`."""
        disk.write(self.pin_file, manifest.encode_pin(pin))

    def private_file(self, name: str) -> Path:
        """Where a private key is kept: `root`, `certificate`, `online-03`, `person-a.serwaa`."""
        return self.folder / "private" / f"{name}.key"

    def write_private(self, name: str, text: str) -> None:
        """Keep a locked private key, readable by its owner only."""
        disk.write(self.private_file(name), text.encode(), private=True)

    def find_private(self, key_id: KeyId, prefix: str) -> str:
        """The name of the key file of this key id. Raises `Refused`."""
        for path in disk.listed(self.folder / "private"):
            if not (path.name.startswith(prefix) and path.suffix == ".key"):
                continue
            text = disk.read(path, key_file.FILE_CAP, str(path)).decode("ascii", errors="replace")
            if text.split(" ")[3:4] == [key_id]:
                return path.stem
        what = f"no private key file for {key_id} ({prefix})"
        fix = "put the key file back from its safe, or run this where the key is"
        raise Refused(KEYS_PRIVATE.at(Place(str(self.folder / "private")), what, fix))

    def unlock(self, name: str, passphrase: Passphrase, box: str) -> SeedSigner:
        """The signer in a key file. `passphrase(box)` is asked once; `box` names it to people."""
        return unlock_file(self.private_file(name), passphrase, box)


def unlock_file(path: Path, passphrase: Passphrase, box: str) -> SeedSigner:
    """The signer in a key file anywhere, as somebody keeps it who approves on their own machine."""
    if not path.exists():
        fix = "put the key file back from its safe, or run this where the key is"
        raise Refused(KEYS_PRIVATE.at(Place(str(path)), "is not there", fix))
    if not disk.private_enough(path):
        fix = f"`chmod 600 {path}`, and consider the key seen by others"
        raise Refused(KEYS_EXPOSED.at(Place(str(path)), "can be read by other accounts", fix))
    text = disk.read(path, key_file.FILE_CAP, str(path)).decode("ascii", errors="replace")
    try:
        return key_file.unlock(text, passphrase(box))
    except Malformed as error:
        fix = "give the passphrase with which this key was locked"
        raise Refused(KEYS_PASSPHRASE.at(Place(str(path)), str(error), fix)) from None


def read_pin(path: Path) -> Pin:
    """The pin in a file. Raises `Refused`."""
    try:
        return manifest.decode_pin(disk.read(path, manifest.PIN_CAP, str(path)))
    except Malformed as error:
        fix = "ask the organisation for its root.json, or restore it from the backup"
        raise Refused(KEYS_ROOT.at(Place(str(path)), f"is not a root file: {error}", fix)) from None
