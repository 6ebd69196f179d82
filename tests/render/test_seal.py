"""The seal holds in independent validators, certifies without changes, and is the same every time."""

from __future__ import annotations

import io
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from generator.errors import Refused
from generator.render import seal as seals
from generator.render.renderer import Renderer
from tests.refusal import named
from tests.render.sample import ENVELOPE, IMPRINT, NAMES, statement, template

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def seal() -> seals.Seal:
    return seals.self_made(SECRET, "Northfield Awarding (sample)", "2026-01-01", "2099-12-31")


@pytest.fixture(scope="module")
def renderer(seal: seals.Seal) -> Renderer:
    return Renderer(template("accredited"), IMPRINT, seal)


def key_file(tmp_path: Path, *, starts: str = "2026-01-01", ends: str = "2030-01-01", curve=None) -> bytes:
    """A PKCS#12 file made for the test."""
    key = ec.generate_private_key(curve or ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Northfield Awarding")])
    at = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (starts, ends)]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at[0])
        .not_valid_after(at[1])
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"seal", key, certificate, None, BestAvailableEncryption(b"open")
    )


def verdict(pdf: bytes, root: bytes):
    """pyHanko's verdict, trusting this certificate."""
    from asn1crypto import x509 as asn1

    trusted = asn1.Certificate.load(root)
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    context = ValidationContext(trust_roots=[trusted], moment=moment, allow_fetching=False)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    # pyHanko runs an event loop of its own, which it cannot where a browser's loop runs in this thread.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(validate_pdf_signature, signature, context).result()


def test_pyhanko_finds_it_whole_valid_and_certifying(renderer: Renderer, seal: seals.Seal) -> None:
    status = verdict(renderer.render(statement(), ENVELOPE), seal.signer.certificate)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok
    pdf = PdfFileReader(io.BytesIO(renderer.render(statement(), ENVELOPE)))
    assert pdf.root["/Perms"]["/DocMDP"]["/Reference"][0]["/TransformParams"]["/P"] == 1


@pytest.mark.slow
def test_a_hundred_seals_are_all_valid(renderer: Renderer, seal: seals.Seal) -> None:
    """The signature's length varies with its numbers; each length must fit its place."""
    for number in range(100):
        drawn = statement(NAMES[number % len(NAMES)], serial=f"NW-26-{number:06d}")
        status = verdict(renderer.render(drawn, ENVELOPE), seal.signer.certificate)
        assert status.intact
        assert status.valid


@pytest.mark.needs("pdfsig")
def test_pdfsig_finds_it_valid(renderer: Renderer, tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(renderer.render(statement(), ENVELOPE))
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "Hash Algorithm: SHA-256" in said
    assert "ETSI.CAdES.detached" in said


@pytest.mark.parametrize("place", [100, 20_000, -2_000, -30])
def test_one_changed_byte_breaks_it(renderer: Renderer, seal: seals.Seal, place: int) -> None:
    pdf = bytearray(renderer.render(statement(), ENVELOPE))
    pdf[place] ^= 1
    try:
        status = verdict(bytes(pdf), seal.signer.certificate)
    except (ValueError, PdfError, zlib.error):
        return  # no longer a PDF with a signature: broken too
    assert not (status.intact and status.valid)


def test_the_same_file_is_sealed_with_the_same_bytes(renderer: Renderer) -> None:
    again = Renderer(
        template("accredited"),
        IMPRINT,
        seals.self_made(SECRET, "Northfield Awarding (sample)", "2026-01-01", "2099-12-31"),
    )
    assert again.recipe_id == renderer.recipe_id
    assert again.render(statement(), ENVELOPE) == renderer.render(statement(), ENVELOPE)


def test_the_recipe_names_the_seal(renderer: Renderer) -> None:
    assert Renderer(template("accredited"), IMPRINT).recipe_id != renderer.recipe_id


def test_a_pkcs12_file_seals(tmp_path: Path) -> None:
    seal = seals.from_pkcs12(key_file(tmp_path), "open", "keys/seal.p12", "2026-11-22")
    pdf = Renderer(template("completion"), IMPRINT, seal).render(statement(), ENVELOPE)
    status = verdict(pdf, seal.signer.certificate)
    assert status.intact
    assert status.valid
    assert seal.holder == "Northfield Awarding"


@pytest.mark.slow
def test_a_token_seals(tmp_path: Path) -> None:
    """A token gives r and s over a digest; SoftHSM stands in where it is installed (test_token.py)."""
    found = pkcs12.load_pkcs12(key_file(tmp_path), b"open")
    assert isinstance(found.key, ec.EllipticCurvePrivateKey)
    key = found.key

    def sign(digest: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

        r, s = decode_dss_signature(key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256()))))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    assert found.cert is not None
    certificate = found.cert.certificate.public_bytes(Encoding.DER)
    seal = seals.from_token(sign, certificate, (), "the token", "2026-11-22")
    assert not seal.repeatable
    status = verdict(
        Renderer(template("completion"), IMPRINT, seal).render(statement(), ENVELOPE), certificate
    )
    assert status.intact
    assert status.valid


def refusal(call) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all("keys/seal.p12" in str(problem.place) for problem in caught.value.problems)
    return [problem.code for problem in caught.value.problems]


def test_what_cannot_seal_is_refused_before_issuing(tmp_path: Path) -> None:
    good, where = key_file(tmp_path), "keys/seal.p12"
    assert refusal(lambda: seals.from_pkcs12(good[:200], "open", where, "2026-11-22")) == ["SEAL-FILE"]
    assert refusal(lambda: seals.from_pkcs12(b"", "open", where, "2026-11-22")) == ["SEAL-FILE"]
    assert refusal(lambda: seals.from_pkcs12(good, "wrong", where, "2026-11-22")) == ["SEAL-FILE"]
    assert refusal(lambda: seals.from_pkcs12(good, "open", where, "2030-01-02")) == ["SEAL-EXPIRED"]
    assert refusal(lambda: seals.from_pkcs12(good, "open", where, "2025-12-31")) == ["SEAL-EXPIRED"]
    other = key_file(tmp_path, curve=ec.SECP384R1())
    assert refusal(lambda: seals.from_pkcs12(other, "open", where, "2026-11-22")) == ["SEAL-KEY"]
    assert seals.from_pkcs12(good, "open", where, "2030-01-01").ends == "2030-01-01"


def test_a_token_whose_certificate_is_none() -> None:
    with pytest.raises(Refused, match="its certificate cannot be read") as act:
        seals.from_token(lambda _digest: bytes(64), b"no certificate", (), "token office", "2026-11-22")
    assert named(act) == [("SEAL-TOKEN", "token office", "administrator")]
