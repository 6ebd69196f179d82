"""The timestamp client against an authority of its own, played by OpenSSL."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from generator.crypto import timestamp
from generator.edge.timestamp_authority import TimestampAuthority
from generator.errors import Malformed, Refused
from generator.render import seal as seals
from generator.render.renderer import Renderer
from tests.edge import stamping
from tests.render.sample import ENVELOPE, IMPRINT, statement, template

DIGEST = hashlib.sha256(b"a certificate").digest()
SEED = bytes(range(16))
pytestmark = pytest.mark.needs("openssl")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with stamping.authority(tmp_path_factory.mktemp("authority")) as url:
        yield url


def test_openssl_reads_the_question_and_its_token_is_taken(authority: str) -> None:
    token = TimestampAuthority(authority, SEED).token(DIGEST)
    assert DIGEST in token
    assert token[0] == 0x30


@pytest.mark.slow
def test_a_sealed_certificate_carries_the_stamp(authority: str) -> None:
    stamper = TimestampAuthority(authority, SEED)
    own = seals.self_made(bytes(32), "Northfield Awarding", "2026-01-01", "2099-12-31", stamper)
    assert not own.repeatable
    pdf = Renderer(template("unit"), IMPRINT, own).render(statement(), ENVELOPE)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(own.signer.certificate)],
        moment=datetime(2026, 11, 22, tzinfo=UTC),
        allow_fetching=False,
    )
    # pyHanko runs an event loop of its own, which it cannot where a browser's loop runs in this thread.
    with ThreadPoolExecutor(1) as apart:
        status = apart.submit(validate_pdf_signature, signature, context).result()
    assert status.intact
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.intact
    bare = seals.self_made(bytes(32), "Northfield Awarding", "2026-01-01", "2099-12-31")
    assert bare.repeatable
    assert bare.fingerprint != own.fingerprint


@pytest.mark.parametrize("path", ["/nonsense", "/other"])
def test_another_answer_is_refused(authority: str, path: str) -> None:
    with pytest.raises(Refused, match="SEAL-TIMESTAMP"):
        TimestampAuthority(authority + path, SEED).token(DIGEST)


def test_silence_is_refused() -> None:
    with pytest.raises(Refused, match="does not answer"):
        TimestampAuthority("http://127.0.0.1:9", SEED).token(DIGEST)
    with pytest.raises(Refused, match="http or https"):
        TimestampAuthority("file:///etc/hostname", SEED).token(DIGEST)


def test_a_refusal_is_not_a_token() -> None:
    with pytest.raises(Malformed, match="refused"):
        timestamp.token(b"\x30\x05\x30\x03\x02\x01\x02", DIGEST, 1)
