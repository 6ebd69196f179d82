"""portal.yaml: the organisation, its site, its policy and how it publishes (docs/portal-yaml.md)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from generator.model.delivery import Address, DeliverySettings
from generator.model.keyring import ONLINE_WINDOW_DAYS, Origin
from generator.model.paper import PaperSettings
from generator.model.people import RoleName
from generator.model.value import (
    Code,
    Day,
    Distinct,
    Field,
    Handle,
    Language,
    Text,
    Value,
    model_validator,
    written,
)
from generator.terms import OrganisationKind

Accent = Annotated[str, written(r"^#[0-9a-fA-F]{6}$", "a colour such as #1f4e5f")]
Scalar = str | int | bool | None


WebAddress = Annotated[str, written(r"^https?://[!-~]{1,500}$", "an address that begins with https://")]


class Contact(Value):
    """Where an employer or learner may turn; published on every page."""

    email: Annotated[str, written(r"^[^@\s<>\"]{1,64}@[A-Za-z0-9.-]{1,190}$", "an e-mail address")]
    telephone: Text | None = None
    address: Text | None = None


class Organisation(Value):
    """The issuer. `code` begins every serial; `timezone` decides on which day something happens."""

    kind: OrganisationKind
    code: Annotated[str, written(r"^[A-Z]{2,4}$", "two to four capital letters")]
    name: Text
    timezone: Text
    language: Language
    contact: Contact


class CentreSite(Value):
    """A site of a centre."""

    name: Text
    address: Text | None = None


class Mailbox(Value):
    """Where somebody is written to, and in which language; the organisation's own where none is named."""

    email: Address
    language: Language | None = None


class Centre(Value):
    """A centre: the organisation's own identity where it is one, or where its learners are.

    `contact` is the office that is written to, about certificates that come to their end for example.
    """

    number: Code
    name: Text
    sites: tuple[CentreSite, ...] = ()
    contact: Mailbox | None = None


class SiteSettings(Value):
    """The verification site. `origin` is printed on certificates and encoded in the QR."""

    origin: Origin
    languages: Annotated[tuple[Language, ...], Field(min_length=1), Distinct] = ("en",)
    accent: Accent = "#1f4e5f"


# One control's switch: `mode` and its parameters by name; rules/controls knows which there are.
Switch = dict[str, Scalar | tuple[Scalar, ...]]


Roles = Annotated[tuple[RoleName, ...], Field(min_length=1), Distinct]


class AfterIssue(Value):
    """Which roles decide what is done to a certificate after issue (docs/afterwards.md).

    One person in any of the roles of `hold`, `suspend`, `resend` and `restricted` is enough; of the others
    each role decides, each by another person.
    """

    hold: Roles = ("exams_officer", "quality_nominee", "senior_manager")
    suspend: Roles = ("quality_nominee", "senior_manager")
    resend: Roles = ("exams_officer", "quality_nominee")
    restricted: Roles = ("exams_officer", "quality_nominee")
    revoke: Roles = ("quality_nominee", "senior_manager")
    reinstate: Roles = ("quality_nominee", "senior_manager")
    replace: Roles = ("exams_officer", "quality_nominee")
    erase: Roles = ("quality_nominee", "senior_manager")
    replacement_template: Handle | None = None


class RetentionRule(Value):
    """How long a kind of record is kept, and from when that counts (docs/expiry.md)."""

    records: Text
    since: Literal["issue", "end_of_year_of_issue"] = "issue"
    years: Annotated[int, Field(ge=0, le=100)] = 0
    days: Annotated[int, Field(ge=0, le=3660)] = 0


class ScheduledReview(Value):
    """A policy or agreement that is looked at again on a day."""

    subject: Text
    due: Day


class Reminders(Value):
    """How many days before the day a reminder goes out, and which policies fall due when."""

    days: Annotated[tuple[Annotated[int, Field(ge=0, le=3660)], ...], Field(min_length=1), Distinct] = (
        90,
        30,
        7,
    )
    reviews: tuple[ScheduledReview, ...] = ()


class Policy(Value):
    """The rule set, and what differs from it: roles that must approve, controls and parameters."""

    rule_set: Handle
    approvals: Annotated[tuple[RoleName, ...], Field(min_length=1), Distinct] | None = None
    standing_approvals: Annotated[tuple[RoleName, ...], Field(min_length=2), Distinct] | None = None
    controls: dict[str, Switch] = {}
    after_issue: AfterIssue = AfterIssue()
    paper: PaperSettings = PaperSettings()

    @model_validator(mode="before")
    @classmethod
    def _earlier_name(cls, fields: Any) -> Any:
        # A portal.yaml from before the word changed is still read.
        if isinstance(fields, dict) and "pack" in fields and "rule_set" not in fields:
            return {("rule_set" if name == "pack" else name): value for name, value in fields.items()}
        return fields


class RuleSet(Value):
    """What a policy starts from, complete: every control is named (docs/policies.md)."""

    schema_: Literal[1] = Field(alias="schema")
    rule_set: Handle
    title: Text
    approvals: Annotated[tuple[RoleName, ...], Field(min_length=1), Distinct]
    standing_approvals: Annotated[tuple[RoleName, ...], Field(min_length=2), Distinct]
    controls: dict[str, Switch]


class TokenSettings(Value):
    """A PKCS#11 token: its module (a library file), its label, and the label of key and certificate."""

    module: Text
    label: Text
    key: Text


class CertificateSettings(Value):
    """The template used where the catalogue names none, and how PDFs are sealed (docs/sealing.md).

    `timestamp`: address of a time-stamping authority (RFC 3161) asked for each seal. `keep`: whether
    issued files are missed when they are gone; they are, where they cannot be made again.
    """

    template: Handle = Handle("completion")
    seal: Literal["none", "self", "pkcs12", "pkcs11"] = "none"
    token: TokenSettings | None = None
    timestamp: WebAddress | None = None
    keep: bool = True

    @model_validator(mode="after")
    def _fit(self) -> CertificateSettings:
        if self.timestamp and self.seal == "none":
            raise ValueError("a timestamp needs a seal: name one below `seal`")
        if not self.keep and (self.timestamp or self.seal == "pkcs11"):
            raise ValueError("keep cannot be false: a token's or stamped seal cannot be made again")
        return self


class PublishSettings(Value):
    """`period_days`: how long a published status counts as current.

    `grace_days`: how long files stay that nothing refers to any more. `scan`: whether the QR of new
    certificates is read back before the site goes out; of more than `scan_sample`, so many are drawn.
    `browser`: a Chromium that opens the page of one of them as a visitor would.
    """

    period_days: Annotated[int, Field(ge=2, le=ONLINE_WINDOW_DAYS)] = 21
    grace_days: Annotated[int, Field(ge=0, le=90)] = 7
    scan: Literal["required", "where_possible", "off"] = "where_possible"
    scan_sample: Annotated[int, Field(ge=1, le=100_000)] = 40
    browser: Text | None = None


# None of these may be taken for an option of a program, or end the line of a configuration it is written to.
TargetPath = Annotated[
    Text,
    written(
        r"^[A-Za-z0-9_./\\\u00a1-\uffff][ A-Za-z0-9_./\\:@+=,()\u00a1-\uffff-]*$",
        "the path of a folder: letters, digits, spaces inside and . _ - / : @ + = , ( )",
    ),
]
SshHost = Annotated[
    str,
    written(
        r"^([A-Za-z0-9_][A-Za-z0-9._-]{0,63}@)?([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])$",
        "a host, or user@host",
    ),
]
ShellWord = Annotated[
    str, written(r"^[A-Za-z0-9_./:@+=,-]{1,300}$", "one word of letters, digits and . _ - / : @ + = ,")
]
Bucket = Annotated[str, written(r"^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$", "the name of a bucket")]
Prefix = Annotated[
    str,
    written(r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*){0,20}/?$", "names with / between"),
    Field(max_length=300),
]
Region = Annotated[str, written(r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$", "the name of a region")]
AccessKey = Annotated[str, written(r"^[A-Za-z0-9_+/=.-]{1,128}$", "an access key without spaces")]
_SSH_SWITCHES = ("-4", "-6", "-C", "-q")
_SSH_VALUES = ("-i", "-p", "-l", "-J")


class DeployTarget(Value):
    """One place to which the site is copied (docs/deploy.md). `url` is where the public sees it.

    `shell`: the program that rsync talks through, and what it is given: ssh with a key or a port of its own.
    """

    name: Handle
    kind: Literal["folder", "rsync", "s3"]
    url: Origin | None = None
    host: Literal[
        "nginx",
        "caddy",
        "s3",
        "headers",
        "github_pages",
        "gitlab_pages",
        "cloudflare_pages",
        "azure_static",
        "other",
    ] = "other"
    path: TargetPath | None = None
    ssh: SshHost | None = None
    shell: tuple[ShellWord, ...] = ()
    bucket: Bucket | None = None
    prefix: Prefix | None = None
    endpoint: WebAddress | None = None
    region: Region = "us-east-1"
    access_key: AccessKey | None = None
    precompress: bool = False

    @model_validator(mode="after")
    def _complete(self) -> DeployTarget:
        needed = {"folder": ("path",), "rsync": ("path",), "s3": ("bucket",)}[self.kind]
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a target of kind {self.kind} needs {' and '.join(missing)}")
        if self.kind == "rsync" and (":" in (self.path or "") or " " in (self.path or "")):
            raise ValueError("path: rsync takes one without `:` and spaces; the host is named below `ssh`")
        _check_shell(self.shell)
        return self


def _check_shell(words: tuple[str, ...]) -> None:
    """Raises `ValueError` for words that make ssh run another program, or listen to another file."""
    rest = list(words[1:])
    if words and words[0].startswith("-"):
        raise ValueError("shell: begins with a program, not with an option")
    while rest:
        word = rest.pop(0)
        value = rest.pop(0) if word in _SSH_VALUES and rest else None
        if word not in _SSH_SWITCHES and (value is None or value.startswith("-")):
            known = ", ".join((*_SSH_VALUES, *_SSH_SWITCHES))
            raise ValueError(f"shell: after the program only {known} may follow, each with its value")


class Portal(Value):
    """The whole of portal.yaml. `sample: true` marks a demonstration everywhere it is seen."""

    schema_: Literal[1] = Field(alias="schema")
    sample: bool = False
    organisation: Organisation
    centre: Centre | None = None
    site: SiteSettings
    policy: Policy
    certificate: CertificateSettings = CertificateSettings()
    publish: PublishSettings = PublishSettings()
    retention: tuple[RetentionRule, ...] = ()
    reminders: Reminders = Reminders()
    delivery: DeliverySettings = DeliverySettings()
    deploy: tuple[DeployTarget, ...] = ()

    @model_validator(mode="after")
    def _targets(self) -> Portal:
        names = [target.name for target in self.deploy]
        if len(set(names)) != len(names):
            raise ValueError("two deploy targets have one name")
        return self
