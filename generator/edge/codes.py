"""Every code of a problem that edge raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

BROWSER = Code(
    "BROWSER",
    "administrator",
    "The browser that opens the built page each night does not do so.",
    "Correct publish.browser in portal.yaml, or install the browser.",
)
CLOCK_BACK = Code(
    "CLOCK-BACK",
    "administrator",
    "The computer's clock is earlier than the last event in the register.",
    "Set the clock right, then run the command again.",
)
DEPLOY_RACE = Code(
    "DEPLOY-RACE",
    "administrator",
    "Another machine deployed to the same target meanwhile.",
    "Let only one machine deploy, then deploy again.",
)
DEPLOY_RSYNC = Code(
    "DEPLOY-RSYNC",
    "administrator",
    "rsync could not copy the site to the host.",
    "Follow what rsync said; check the address and the key of the host.",
)
DEPLOY_S3 = Code(
    "DEPLOY-S3",
    "administrator",
    "The object store refused the site or did not answer.",
    "Check bucket, endpoint and access keys.",
)
DEPLOY_TARGET = Code(
    "DEPLOY-TARGET",
    "administrator",
    "A deploy target holds what is not this site, or lies in the workspace or around it.",
    "Name a place for the site alone: empty, or not there yet, and outside the workspace.",
)
DEPLOY_UNWRITABLE = Code(
    "DEPLOY-UNWRITABLE",
    "administrator",
    "The folder of a deploy target cannot be written, or went away.",
    "See that its disk is there; correct the permissions of the folder.",
)
DISK_FULL = Code(
    "DISK-FULL",
    "administrator",
    "The disk has no space left; nothing was lost.",
    "Free some space, then run the command again.",
)
EVENT_CHAIN = Code(
    "EVENT-CHAIN",
    "administrator",
    "The event log was altered, or events were removed from it.",
    "Restore the register from the backup and report it.",
)
FILE_MISSING = Code(
    "FILE-MISSING",
    "administrator",
    "A file that is needed is not there.",
    "Put the file in the place that is named.",
)
FILE_NAME = Code(
    "FILE-NAME",
    "administrator",
    "The name of a file is too long, or is not written in UTF-8.",
    "Give the file another name.",
)
FILE_SIZE = Code(
    "FILE-SIZE",
    "administrator",
    "A file is larger than any of its kind may be.",
    "Check that it is the right file.",
)
FILE_UNREADABLE = Code(
    "FILE-UNREADABLE",
    "administrator",
    "A file cannot be read.",
    "Correct its permissions.",
)
FILE_UNWRITABLE = Code(
    "FILE-UNWRITABLE",
    "administrator",
    "A file cannot be written.",
    "Correct the permissions of its folder.",
)
INPUT_KIND = Code(
    "INPUT-KIND",
    "administrator",
    "What lies where a file is read is no ordinary file: a link, a folder, a pipe, a socket or a device.",
    "Put the file itself in its place; links are not followed, and nothing is waited for.",
)
KEYS_EXPOSED = Code(
    "KEYS-EXPOSED",
    "administrator",
    "A private key can be read by other users of this machine.",
    "Take their permission away, and consider a new key.",
)
KEYS_MANIFEST = Code(
    "KEYS-MANIFEST",
    "administrator",
    "The key manifest is not genuine or not of this organisation.",
    "Restore keys/ from its newest copy.",
)
KEYS_MISSING = Code(
    "KEYS-MISSING",
    "administrator",
    "A key that is needed is not in keys/private.",
    "Copy it there, or make the keys with `certportal keys init`.",
)
KEYS_PASSPHRASE = Code(
    "KEYS-PASSPHRASE",
    "administrator",
    "The passphrase does not open the key.",
    "Give the right passphrase.",
)
KEYS_PRIVATE = Code(
    "KEYS-PRIVATE",
    "administrator",
    "A private key that is needed is not here.",
    "Put its file back from its safe, or run the command where the key is.",
)
KEYS_ROOT = Code(
    "KEYS-ROOT",
    "administrator",
    "The root file cannot be read as one.",
    "Ask the organisation for its root.json, or restore it from the backup.",
)
KEYS_ROSTER = Code(
    "KEYS-ROSTER",
    "administrator",
    "The staff roster is not genuine or not of this organisation.",
    "Restore keys/roster.json from its copy.",
)
PAGE_KIND = Code(
    "PAGE-KIND",
    "administrator",
    "A file of site_src is of a kind that is not published, or a link, pipe or device.",
    "Move it out of site_src; everything there goes to the web.",
)
PDF_UNREADABLE = Code(
    "PDF-UNREADABLE",
    "administrator",
    "A certificate's PDF cannot be opened.",
    "Make it again: `certportal pdf SERIAL`.",
)
REGISTER_BUSY = Code(
    "REGISTER-BUSY",
    "administrator",
    "Another run is writing the register.",
    "Wait until it has ended, then run the command again.",
)
REGISTER_DAMAGED = Code(
    "REGISTER-DAMAGED",
    "administrator",
    "The register is damaged: a page of it is not as it was written, or it is not whole.",
    "Use nothing of it: `certportal restore DIR` puts back the newest good backup.",
)
REGISTER_DISK = Code(
    "REGISTER-DISK",
    "administrator",
    "The disk does not read or write the register.",
    "Look after the disk; restore the newest backup if it stays.",
)
REGISTER_NEWER = Code(
    "REGISTER-NEWER",
    "administrator",
    "The register was written by a newer version of certportal.",
    "Install that version.",
)
REGISTER_UNWRITABLE = Code(
    "REGISTER-UNWRITABLE",
    "administrator",
    "The register cannot be opened for writing.",
    "Correct the permissions of the file and its folder.",
)
SEAL_TIMESTAMP = Code(
    "SEAL-TIMESTAMP",
    "administrator",
    "The time-stamping authority gave no time stamp.",
    "Try again later, name another authority, or seal without a time stamp.",
)
SITE_PAGES = Code(
    "SITE-PAGES",
    "administrator",
    "The pages of the site cannot be built.",
    "Mend the page, its link or mkdocs.yml in site_src.",
)
SITE_UNKNOWN = Code(
    "SITE-UNKNOWN",
    "administrator",
    "What was given is neither a folder nor an address of a site.",
    "Give a folder, or an address that begins with https://.",
)
WORKSPACE_BUSY = Code(
    "WORKSPACE-BUSY",
    "administrator",
    "Another run holds the workspace.",
    "Wait until it has ended, then run the command again.",
)
