"""A detached CMS signature as PAdES B-B wants it (RFC 5652, RFC 5035, ETSI EN 319 142-1).

Signed are the digest of the document and the certificate's own; no time, because only the day of
issue is certain, and that is in the signature dictionary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from generator.crypto.der import OCTETS, SEQUENCE, SET, context, der, integer, oid

_DATA = oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE = oid("1.2.840.113549.1.9.16.2.47")
_TIMESTAMP = oid("1.2.840.113549.1.9.16.2.14")
_SHA256 = der(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = der(SEQUENCE, oid("1.2.840.10045.4.3.2"))

Sign = Callable[[bytes], bytes]
Stamp = Callable[[bytes], bytes]


@dataclass(frozen=True)
class CmsSigner:
    """Whose signature: the certificate, its issuer's name and serial number, and the chain, as DER."""

    certificate: bytes
    issuer: bytes
    serial: int
    chain: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """An upper bound of the signature's length in bytes, without a timestamp."""
        return sum(map(len, (self.certificate, self.issuer, *self.chain))) + 512


def signed_attributes(signer: CmsSigner, digest: bytes) -> bytes:
    """The attributes as they are hashed, a SET; `digest` is the document's SHA-256."""
    certificate = der(OCTETS, hashlib.sha256(signer.certificate).digest())
    described = der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, certificate)))
    attributes = [
        der(SEQUENCE, _CONTENT_TYPE, der(SET, _DATA)),
        der(SEQUENCE, _MESSAGE_DIGEST, der(SET, der(OCTETS, digest))),
        der(SEQUENCE, _SIGNING_CERTIFICATE, der(SET, described)),
    ]
    return der(SET, *sorted(attributes))


def encode(signer: CmsSigner, digest: bytes, sign: Sign, stamp: Stamp | None = None) -> bytes:
    """ContentInfo. `sign` gives a DER ECDSA signature over bytes, `stamp` a timestamp token over a digest."""
    attributes = signed_attributes(signer, digest)
    signature = sign(attributes)
    unsigned = []
    if stamp is not None:
        token = stamp(hashlib.sha256(signature).digest())
        unsigned.append(context(1, der(SEQUENCE, _TIMESTAMP, der(SET, token))))
    information = der(
        SEQUENCE,
        integer(1),
        der(SEQUENCE, signer.issuer, integer(signer.serial)),
        _SHA256,
        # IMPLICIT [0]: the same content under another tag.
        b"\xa0" + attributes[1:],
        _ECDSA_SHA256,
        der(OCTETS, signature),
        *unsigned,
    )
    body = der(
        SEQUENCE,
        integer(1),
        der(SET, _SHA256),
        der(SEQUENCE, _DATA),
        context(0, signer.certificate, *signer.chain),
        der(SET, information),
    )
    return der(SEQUENCE, _SIGNED_DATA, context(0, body))
