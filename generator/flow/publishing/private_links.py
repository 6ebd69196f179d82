"""Private links as published files: the PDF, sealed under a secret that only the learner has."""

from __future__ import annotations

from pathlib import Path

from generator.edge.register.certificates import Certificates
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.site_only import SiteOnly
from generator.flow.mailing.letters import pdf_of
from generator.flow.shared.workspace import Workspace
from generator.formats import private_link


def waiting(workspace: Workspace, register: Register) -> list[str]:
    """Serials that are to get a private link with the next publication."""
    delivery = workspace.portal.delivery
    return Contacts(register).unlinked(delivery.since) if delivery.mode == "link" else []


def files(workspace: Workspace, register: Register, public: Path) -> tuple[dict[str, bytes], set[str]]:
    """Files to write, and paths of those that stand already and never change."""
    issuer_id = workspace.keystore.pin().issuer_id
    certificates = Certificates(register)
    made: dict[str, bytes] = {}
    standing = {path for path in SiteOnly(register).links() if (public / path).is_file()}
    for link in Contacts(register).links():
        derived = private_link.derive(link.secret, issuer_id)
        if (public / derived.path).is_file():
            standing.add(derived.path)
            continue
        issued = certificates.find(link.serial)
        if issued is not None:
            name = f"{link.serial}.pdf"
            made[derived.path] = private_link.encode(derived, link.number, name, pdf_of(workspace, issued))
    return made, standing
