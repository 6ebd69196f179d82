"""A PKCS#11 token or HSM that holds the sealing key (extra `token`; the adapter for python-pkcs11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from generator.errors import Place, Refused, UsageError
from generator.rules.codes import SEAL_TOKEN

_FIX = "check module, label and key in portal.yaml, and that the token is plugged in"


@dataclass(frozen=True, slots=True)
class Pkcs11Token:
    """An open session: `sign` gives r and s (32 bytes each) over a SHA-256 digest; certificate is DER."""

    sign: Callable[[bytes], bytes]
    certificate: bytes


def open_token(module: str, label: str, key: str, pin: str) -> Pkcs11Token:
    """The signing key and certificate that carry the label `key`. Raises `Refused`."""
    try:
        import pkcs11
    except ImportError:
        fix = "install it with `pip install 'certportal[token]'`"
        raise UsageError(
            SEAL_TOKEN.at(Place(subject=module), "tokens need the package python-pkcs11", fix)
        ) from None
    where = f"token {label}"
    try:
        found_token = pkcs11.lib(module).get_token(token_label=label)
        try:
            session = found_token.open(user_pin=pin)
        except pkcs11.exceptions.UserAlreadyLoggedIn:
            # One login serves a whole process; a second session shares it.
            session = found_token.open()
        private: Any = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=key)
        found = list(
            session.get_objects(
                {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE, pkcs11.Attribute.LABEL: key}
            )
        )
    except pkcs11.exceptions.PinIncorrect:
        raise Refused(
            SEAL_TOKEN.at(Place(subject=where), "the PIN is wrong", "give the token's user PIN")
        ) from None
    except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
        what = f"cannot be used: {type(error).__name__}"
        raise Refused(SEAL_TOKEN.at(Place(subject=where), what, _FIX)) from None
    if len(found) != 1:
        what = f"holds {len(found)} certificates labelled {key}"
        raise Refused(SEAL_TOKEN.at(Place(subject=where), what, "store the one certificate beside its key"))
    certificate = bytes(found[0][pkcs11.Attribute.VALUE])
    return Pkcs11Token(
        lambda digest: bytes(private.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)), certificate
    )
