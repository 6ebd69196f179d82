"""Every code of a problem that publishing raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

AUDIT = Code(
    "AUDIT",
    "administrator",
    "The published site or the register is not as it must be.",
    "Do what the finding says; publish --rewrite writes damaged files anew.",
)
DEPLOY_ALTERED = Code(
    "DEPLOY-ALTERED",
    "administrator",
    "A file in public/ is not the one that was published.",
    "Run certportal publish, then ask who changes files there.",
)
DEPLOY_LIMIT = Code(
    "DEPLOY-LIMIT",
    "administrator",
    "The site is larger than its host takes.",
    "Choose a host without this limit.",
)
DEPLOY_NAME = Code(
    "DEPLOY-NAME",
    "administrator",
    "No deploy target has this name.",
    "Name one of portal.yaml.",
)
DEPLOY_NOTHING = Code(
    "DEPLOY-NOTHING",
    "administrator",
    "Nothing is published that could be deployed.",
    "Run certportal publish first.",
)
LIVE_404 = Code(
    "LIVE-404",
    "administrator",
    "The host does not answer 404 for a file that is not there.",
    "Correct the configuration of the host (docs/deploy.md).",
)
LIVE_HOST = Code(
    "LIVE-HOST",
    "administrator",
    "The live site does not answer as it should.",
    "Correct the configuration of the host (docs/deploy.md).",
)
LIVE_OLD = Code(
    "LIVE-OLD",
    "administrator",
    "The live site shows an older publication.",
    "Deploy again, or empty the cache in front of the site.",
)
LIVE_TYPE = Code(
    "LIVE-TYPE",
    "administrator",
    "The host serves a file under the wrong type.",
    "Correct the configuration of the host (docs/deploy.md).",
)
LIVE_VERDICT = Code(
    "LIVE-VERDICT",
    "administrator",
    "A certificate does not verify on the live site.",
    "Deploy again; audit public/ if it stays.",
)
PAGE_MARKUP = Code(
    "PAGE-MARKUP",
    "administrator",
    "A page, picture or style of the site would run a script, lead away by itself or fetch from elsewhere.",
    "Take it out of the page or template, and ask who put it there.",
)
PUBLISH_PRIVATE = Code(
    "PUBLISH-PRIVATE",
    "administrator",
    "A file that is about to be published holds what must stay private; nothing was published.",
    "Move it out of site_src, and ask how it came there.",
)
PUBLISH_STATUS = Code(
    "PUBLISH-STATUS",
    "administrator",
    "The published pages are not those of the last publication.",
    "Run certportal publish.",
)
RECOVER_BRANCHED = Code(
    "RECOVER-BRANCHED",
    "administrator",
    "This register and the site have gone different ways.",
    "Restore the newest register, or one never worked on since.",
)
RECOVER_IMPORT = Code(
    "RECOVER-IMPORT",
    "administrator",
    "Claims are not registered whose certificates may be out.",
    "Run certportal import --write, then the recovery again.",
)
RECOVER_KEYS = Code(
    "RECOVER-KEYS",
    "administrator",
    "The site is under a newer key manifest than keys/ holds.",
    "Restore keys/ from its newest copy.",
)
RECOVER_NEWER = Code(
    "RECOVER-NEWER",
    "administrator",
    "The site is not newer than this register.",
    "Nothing is to be recovered.",
)
RECOVER_REBUILD = Code(
    "RECOVER-REBUILD",
    "administrator",
    "What is published would not come out again as it is.",
    "Keep this copy of the register and call whoever maintains your installation.",
)
RECOVER_SITE = Code(
    "RECOVER-SITE",
    "administrator",
    "The site to recover from is not whole.",
    "Copy the whole published site into public/.",
)
ROLLBACK_PAGES = Code(
    "ROLLBACK-PAGES",
    "administrator",
    "There are no earlier pages of that publication.",
    "Name one that is kept, or correct site_src and publish.",
)
ROOT_MISSING = Code(
    "ROOT-MISSING",
    "administrator",
    "There is no root file to trust.",
    "Give the root file of the organisation: --root root.json.",
)
