"""The environment: the only place that reads clock, randomness and environment, and asks for passphrases."""

from __future__ import annotations

import getpass
import os
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from generator.edge.codes import KEYS_PASSPHRASE
from generator.errors import Place, UsageError
from generator.flow.shared.session import Environment, Progress, silent
from generator.model.value import Instant

_PASSPHRASE_CAP = 1024
_VARIABLE = "CERTPORTAL_PASSPHRASE_"


def now() -> Instant:
    """The instant, in whole seconds UTC."""
    return Instant(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def randomness(purpose: str, length: int) -> bytes:
    """Random bytes from the operating system; the purpose is of no concern here."""
    del purpose
    return os.urandom(length)


class Passphrases:
    """Finds the passphrase of a key: a file descriptor, the environment, or the person at the keyboard."""

    def __init__(self, descriptor: int | None = None) -> None:
        self._lines = self._read(descriptor) if descriptor is not None else {}
        self._asked: dict[str, str] = {}
        self._credentials: dict[str, str] = {}

    def __call__(self, box: str) -> str:
        """The passphrase of the key that people know as `box`. Raises `Misused` where none is to be had."""
        name = _VARIABLE + re.sub(r"[^A-Za-z0-9]", "_", box).upper()
        given = (
            self._lines.get(box)
            or self._lines.get("*")
            or os.environ.get(name)
            or self._credential(box)
            or self._asked.get(box)
        )
        if given:
            return given
        if not sys.stdin.isatty():
            what = f"no passphrase for the key `{box}`"
            fix = f"set {name}, or pass --passphrase-fd with lines `{box}=...`"
            raise UsageError(KEYS_PASSPHRASE.at(Place(subject=box), what, fix))
        self._asked[box] = getpass.getpass(f"Passphrase of the key `{box}`: ")
        return self._asked[box]

    def known(self) -> frozenset[str]:
        """Every passphrase that this process holds, whether it was asked for or not."""
        here = {value for name, value in os.environ.items() if name.startswith(_VARIABLE)}
        return frozenset({*self._lines.values(), *self._asked.values(), *self._credentials.values(), *here})

    def _credential(self, box: str) -> str | None:
        """What systemd's LoadCredentialEncrypted put into memory for this service alone."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            return None
        try:
            text = (Path(folder) / f"certportal-{box}").read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        self._credentials[box] = text.rstrip("\r\n")
        return self._credentials[box]

    @staticmethod
    def _read(descriptor: int) -> dict[str, str]:
        """Lines `box=passphrase`; a line without a name is for every key."""
        try:
            with os.fdopen(descriptor, encoding="utf-8") as file:
                text = file.read(_PASSPHRASE_CAP * 32)
        except (OSError, UnicodeDecodeError):
            what = f"file descriptor {descriptor} cannot be read"
            raise UsageError(
                KEYS_PASSPHRASE.at(Place(subject="--passphrase-fd"), what, "open it for reading, as UTF-8")
            ) from None
        found = {}
        for line in text.splitlines():
            box, equals, value = line.partition("=")
            found[box if equals else "*"] = value if equals else line
        return found


def open_environment(passphrase_fd: int | None = None, progress: Progress = silent) -> Environment:
    """Everything a flow may not read for itself."""
    passphrases = Passphrases(passphrase_fd)
    return Environment(
        now(),
        randomness,
        time.sleep,
        passphrases,
        progress,
        os.cpu_count() or 1,
        time.monotonic,
        passphrases.known,
    )
