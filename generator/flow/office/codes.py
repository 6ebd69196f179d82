"""Every code of a problem that office raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

INIT_FOLDER = Code(
    "INIT-FOLDER",
    "administrator",
    "The folder for a new workspace is there and not empty.",
    "Name a new or empty folder.",
)
KEYS_CERTIFICATE = Code(
    "KEYS-CERTIFICATE",
    "administrator",
    "No key that signs certificates is valid today.",
    "Add a certificate key with the root key at hand.",
)
KEYS_EXIST = Code(
    "KEYS-EXIST",
    "administrator",
    "The workspace has its keys; others would make it another issuer.",
    "Keep them; `certportal keys renew` extends them.",
)
ROSTER_SIGNERS = Code(
    "ROSTER-SIGNERS",
    "administrator",
    "A change of the roster is not signed by those who may sign it.",
    "Have two people sign who hold office and are not the person, or use the root key.",
)
