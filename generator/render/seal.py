"""The seal: a PAdES signature with P-256 that certifies the file and allows no change to it.

The adapter for X.509 and PKCS#12. Signatures follow RFC 6979, so that the same file is sealed with the
same bytes; a token chooses its own nonces, and a timestamp its own time, so those are not repeatable.
The seal is for the signature panel of a reader; what proves the certificate is the statement inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12

from generator.crypto import cms
from generator.crypto.timestamp import TOKEN_ROOM, Timestamper
from generator.errors import Malformed, Place, Problem, Refused
from generator.model.value import Day
from generator.render.codes import SEAL_EXPIRED, SEAL_FILE, SEAL_KEY
from generator.rules.codes import SEAL_TOKEN

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ECDSA = ec.ECDSA(SHA256(), deterministic_signing=True)


@dataclass(frozen=True)
class Seal:
    """What seals a file: a certificate, how to sign with its key, and perhaps a time-stamping authority."""

    signer: cms.CmsSigner
    sign: Callable[[bytes], bytes]
    holder: str
    starts: str
    ends: str
    deterministic: bool
    timestamper: Timestamper | None = None

    @property
    def repeatable(self) -> bool:
        """Whether the same file is sealed with the same bytes again."""
        return self.deterministic and self.timestamper is None

    @cached_property
    def fingerprint(self) -> str:
        """For the recipe: SHA-256 of certificate and chain, and whether a timestamp is added."""
        whole = hashlib.sha256(b"".join((self.signer.certificate, *self.signer.chain)))
        whole.update(b"stamped" if self.timestamper else b"")
        return whole.hexdigest()

    @property
    def room(self) -> int:
        """Bytes to keep free for the signature."""
        return self.signer.size + (TOKEN_ROOM if self.timestamper else 0)

    def over(self, digest: bytes) -> bytes:
        """The CMS signature over a file's SHA-256."""
        stamp = self.timestamper.token if self.timestamper else None
        return cms.encode(self.signer, digest, self.sign, stamp)


def from_pkcs12(
    data: bytes, passphrase: str, where: str, today: Day, timestamper: Timestamper | None = None
) -> Seal:
    """The seal in a PKCS#12 file (.p12). Raises `Refused`: unreadable, wrong key, or not valid today."""
    try:
        found = pkcs12.load_pkcs12(data, passphrase.encode("utf-8") or None)
    except ValueError as error:
        wrong = "password" in str(error).lower() or "mac" in str(error).lower()
        what = "the passphrase does not open it" if wrong else "is not a PKCS#12 file, or is damaged"
        fix = "check the passphrase, and that the file is the one exported by the issuer"
        raise Refused(SEAL_FILE.at(Place(where), what, fix)) from None
    if found.key is None or found.cert is None:
        fix = "export certificate and private key together"
        raise Refused(SEAL_FILE.at(Place(where), "holds no certificate with its private key", fix))
    key = found.key
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Refused(_wrong_key(where))
    chain = tuple(one.certificate for one in found.additional_certs)
    return _seal(found.cert.certificate, chain, _signing(key), where, today, True, timestamper)


def from_token(
    sign: Callable[[bytes], bytes],
    certificate: bytes,
    chain: tuple[bytes, ...],
    where: str,
    today: Day,
    timestamper: Timestamper | None = None,
) -> Seal:
    """The seal of a token: `sign` gives r and s, 32 bytes each, for a SHA-256 digest; all else is DER."""

    def signed(message: bytes) -> bytes:
        raw = sign(hashlib.sha256(message).digest())
        if len(raw) != 64:
            raise Malformed("the token's signature is not of the curve P-256")
        return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))

    try:
        own = x509.load_der_x509_certificate(certificate)
        others = tuple(x509.load_der_x509_certificate(one) for one in chain)
    except ValueError:
        fix = "store the certificate on the token beside its key"
        raise Refused(SEAL_TOKEN.at(Place(where), "its certificate cannot be read", fix)) from None
    return _seal(own, others, signed, where, today, False, timestamper)


def self_made(
    secret: bytes, holder: str, starts: Day, ends: Day, timestamper: Timestamper | None = None
) -> Seal:
    """A seal of one's own making from 32 secret bytes: it proves that nothing changed, not who sealed it."""
    scalar = int.from_bytes(hashlib.sha512(b"certportal seal\n" + secret).digest(), "big") % (_ORDER - 1) + 1
    key = ec.derive_private_key(scalar, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, holder[:64])])
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashlib.sha256(public).digest()[:15], "big") | 1)
        .not_valid_before(_midnight(starts))
        .not_valid_after(_midnight(ends))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256(), ecdsa_deterministic=True)
    )
    return _seal(certificate, (), _signing(key), "the seal's own certificate", starts, True, timestamper)


def _signing(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    return lambda message: key.sign(message, _ECDSA)


def _seal(
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    sign: Callable[[bytes], bytes],
    where: str,
    today: Day,
    deterministic: bool,
    timestamper: Timestamper | None,
) -> Seal:
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise Refused(_wrong_key(where))
    starts = certificate.not_valid_before_utc.strftime("%Y-%m-%d")
    ends = certificate.not_valid_after_utc.strftime("%Y-%m-%d")
    if not starts <= today <= ends:
        what = f"the sealing certificate is valid from {starts} to {ends}, not on {today}"
        fix = "put the renewed certificate there, or set `certificate: seal: none`"
        raise Refused(SEAL_EXPIRED.at(Place(where), what, fix))
    signer = cms.CmsSigner(
        certificate.public_bytes(Encoding.DER),
        certificate.issuer.public_bytes(),
        certificate.serial_number,
        tuple(one.public_bytes(Encoding.DER) for one in chain),
    )
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    holder = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return Seal(signer, sign, holder, starts, ends, deterministic, timestamper)


def _wrong_key(where: str) -> Problem:
    fix = "ask the issuer for a document-signing certificate with an ECDSA P-256 key"
    return SEAL_KEY.at(Place(where), "its key is not of the curve P-256", fix)


def _midnight(day: Day) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
