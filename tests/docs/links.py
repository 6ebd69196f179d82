"""The worked example of a private link."""

from __future__ import annotations

from generator.crypto import cipher
from generator.formats import private_link

Fields = dict[str, str]


def private_link_example(given: Fields, _every: dict[str, Fields]) -> Fields:
    secret, issuer_id = bytes.fromhex(given["secret"]), given["issuer_id"]
    root = cipher.extract(bytes.fromhex(issuer_id), secret)
    derived = private_link.derive(secret, issuer_id)
    data = private_link.encode(derived, given["number"], given["file"], given["pdf"].encode())
    facts, pdf = private_link.decode(derived, data)
    if (facts.number, facts.file, pdf.decode()) != (given["number"], given["file"], given["pdf"]):
        raise ValueError("the file does not come back")
    return {
        "secret": secret.hex(),
        "issuer_id": issuer_id,
        "number": facts.number,
        "file": facts.file,
        "pdf": pdf.decode(),
        "pseudorandom key": root.hex(),
        "id": derived.id.hex(),
        "key": derived.key.hex(),
        "nonce key": derived.nonce_key.hex(),
        "path": derived.path,
        "address": private_link.address("https://verify.northfield.example", secret),
        "bytes before the ciphertext": data[:13].hex(),
        "tag of the ciphertext": data[-16:].hex(),
        "length": str(len(data)),
    }
