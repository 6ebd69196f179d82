"""A workspace: its settings and inputs, read once and frozen for the rules (docs/operations.md)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from generator.edge import disk
from generator.edge.keystore import Keystore
from generator.edge.register.database import Randomness, Register
from generator.errors import Place, Problem, Refused
from generator.flow.shared.codes import (
    CATALOGUE_TWICE,
    CENTRE_TWICE,
    POLICY_RULE_SET,
    TEMPLATE_MISSING,
    WORKSPACE_MISSING,
)
from generator.formats.approval import catalogue_digest
from generator.model.catalogue import Programme
from generator.model.claim import Claim
from generator.model.portal import Centre, Portal, RuleSet
from generator.model.template import Template
from generator.model.value import Day, Digest, Instant, Serial
from generator.render import template_file
from generator.rules.policy import PolicyInForce, resolve
from generator.sheets import centre_file, layouts, strict_yaml
from generator.sheets.codes import YAML_FIELD

_SETTINGS_CAP = 1_000_000
_TEMPLATE_CAP = 50_000_000
_REPLACEMENT = "replacement"
_RULE_SETS = Path(__file__).parents[2] / "rules" / "rule_sets"


def installed_site_source() -> Path:
    """What came with certportal: a wheel carries it inside, in a checkout it is beside the package."""
    package = Path(__file__).parents[2]
    inside = package / "_site_src"
    return inside if inside.is_dir() else package.parent / "site_src"


@dataclass(frozen=True)
class Workspace:
    """One folder with portal.yaml. Reading raises `Refused` with every problem of every file."""

    root: Path
    portal: Portal
    programmes: Mapping[tuple[str, str], Programme]
    centres: Mapping[str, Centre]
    policy: PolicyInForce

    @property
    def certificates(self) -> Path:
        """The private folder: inputs, register and issued PDFs."""
        return self.root / "certificates"

    @property
    def public(self) -> Path:
        """The published folder."""
        return self.root / "public"

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the hosts to which `public/` is deployed."""
        return tuple(target.name for target in self.portal.deploy)

    @property
    def keystore(self) -> Keystore:
        """The keys folder."""
        return Keystore(self.root / "keys")

    @property
    def site_source(self) -> Path:
        """Pages, theme, scripts and templates: the workspace's own, else the installed ones."""
        own = self.root / "site_src"
        # Whatever is there: a link or a pipe is refused by name, not passed over.
        return own if os.path.lexists(own / "mkdocs.yml") else installed_site_source()

    @cached_property
    def digests(self) -> Mapping[tuple[str, str], Digest]:
        """The digest of every catalogue entry."""
        return {key: catalogue_digest(programme) for key, programme in self.programmes.items()}

    def register(self, randomness: Randomness) -> Register:
        """The register, opened."""
        return Register(self.certificates / "register.db", randomness)

    def today(self, now: Instant) -> Day:
        """The organisation's day at an instant."""
        zone = ZoneInfo(self.portal.organisation.timezone)
        return Day(datetime.fromisoformat(now).astimezone(zone).date().isoformat())

    def template_name(self, claim: Claim, programme: Programme) -> str:
        """The template with which a claim would be printed."""
        return programme.template(claim.kind) or self.portal.certificate.template

    def template(self, name: str) -> Template:
        """A template. Raises `Refused` with all its problems."""
        folder = self._template_folder(name)
        where = f"site_src/templates/{name}"
        if not folder.is_dir():
            known = ", ".join(path.name for path in sorted(folder.parent.glob("*")) if path.is_dir())
            raise Refused(TEMPLATE_MISSING.at(Place(where), "is not there", f"name one of: {known}"))
        return template_file.load(disk.read_tree(folder, _TEMPLATE_CAP, where), where)

    def replacement_template(self, before: str) -> str:
        """With which template a certificate printed with another is replaced, where nobody names one.

        A design has its own replacement beside it, `NAME-replacement`; else the common one is taken.
        """
        named = self.portal.policy.after_issue.replacement_template
        own = before if before.endswith(_REPLACEMENT) else f"{before}-{_REPLACEMENT}"
        return named or (own if self._template_folder(own).is_dir() else _REPLACEMENT)

    def _template_folder(self, name: str) -> Path:
        own = self.root / "site_src" / "templates" / name
        return own if own.is_dir() else self.site_source / "templates" / name

    def issued_file(self, serial: Serial, issued_on: Day) -> Path:
        """Where a certificate's PDF is kept."""
        return self.certificates / "issued" / issued_on[:4] / f"{serial}.pdf"

    def shown(self, path: Path) -> str:
        """A path as messages show it: relative to the workspace."""
        inside = path.is_relative_to(self.root)
        return disk.printable(path.relative_to(self.root).as_posix() if inside else str(path))


def load_workspace(root: Path) -> Workspace:
    """Read a workspace's settings and catalogue."""
    portal_file = root / "portal.yaml"
    if not portal_file.exists():
        fix = "go to the folder that holds portal.yaml, or make one with `certportal init`"
        raise Refused(WORKSPACE_MISSING.at(Place(str(root)), "is no workspace: it has no portal.yaml", fix))
    problems: list[Problem] = []
    portal_data = disk.read(portal_file, _SETTINGS_CAP, "portal.yaml")
    portal = _portal(portal_data, problems)
    programmes: dict[tuple[str, str], Programme] = {}
    for where, data in _files(root, "certificates/catalogue", problems):
        programme = _collected(partial(strict_yaml.read, Programme), data, where, problems)
        if programme is None:
            continue
        key = (programme.programme, programme.version)
        if key in programmes:
            what = f"{key[0]} version {key[1]} is in two files"
            problems.append(CATALOGUE_TWICE.at(Place(where), what, "remove one"))
        programmes[key] = programme
    centres: dict[str, Centre] = {}
    for where, data in _files(root, "certificates/centres", problems, tuple(layouts.FORMS)):
        for item in _collected(centre_file.read, data, where, problems) or ():
            number = item.record.number
            if number in centres:
                problems.append(CENTRE_TWICE.at(item.place, f"{number} is there twice", "remove one"))
            centres[number] = item.record
    policy = _policy(portal, portal_data, problems) if portal else None
    if problems or portal is None or policy is None:
        raise Refused(problems)
    if portal.centre:
        centres.setdefault(portal.centre.number, portal.centre)
    return Workspace(root, portal, programmes, centres, policy)


def _policy(portal: Portal, data: bytes, problems: list[Problem]) -> PolicyInForce | None:
    """The rule set that portal.yaml names, with what portal.yaml changes in it."""
    document = strict_yaml.load(data, Place("portal.yaml"))
    path = _RULE_SETS / f"{portal.policy.rule_set}.yaml"
    if not path.is_file():
        name = "policy.rule_set" if "policy.rule_set" in document.lines else "policy.pack"
        place = Place("portal.yaml", document.line(name), name)
        known = ", ".join(sorted(found.stem for found in _RULE_SETS.glob("*.yaml")))
        problems.append(
            POLICY_RULE_SET.at(place, f"there is no rule set {path.stem}", f"name one of: {known}")
        )
        return None
    where = f"rule_sets/{path.name}"
    policy, faults = resolve(
        strict_yaml.read(RuleSet, disk.read(path, _SETTINGS_CAP, where), Place(where)), portal.policy
    )
    for dotted, fault in faults:
        place = Place("portal.yaml", document.line(dotted), dotted)
        problems.append(replace(fault, place=place))
    return policy


def _portal(data: bytes, problems: list[Problem]) -> Portal | None:
    portal = _collected(_read_portal, data, "portal.yaml", problems)
    if portal is None:
        return None
    try:
        ZoneInfo(portal.organisation.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        what = f"`{portal.organisation.timezone}` is no time zone"
        problems.append(
            YAML_FIELD.at(
                Place("portal.yaml", column="organisation.timezone"), what, "write for example Europe/London"
            )
        )
    return portal


def _read_portal(data: bytes, place: Place) -> Portal:
    return strict_yaml.read(Portal, data, place)


def _files(
    root: Path, folder: str, problems: list[Problem], endings: tuple[str, ...] = (".yaml", ".yml")
) -> list[tuple[str, bytes]]:
    found = []
    try:
        paths = disk.listed(root / folder)
    except Refused as refused:
        problems += refused.problems
        return []
    for path in paths:
        if path.suffix.lower() not in endings or path.name.startswith((".", "~$")):
            continue
        where = disk.printable(f"{folder}/{path.name}")
        try:
            found.append((where, disk.read(path, _SETTINGS_CAP, where)))
        except Refused as refused:
            problems += refused.problems
    return found


Read = TypeVar("Read")


def _collected(
    read: Callable[[bytes, Place], Read], data: bytes, where: str, problems: list[Problem]
) -> Read | None:
    try:
        return read(data, Place(where))
    except Refused as refused:
        problems += refused.problems
        return None
