"""New private keys: made, locked with their passphrase, and kept (SPEC, chapter Keys)."""

from __future__ import annotations

from dataclasses import dataclass

from generator.crypto import key_file
from generator.crypto.ed25519 import SeedSigner
from generator.edge.keystore import Passphrase
from generator.errors import Place, Refused
from generator.flow.shared.codes import KEYS_WEAK
from generator.flow.shared.session import Environment
from generator.flow.shared.workspace import Workspace
from generator.model.keyring import Role


@dataclass(frozen=True, slots=True)
class NewKeyFile:
    """A new key, and the text of its file."""

    name: str
    signer: SeedSigner
    text: str


def make(
    workspace: Workspace, environment: Environment, role: Role, names: list[str], box: str | None = None
) -> list[SeedSigner]:
    """New keys of one role, kept."""
    made = locked(workspace, environment, role, names, box)
    for key in made:
        workspace.keystore.write_private(key.name, key.text)
    return [key.signer for key in made]


def locked(
    workspace: Workspace, environment: Environment, role: Role, names: list[str], box: str | None = None
) -> list[NewKeyFile]:
    """New keys of one role under one passphrase; argon2id runs once for all of them."""
    effort: key_file.Effort = "minimal" if workspace.portal.sample else "moderate"
    passphrase = ask(workspace, environment)(box or role)
    key_lock = key_file.KeyFileLock(
        passphrase, environment.randomness(f"keybox-salt/{names[0]}", key_file.SALT_BYTES), effort
    )
    made = []
    for name in names:
        seed = environment.randomness(f"key/{name}", 32)
        text = key_lock.lock(seed, role, environment.randomness(f"keybox-nonce/{name}", key_file.NONCE_BYTES))
        made.append(NewKeyFile(name, SeedSigner.of(seed, role), text))
    return made


def ask(workspace: Workspace, environment: Environment) -> Passphrase:
    """Passphrases, refusing the sample's in a workspace that is not one."""

    def checked(box: str) -> str:
        given = environment.passphrase(box)
        if not workspace.portal.sample and (given.startswith("sample-") or len(given) < 12):
            fix = "choose at least twelve characters that nobody knows"
            raise Refused(KEYS_WEAK.at(Place(subject=box), "this passphrase protects nothing", fix))
        return given

    return checked
