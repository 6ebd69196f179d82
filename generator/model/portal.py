"""portal.yaml: the organisation, its site, its policy and how it publishes (docs/portal-yaml.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model.keyring import ONLINE_WINDOW_DAYS, Origin
from generator.model.people import RoleName
from generator.model.value import Code, Distinct, Field, Handle, Language, Text, Value

Accent = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Scalar = str | int | bool | None


class Contact(Value):
    """Where an employer or learner may turn; published on every page."""

    email: Annotated[str, Field(pattern=r"^[^@\s<>\"]{1,64}@[A-Za-z0-9.-]{1,190}$")]
    telephone: Text | None = None
    address: Text | None = None


class Organisation(Value):
    """The issuer. `code` begins every serial; `timezone` decides on which day something happens."""

    kind: Literal["awarding_organisation", "centre", "course_provider"]
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")]
    name: Text
    timezone: Text
    language: Language
    contact: Contact


class Place(Value):
    """A site of a centre."""

    name: Text
    address: Text | None = None


class Centre(Value):
    """A centre: the organisation's own identity where it is one, or where its learners are."""

    number: Code
    name: Text
    sites: tuple[Place, ...] = ()


class SiteSettings(Value):
    """The verification site. `origin` is printed on certificates and encoded in the QR."""

    origin: Origin
    languages: Annotated[tuple[Language, ...], Field(min_length=1), Distinct] = ("en",)
    accent: Accent = "#1f4e5f"


# One control's switch: `mode` and its parameters by name; rules/controls knows which there are.
Switch = dict[str, Scalar | tuple[Scalar, ...]]


class Policy(Value):
    """The pack, and what differs from it: roles that must approve, controls and parameters."""

    pack: Handle
    approvals: Annotated[tuple[RoleName, ...], Field(min_length=1), Distinct] | None = None
    standing_approvals: Annotated[tuple[RoleName, ...], Field(min_length=2), Distinct] | None = None
    controls: dict[str, Switch] = {}


class Pack(Value):
    """A policy pack: the same, complete, with every control named (docs/policies.md)."""

    schema_: Literal[1] = Field(alias="schema")
    pack: Handle
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
    """The template used where the catalogue names none, and how PDFs are sealed (docs/sealing.md)."""

    template: Handle = "completion"
    seal: Literal["none", "self", "pkcs12", "pkcs11"] = "none"
    token: TokenSettings | None = None
    keep: bool = True


class PublishSettings(Value):
    """`period_days`: how long a published status counts as current."""

    period_days: Annotated[int, Field(ge=2, le=ONLINE_WINDOW_DAYS)] = 21


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
