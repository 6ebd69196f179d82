"""Making an issued PDF again, and comparing it with the one that was issued (DESIGN 6, reproducible).

Needs no private key: the statement's signature is in the sealed record. Refuses where template,
fonts or program differ from those of the day of issue, because then other bytes would come out,
and where the seal is one that cannot be repeated.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.edge.register.certificates import Certificates, Issued, decode_entry
from generator.errors import Refused
from generator.flow.certifying.printing import Renderers
from generator.flow.certifying.proposals import Proposals
from generator.flow.certifying.sealing import sealing
from generator.flow.codes import CERTIFICATE_UNKNOWN, REPRINT_DIFFERS, REPRINT_RECIPE, REPRINT_SEAL
from generator.flow.shared.session import Session
from generator.formats import entry, envelope, record, statement
from generator.formats.derivation import derive


@dataclass(frozen=True, slots=True)
class Reprint:
    """The file that was made again, byte for byte as issued, and where it was put."""

    serial: str
    pdf_sha256: str
    path: Path
    restored: bool


def reprint(session: Session, serial: str, out: Path | None) -> Reprint:
    """Make a certificate's PDF again; put it to `out`, or back to its place if it is missing there."""
    issued = Certificates(session.register).find(serial)
    if issued is None or issued.statement is None:
        what = "no certificate of this serial is kept" if issued is None else "what it said was erased"
        fix = "copy the serial from the certificate or the list"
        raise Refused(CERTIFICATE_UNKNOWN.at(serial, what, fix))
    pdf = _printed(session, issued, issued.statement)
    digest = hashlib.sha256(pdf).hexdigest()
    if digest != issued.pdf_sha256:
        what = "comes out with other bytes than were issued"
        fix = "use the kept file or a backup, and report this: it must not happen"
        raise Refused(REPRINT_DIFFERS.at(serial, what, fix))
    place = session.workspace.issued_file(serial, issued.issued_on)
    path = out or place
    missing = not path.is_file()
    if missing or out is not None:
        disk.write(path, pdf, private=True)
    return Reprint(serial, digest, path, missing or out is not None)


def _printed(session: Session, issued: Issued, statement_bytes: bytes) -> bytes:
    pin = session.workspace.keystore.pin()
    proposals = Proposals(session.workspace, session.register, pin.issuer_id, session.today)
    renderers = Renderers(session.workspace, pin, proposals, sealing(session.workspace, session.environment))
    renderer = renderers.of(issued.template)
    if renderer.recipe_id != issued.recipe_id:
        what = "template, fonts or program are not those of the day of issue"
        fix = "put back the template and the version of certportal of that day, or use the kept file"
        why = f"recipe {issued.recipe_id[:12]} then, {renderer.recipe_id[:12]} now"
        raise Refused(REPRINT_RECIPE.at(issued.serial, what, fix, why))
    if renderer.seal is not None and not renderer.seal.repeatable:
        what = "its seal was made by a token or carries a timestamp, so no second file is the same"
        fix = "use the kept file, or the backup"
        raise Refused(REPRINT_SEAL.at(issued.serial, what, fix))
    sealed = Certificates(session.register).entry(issued.serial)
    item = record.decode(entry.unseal(derive(issued.number, pin.issuer_id), decode_entry(sealed)))
    if not isinstance(item, record.Record):
        fix = "nothing can be made again, and that is as it should be"
        raise Refused(CERTIFICATE_UNKNOWN.at(issued.serial, "was erased", fix))
    outer = envelope.Envelope(envelope.STATEMENT, item.statement, (item.statement_signature,))
    return renderer.render(statement.decode(statement_bytes), envelope.encode(outer))
