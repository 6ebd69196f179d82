"""Every code of a problem that mailing raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

LINK_NONE = Code(
    "LINK-NONE",
    "exams_officer",
    "The certificate has no private link that could be withdrawn.",
    "Correct the certificate number; a link that was withdrawn is gone.",
)
MAIL_ADDRESS = Code(
    "MAIL-ADDRESS",
    "exams_officer",
    "Letters to learners have no address to go to.",
    "Add `email` to the records of the learners.",
)
MAIL_BOUNCE_FILE = Code(
    "MAIL-BOUNCE-FILE",
    "administrator",
    "A returned mail in the folder cannot be read.",
    "Save it again as .eml, whole, or remove it from the folder.",
)
MAIL_CENTRE = Code(
    "MAIL-CENTRE",
    "quality_nominee",
    "The centre has no address to which letters could go.",
    "Add `contact` to the file of the centre.",
)
MAIL_JOURNAL = Code(
    "MAIL-JOURNAL",
    "administrator",
    "The mail journal is gone, so nobody knows which letters went.",
    "Settle each letter in doubt: `certportal deliver --settled` or `--again`.",
)
MAIL_KEY = Code(
    "MAIL-KEY",
    "administrator",
    "No message that waits for a decision has this key.",
    "Copy the key from the morning report.",
)
MAIL_PDF = Code(
    "MAIL-PDF",
    "administrator",
    "The PDF that a letter brings is not the file that was issued.",
    "Restore it, or make it again: `certportal pdf SERIAL`.",
)
MAIL_SERVER = Code(
    "MAIL-SERVER",
    "administrator",
    "The mail server cannot be used; the messages wait.",
    "Check delivery.smtp and its passphrase.",
)
MAIL_STATE = Code(
    "MAIL-STATE",
    "exams_officer",
    "The letter is about a certificate that is not good any more.",
    "Nothing to send: `certportal deliver --settled KEY` takes it off the list.",
)
