"""The private link: a learner's own page, opened by a secret that no host ever sees (SPEC, Private link).

secret  16 random bytes, in the address behind # as 32 hex digits; never made from the number
root    HKDF-extract(salt = issuer id, secret); from it the file's id, key and nonce key
file    l/{aa}/{id}.bin: version 02, nonce (12), AES-256-GCM ciphertext bound to the id
plain   u32 length, canonical JSON {file, number, pdf_bytes, v}, the PDF, zeros to 65,536 bytes or the
        next power of two: the size does not say which course it was
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal

from generator.crypto import cipher
from generator.errors import Malformed
from generator.formats import strict_json
from generator.model.value import Digest, Field, Value, VerificationCode

SECRET_BYTES, ID_BYTES = 16, 16
CAP = 8_388_608
_INFO = b"certportal/v1/"
_VERSION = b"\x02"
_SMALLEST = 65_536
_HEADER_BYTES = 1 + cipher.NONCE_BYTES
_FACTS_CAP = 4096
_PATH = re.compile(r"l/([0-9a-f]{2})/\1[0-9a-f]{30}\.bin")


class LinkContent(Value):
    """What the learner's page shows beside the PDF; the verdict itself comes from the number."""

    v: Literal[1] = 1
    file: Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,40}\.pdf$")]
    number: VerificationCode
    pdf_bytes: Annotated[int, Field(ge=1, le=CAP)]


@dataclass(frozen=True, slots=True)
class LinkKeys:
    """The file's id, and the keys that open it. Never printed."""

    id: bytes
    key: bytes = field(repr=False)
    nonce_key: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """Where the file is published."""
        name = self.id.hex()
        return f"l/{name[:2]}/{name}.bin"


def derive(secret: bytes, issuer_id: Digest) -> LinkKeys:
    """Everything that a link's secret (16 bytes) opens."""
    root = cipher.extract(bytes.fromhex(issuer_id), secret)
    made = (cipher.expand(root, _INFO + name, size) for name, size in _USES)
    return LinkKeys(*made)


_USES = ((b"link-id", ID_BYTES), (b"link-key", 32), (b"link-nonce", 32))


def address(origin: str, secret: bytes) -> str:
    """The link as it is sent: the secret travels in the fragment, which is never sent to the host."""
    return f"{origin}/mine.html#{secret.hex()}"


def is_path(path: str) -> bool:
    """Whether a published path has the shape of a private link's file."""
    return _PATH.fullmatch(path) is not None


def encode(derived: LinkKeys, number: VerificationCode, file: str, pdf: bytes) -> bytes:
    """The sealed file; the same bytes for the same content."""
    facts = strict_json.encode(LinkContent(file=file, number=number, pdf_bytes=len(pdf)).plain())
    plain = len(facts).to_bytes(4, "big") + facts + pdf
    if len(plain) > CAP:
        raise Malformed(f"the file is too large for a private link: {CAP} bytes are allowed")
    plain = plain.ljust(_padded(len(plain)), b"\0")
    nonce = cipher.mac(derived.nonce_key, plain)[: cipher.NONCE_BYTES]
    return _VERSION + nonce + cipher.seal(derived.key, nonce, plain, _INFO + b"link" + derived.id)


def decode(derived: LinkKeys, data: bytes) -> tuple[LinkContent, bytes]:
    """What the file says, and the PDF. Raises `Malformed`."""
    size = len(data) - _HEADER_BYTES - cipher.TAG_BYTES
    if data[:1] != _VERSION or size > CAP or size != _padded(size):
        raise Malformed("no private link of a version that is known")
    nonce, sealed = data[1:_HEADER_BYTES], data[_HEADER_BYTES:]
    plain = cipher.unseal(derived.key, nonce, sealed, _INFO + b"link" + derived.id)
    size = int.from_bytes(plain[:4], "big")
    if size > _FACTS_CAP or 4 + size > len(plain):
        raise Malformed("its facts are too long")
    facts = LinkContent.of(strict_json.decode(plain[4 : 4 + size], _FACTS_CAP))
    end = 4 + size + facts.pdf_bytes
    pdf, rest = plain[4 + size : end], plain[end:]
    if len(pdf) != facts.pdf_bytes or _padded(end) != len(plain) or any(rest):
        raise Malformed("its PDF has another length than it says")
    if encode(derived, facts.number, facts.file, pdf) != data:
        raise Malformed("another spelling of the same file")
    return facts, pdf


def _padded(size: int) -> int:
    """How long a plaintext of so many bytes is made."""
    return max(_SMALLEST, 1 << (size - 1).bit_length())
