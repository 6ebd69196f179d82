"""Hosts that drip, never answer or never end: each ends at its limit, and is not asked again."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from generator.edge import deadline, mail
from generator.edge.deadline import within
from generator.edge.encoded_body import unpacked
from generator.edge.sites import HttpSite, read_over_http
from generator.edge.store.rsync import RsyncTarget
from generator.edge.store.s3 import S3Target
from generator.edge.store.target import DeploymentPlan
from generator.edge.timestamp_authority import TimestampAuthority
from generator.errors import Malformed, Refused
from generator.flow.publishing import verification
from generator.model.delivery import Smtp
from generator.model.portal import DeployTarget
from generator.rules.published_files import Unreadable
from tests.edge import slow_host
from tests.small_site import PIN, small_site

LIMIT = 0.2  # seconds, where the command line has twenty
NOW = "2026-11-22T03:00:00Z"
SLOW = pytest.mark.parametrize("manner", slow_host.MANNERS)


def test_nobody_is_waited_for_longer_than_in_a_question() -> None:
    assert deadline.LOOK_SECONDS == 20
    assert deadline.sending(0) == 20
    assert deadline.sending(200_000) == 30


def test_what_ends_in_time_is_as_if_it_had_been_called() -> None:
    assert within(LIMIT, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(LIMIT, lambda: 1 // 0)


@SLOW
def test_a_site_is_given_up_at_the_first_file(manner: str) -> None:
    with slow_host.waiting(manner) as (port, seen):
        site = HttpSite(f"http://127.0.0.1:{port}", LIMIT)
        for path in ("head.json", "manifest.json"):
            with pytest.raises(Unreadable, match="network"):
                site.read(path, 1000, again=False)
        assert site.silent
    assert seen.asked == 1, "who let us wait once is not asked again"


def test_a_body_without_an_end_is_cut_at_the_cap() -> None:
    with slow_host.waiting("endless body") as (port, seen):
        site = HttpSite(f"http://127.0.0.1:{port}", 20)
        assert len(site.read("head.json", 1000, again=False)) == 1001
    assert seen.sent < 20_000_000, "what lies in the buffers of the line, and no more"


@SLOW
def test_a_verdict_is_could_not_be_checked(manner: str) -> None:
    number = small_site().numbers["valid"]
    with slow_host.waiting(manner) as (port, _):
        verdict = verification.verdict_for(number, f"http://127.0.0.1:{port}", PIN, NOW, LIMIT)
    assert (verdict.kind, verdict.reason) == ("unreachable", "network")


@pytest.mark.parametrize("manner", [one for one in slow_host.MANNERS if one != "dripping body"])
def test_a_look_at_the_headers(manner: str) -> None:
    with slow_host.waiting(manner) as (port, _), pytest.raises(Unreadable, match="network"):
        read_over_http(f"http://127.0.0.1:{port}", "head.json", LIMIT)


@SLOW
def test_a_time_stamping_authority(manner: str) -> None:
    with slow_host.waiting(manner) as (port, _):
        authority = TimestampAuthority(f"http://127.0.0.1:{port}/", bytes(16), LIMIT)
        with pytest.raises(Refused, match="SEAL-TIMESTAMP"):
            authority.token(hashlib.sha256(b"a certificate").digest())


def store(port: int) -> S3Target:
    settings = DeployTarget.of(
        {"name": "live", "kind": "s3", "bucket": "verify", "endpoint": f"http://127.0.0.1:{port}"}
    )
    return S3Target(settings, lambda: "secret", lambda _: None, LIMIT)


@SLOW
def test_a_store_is_asked_once(manner: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"<p>page</p>")
    plan = DeploymentPlan(tmp_path, 1, (("index.html",),), (), {}, frozenset({"index.html"}))
    acts = [lambda s3: s3.look({}), lambda s3: s3.deploy(plan, list)]
    # What is only put is over with the headers of the answer.
    for act in acts[: 1 if manner == "dripping body" else 2]:
        with slow_host.waiting(manner) as (port, seen):
            with pytest.raises(Refused, match=r"DEPLOY-S3: the store gave no answer within"):
                act(store(port))
            assert seen.asked == 1
    with slow_host.waiting(manner) as (port, seen):
        site = store(port).site()
        for path in ("head.json", "manifest.json"):
            with pytest.raises(Unreadable, match="network"):
                site.read(path, 1000, again=False)
        assert seen.asked == 1


def test_an_object_without_an_end_is_cut_at_the_cap() -> None:
    with slow_host.waiting("endless body") as (port, seen), pytest.raises(Unreadable, match="network"):
        store(port).site().read("head.json", 1000, again=False)
    assert seen.sent < 20_000_000


@pytest.mark.needs("rsync")
def test_a_host_behind_rsync(tmp_path: Path) -> None:
    shell = tmp_path / "shell"
    shell.write_text("#!/bin/sh\nexec sleep 30\n", "utf-8")
    shell.chmod(shell.stat().st_mode | stat.S_IXUSR)
    target = RsyncTarget("web@verify:/srv/verify", (str(shell),), seconds=LIMIT)
    with pytest.raises(Refused, match="DEPLOY-RSYNC: did not end within"):
        target.look({})
    assert target.look({"index.html": b"noted"}) is None, "what we noted is enough where nobody can look"
    (tmp_path / "index.html").write_bytes(b"<p>page</p>")
    plan = DeploymentPlan(tmp_path, 1, (("index.html",),), (), {}, frozenset({"index.html"}))
    with pytest.raises(Refused, match="DEPLOY-RSYNC: did not end within"):
        target.deploy(plan, list)


@pytest.mark.parametrize("manner", ["silent", "dripping greeting", "mail that drips", "mail without an end"])
def test_a_mail_server(manner: str) -> None:
    limit = 20 if manner == "mail without an end" else LIMIT
    settings = Smtp.of({"host": "127.0.0.1", "port": 1, "security": "none", "timeout_seconds": 20})
    with slow_host.waiting(manner) as (port, seen):
        # Half a second is no setting of an office.
        carrier = mail.SmtpTransport(
            settings.model_copy(update={"port": port, "timeout_seconds": limit}), str
        )
        reply = carrier.send(mail.OutgoingMessage("k", "a@example.org", ("b@example.org",), b"x"), int)
        carrier.close()
    assert reply.outcome == "down", "nobody has got it, and it is tried again later"
    assert seen.sent < 20_000_000, "what lies in the buffers of the line, and no more"


@pytest.mark.parametrize(
    ("pieces", "encoding"),
    [([b"x"], "br"), ([b"not gzip"], "gzip"), ([b"\x1f\x8b\x08\0\0\0\0\0\0\xff"], "gzip")],
)
def test_a_body_that_is_not_what_it_says_is_refused(pieces: list[bytes], encoding: str) -> None:
    with pytest.raises(Malformed):
        unpacked(pieces, encoding, 100)
