"""The seal of a workspace's PDFs, as portal.yaml says: none, self-made, PKCS#12 or token (docs/sealing.md).

Each gives a function that makes the seal; it can be sent to another process, where it is called.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial

from generator.edge import disk, token
from generator.edge.timestamp_authority import TimestampAuthority
from generator.errors import Place, Refused
from generator.flow.office.keys import unlock
from generator.flow.shared.key_files import ask
from generator.flow.shared.session import Session
from generator.model.portal import TokenSettings
from generator.model.value import Day, later, utc_day
from generator.render import seal
from generator.render.seal import Seal
from generator.rules.codes import SEAL_TOKEN

Sealing = Callable[[], Seal]
KEY, FILE = "seal", "seal.p12"
_FILE_CAP = 100_000
_YEARS = 40


def sealing(session: Session) -> Sealing | None:
    """What makes this workspace's seal, or None where PDFs are not sealed. Raises `Refused`."""
    settings = session.workspace.portal.certificate
    today = session.today
    url = settings.timestamp
    stamper = TimestampAuthority(url, session.environment.randomness("timestamp", 16)) if url else None
    match settings.seal:
        case "none":
            return None
        case "self":
            return _self_made(session, stamper)
        case "pkcs12":
            path = session.workspace.root / "keys" / "private" / FILE
            data = disk.read(path, _FILE_CAP, session.workspace.shown(path))
            passphrase = ask(session.workspace, session.environment)(KEY)
            return partial(seal.from_pkcs12, data, passphrase, session.workspace.shown(path), today, stamper)
        case "pkcs11":
            if settings.token is None:
                fix = "name `token: {module: ..., label: ..., key: ...}` below `certificate:`"
                raise Refused(
                    SEAL_TOKEN.at(Place("portal.yaml", column="certificate.token"), "is missing", fix)
                )
            pin = session.environment.passphrase(KEY)
            return partial(_on_token, settings.token, pin, today, stamper)


def _self_made(session: Session, stamper: TimestampAuthority | None) -> Sealing:
    """From the workspace's own seal key: the same certificate whenever it is made again."""
    signer = unlock(session.workspace, session.environment, KEY, KEY)
    # Ed25519 signatures are deterministic, so this is a secret only the key's holder can derive.
    secret = hashlib.sha256(signer.sign(b"certportal self-made seal v1")).digest()
    genesis = utc_day(session.workspace.keystore.manifest(1).created_at)
    ends = later(genesis, days=365 * _YEARS)
    return partial(seal.self_made, secret, session.workspace.portal.organisation.name, genesis, ends, stamper)


def _on_token(settings: TokenSettings, pin: str, today: Day, stamper: TimestampAuthority | None) -> Seal:
    opened = token.open_token(settings.module, settings.label, settings.key, pin)
    return seal.from_token(opened.sign, opened.certificate, (), f"token {settings.label}", today, stamper)
