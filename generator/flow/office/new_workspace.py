"""`certportal init`: a new workspace with everything explained in the files themselves."""

from __future__ import annotations

import re
from pathlib import Path

from generator.edge import disk
from generator.errors import Place, Refused
from generator.flow.office.codes import INIT_FOLDER
from generator.flow.shared.workspace import installed_site_source
from generator.model.portal import Portal
from generator.sheets import strict_yaml

_PORTAL = """\
# What certportal needs to know of your organisation. Every field is explained in docs/portal-yaml.md;
# an unknown field is an error that names its line.
schema: 1
sample: false

organisation:
  kind: awarding_organisation
  code: {code}
  name: {name}
  timezone: Europe/London
  language: en
  contact:
    email: certificates@example.org

site:
  # Printed on every certificate and encoded in its QR: choose an address you will keep.
  origin: {origin}

policy:
  rule_set: awarding-organisation
  # Each claim needs one approval in each of these roles, by different people.
  approvals: [lead_internal_verifier, quality_nominee]
  # Courses with `automatic` in the catalogue are issued under a standing approval by these.
  standing_approvals: [programme_leader, quality_nominee]
  # What differs from the rule set, control by control; docs/controls.md explains each.
  # controls:
  #   CLAIM-WINDOW: {{mode: report, late_days: 365}}

certificate:
  template: completion

publish:
  period_days: 21
"""
_CATALOGUE = """\
# One version of one qualification or course. Copy this file for each; docs/catalogue.md explains it.
schema: 1
programme: FIRST101
version: "1"
title: My First Course
labels:
  course: Certificate of Completion
units:
  - {code: M1, title: First module}
automatic:
  modules: all
"""
_CENTRE = """\
# A centre at which learners are taught and assessed. Claims name it by its number.
schema: 1
number: MAIN
name: Main Centre
"""
_APPROVALS = """\
# Which programme a centre may offer, from when; docs/layouts.md explains this and the other layouts.
schema: 1
centre-approvals:
  - {centre: MAIN, programme: FIRST101, start: 2020-01-01}
"""
_CLAIMS = """\
# Claims in our own layout; docs/claims.md explains it. Remove the # in front and fill in.
# schema: 1
# claims:
#   - kind: course
#     programme: FIRST101
#     version: "1"
#     centre: MAIN
#     learner_ref: L0001
#     learner_name: Learner's Name
#     completed_on: 2026-11-20
#     results: [{unit: M1, grade: Completed}]
"""
_GITIGNORE = """\
# Public keys are kept in git; everything private or made is not.
/keys/private/
/keys/roster.json
/keys/rosters/
/public/
/certificates/approvals/
/certificates/issued/
/certificates/reports/
/certificates/outbox/
/certificates/bounces/
/certificates/mail-journal.txt
/certificates/registrations/
/certificates/records/
/certificates/claims/*
!/certificates/claims/example.yaml.txt
/certificates/register.db*
/certificates/.lock
"""
# In the place of the organisation's own logo, so that nobody prints another's.
_LOGO = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><title>A ring, until there is a logo</title>\
<circle cx="50" cy="50" r="47" fill="none" stroke="#1f4e5f" stroke-width="2.4"/>\
<circle cx="50" cy="50" r="40" fill="none" stroke="#1f4e5f" stroke-width="0.8"/></svg>
"""
_LOGO_LINE = re.compile(r"^(\s*logo: \{file: logo\.svg, alt: ).*\}$", re.MULTILINE)
_TEMPLATES_CAP = 50_000_000
_FOLDERS = ("records", "registrations", "claims", "approvals", "issued", "reports")


def make(folder: Path, name: str, code: str, origin: str) -> list[str]:
    """Write a new workspace; the names of its files. Refuses a folder that holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fix = "name a new or empty folder"
        raise Refused(INIT_FOLDER.at(Place(str(folder)), "is there already and not empty", fix))
    portal = _PORTAL.format(name=_quoted(name), code=_quoted(code), origin=_quoted(origin))
    strict_yaml.read(Portal, portal.encode(), Place("portal.yaml"))
    files = {
        "portal.yaml": portal,
        "certificates/catalogue/FIRST101-1.yaml": _CATALOGUE,
        "certificates/centres/MAIN.yaml": _CENTRE,
        "certificates/records/centre-approvals.yaml": _APPROVALS,
        "certificates/claims/example.yaml.txt": _CLAIMS,
        ".gitignore": _GITIGNORE,
    }
    for path, text in files.items():
        disk.write(folder / path, text.encode())
    for path, data in _templates(name).items():
        disk.write(folder / "site_src" / "templates" / path, data)
    for part in _FOLDERS:
        (folder / "certificates" / part).mkdir(parents=True, exist_ok=True)
    return [*files, "site_src/templates/"]


def _templates(name: str) -> dict[str, bytes]:
    """The designs that came with certportal, with a plain ring where the logo belongs."""
    found = disk.read_tree(installed_site_source() / "templates", _TEMPLATES_CAP, "templates")
    made = {}
    for path, data in found.items():
        if path.endswith("/logo.svg"):
            made[path] = _LOGO.encode()
        elif path.endswith("/template.yaml"):
            alt = _quoted(f"Logo of {name}").replace("\\", "\\\\")
            made[path] = _LOGO_LINE.sub(rf"\g<1>{alt}}}", data.decode()).encode()
        else:
            made[path] = data
    return made


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
