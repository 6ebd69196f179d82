"""How learners get their certificates: the section `delivery` of portal.yaml (docs/delivery.md)."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from generator.model.value import Day, Field, Text, Value, model_validator, written

Host = Annotated[str, written(r"^[A-Za-z0-9.-]{1,253}$", "the name of a host")]
Address = Annotated[
    str,
    written(
        r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,188}[A-Za-z0-9])?$",
        "an e-mail address",
    ),
]


class Smtp(Value):
    """The mail server. The password is the passphrase `smtp`; it is never in a file of ours.

    `ca_file`: the certificates to trust where the server's own is not signed by a public authority.
    """

    host: Host
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Text | None = None
    ca_file: Text | None = None
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 20

    @model_validator(mode="after")
    def _sealed(self) -> Smtp:
        if self.security == "none" and self.user is not None and not _is_loopback(self.host):
            raise ValueError("security none with a user sends the password in the clear: use starttls or tls")
        return self


def _is_loopback(host: str) -> bool:
    """Whether a connection to this host stays on this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class DeliverySettings(Value):
    """How learners get their certificates, and who gets the morning report (docs/delivery.md).

    `link_days`: a private link is published on a day drawn from so many after its certificate's, 0: with it.
    `since`: certificates issued before that day are never sent by themselves. `in_doubt`: what
    becomes of a message of which nobody can know whether the server took it.
    """

    mode: Literal["attach", "link", "off"] = "attach"
    link_days: Annotated[int, Field(ge=0, le=14)] = 0
    transport: Literal["outbox", "smtp"] = "outbox"
    sender: Address | None = None
    report_to: tuple[Address, ...] = ()
    since: Day | None = None
    smtp: Smtp | None = None
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 60
    attempts: Annotated[int, Field(ge=1, le=20)] = 6
    in_doubt: Literal["list", "again"] = "list"

    @model_validator(mode="after")
    def _complete(self) -> DeliverySettings:
        if self.transport == "smtp" and self.smtp is None:
            raise ValueError("transport smtp needs the section smtp")
        return self
