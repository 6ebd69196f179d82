"""A sealing key in a real token (SoftHSM): the file it seals is valid, a wrong PIN is said to be wrong."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from generator.edge import token
from generator.errors import Refused
from generator.render import seal
from tests.refusal import named

MODULES = [*Path("/usr/lib").glob("**/libsofthsm2.so"), *Path("/opt/homebrew/lib").glob("**/libsofthsm2.so")]
PIN, LABEL, KEY = "4417", "office", "sealing"


def self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Northfield Awarding")])
    starts = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(417).not_valid_before(starts)
    return builder.not_valid_after(starts + datetime.timedelta(days=9000)).sign(key, SHA256())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A fresh token that holds a P-256 key and its certificate; the module's path."""
    if not MODULES:
        pytest.skip("libsofthsm2.so is not installed")
    import pkcs11

    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(settings))
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        LABEL,
        "--pin",
        PIN,
        "--so-pin",
        "998877",
    ]
    subprocess.run(command, check=True, capture_output=True)
    key = ec.generate_private_key(ec.SECP256R1())
    file = folder / "key.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    imported = ["softhsm2-util", "--import", str(file), "--token", LABEL, "--label", KEY, "--id", "01"]
    subprocess.run([*imported, "--pin", PIN], check=True, capture_output=True)
    with pkcs11.lib(str(MODULES[0])).get_token(token_label=LABEL).open(user_pin=PIN, rw=True) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: KEY,
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.SUBJECT: self_signed(key).subject.public_bytes(),
                pkcs11.Attribute.VALUE: self_signed(key).public_bytes(Encoding.DER),
            }
        )
    return str(MODULES[0])


# A process logs in once, so the wrong PIN comes first.
@pytest.mark.needs("softhsm2-util")
@pytest.mark.parametrize(
    ("label", "key", "pin", "said"),
    [
        (LABEL, KEY, "1234", "PIN is wrong"),
        ("attic", KEY, PIN, "cannot be used"),
        (LABEL, "other", PIN, "cannot"),
    ],
)
def test_what_cannot_be_used_is_named(office: str, label: str, key: str, pin: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as act:
        token.open_token(office, label, key, pin)
    assert named(act) == [("SEAL-TOKEN", f"token {label}", "administrator")]


@pytest.mark.needs("softhsm2-util")
def test_the_token_signs_what_its_certificate_verifies(office: str) -> None:
    opened = token.open_token(office, LABEL, KEY, PIN)
    made = seal.from_token(opened.sign, opened.certificate, (), "token office", "2026-11-22")
    signature = made.sign(b"what is sealed")
    public = x509.load_der_x509_certificate(opened.certificate).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, b"what is sealed", ec.ECDSA(SHA256()))
    assert not made.repeatable
