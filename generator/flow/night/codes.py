"""Every code of a problem that night raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

BACKUP_DAMAGED = Code(
    "BACKUP-DAMAGED",
    "administrator",
    "A file or a register in a backup is not what was backed up, or a run was not finished.",
    "Back up again, to another disk if the disk did it; restore takes the newest good register.",
)
BACKUP_LINK = Code(
    "BACKUP-LINK",
    "administrator",
    "A link in the workspace is not followed, so what it leads to is not in the backup.",
    "Put the file itself there, or back it up separately.",
)
BACKUP_PLACE = Code(
    "BACKUP-PLACE",
    "administrator",
    "The folder cannot hold the backup: it lies inside the workspace, is a link, holds none, or went away.",
    "Name a folder on another disk or machine.",
)
BACKUP_WORSE = Code(
    "BACKUP-WORSE",
    "administrator",
    "A good copy would be replaced by a worse one: an older or another register, or a damaged file.",
    "Keep the better one, and find out why the other is worse.",
)
DEPLOY_NEARLY = Code(
    "DEPLOY-NEARLY",
    "administrator",
    "The site nearly fills its host.",
    "Plan for a larger host.",
)
DISK_LOW = Code(
    "DISK-LOW",
    "administrator",
    "The disk will soon be full.",
    "Free some space.",
)
DROP_GROWING = Code(
    "DROP-GROWING",
    "exams_officer",
    "A file of the drop folder is still being written.",
    "Nothing: it is read on the next run. Write files elsewhere and move them in.",
)
FRESHNESS = Code(
    "FRESHNESS",
    "administrator",
    "The published status goes stale, or is stale: it was not renewed in time.",
    "Run `certportal nightly` by hand and read what stops it.",
)
KEYS_ENDING = Code(
    "KEYS-ENDING",
    "administrator",
    "The last online key or the key manifest will soon run out.",
    "Run certportal keys renew, with the root key at hand.",
)
MAIL_BOUNCED = Code(
    "MAIL-BOUNCED",
    "exams_officer",
    "A letter came back: the address does not exist or refuses mail.",
    "Correct the address, then certportal deliver --again.",
)
MAIL_DOUBT = Code(
    "MAIL-DOUBT",
    "exams_officer",
    "The connection broke while a letter was handed over.",
    "Ask whom it was for, then certportal deliver --settled or --again.",
)
MAIL_FAILED = Code(
    "MAIL-FAILED",
    "exams_officer",
    "The mail server would not take a letter.",
    "Correct the address, then certportal deliver --again.",
)
ROUND_TRIP = Code(
    "ROUND-TRIP",
    "administrator",
    "A certificate does not verify from its own printed code on the built site.",
    "Find out why before anything is published or sent.",
)
ROUND_TRIP_PAGE = Code(
    "ROUND-TRIP-PAGE",
    "administrator",
    "The built page in a browser does not say that a certificate is valid.",
    "Open the built page by hand: `certportal serve`.",
)
SCAN_DECODER = Code(
    "SCAN-DECODER",
    "administrator",
    "The QR codes could not be read back: the decoder is not installed.",
    "Install the extra certportal[roundtrip].",
)
