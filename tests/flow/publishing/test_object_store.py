"""Deploying to object storage that fails, answers twice, loses answers, or is shared with another machine."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from generator.edge.register.site_files import SiteFiles
from generator.edge.store.s3 import S3Target
from generator.errors import Refused
from tests import workshop
from tests.flow.night.night_office import NEXT, codes, copied, mails, night, opened, states
from tests.flow.publishing import object_store
from tests.flow.publishing.test_deploy import deployed, one_more, public, target

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path, night_over: Path) -> Path:
    return copied(night_over, tmp_path / "workspace")


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with object_store.running() as endpoint:
        yield endpoint


def s3(root: Path, endpoint: str, bucket: str) -> dict[str, object]:
    """A target in a new bucket; the door that knows its secret."""
    object_store.make(endpoint, bucket)
    target(root, kind="s3", bucket=bucket, endpoint=endpoint, access_key="test", host="s3")
    return {"passphrase": lambda box: "test" if box == "s3" else workshop.passphrase(box)}


def objects(endpoint: str, bucket: str) -> S3Store:
    return S3Store(
        bucket,
        endpoint=endpoint,
        region="us-east-1",
        access_key_id="test",
        secret_access_key="test",
        client_options={"allow_http": True},
    )


def listed(store: S3Store) -> dict[str, bytes]:
    """What a visitor gets: bodies as they are once nothing of the way is left on them."""
    names = [item["path"] for batch in obstore.list(store) for item in batch]
    return {name: body(store, name) for name in names}


def body(store: S3Store, name: str) -> bytes:
    found = obstore.get(store, name)
    data = bytes(found.bytes())
    return gzip.decompress(data) if found.attributes.get("Content-Encoding") == "gzip" else data


def test_objects_carry_type_and_cache_policy_and_the_head_comes_last(root: Path, moto: str) -> None:
    with object_store.between(moto) as (endpoint, wire):
        environment = s3(root, endpoint, "plain")
        deployed(root, **environment)
    store = objects(moto, "plain")
    assert listed(store) == public(root)
    for path, kind, cache in (
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("head.json", "application/json", "no-cache"),
        ("m/1.json", "application/json", "public, max-age=31536000, immutable"),
        ("r/2026/0/00/000000.bin", "application/octet-stream", "no-cache"),
    ):
        attributes = obstore.get(store, path).attributes
        assert (attributes["Content-Type"], attributes["Cache-Control"]) == (kind, cache)
        squeezed = attributes.get("Content-Encoding") == "gzip"
        assert squeezed == (path == "index.html"), (
            "pages only: the rest is fetched by programs, or is ciphertext"
        )
    puts = [path for method, path in wire.seen if method == "PUT"]
    assert puts[-1].endswith("/head.json")
    assert puts[-2].endswith("/index.html")
    shards = [rank for rank, path in enumerate(puts) if "/s/" in path]
    buckets = [rank for rank, path in enumerate(puts) if "/r/" in path]
    assert max(buckets) < min(shards)


def test_a_bucket_with_other_things_in_it_is_left_alone(root: Path, moto: str) -> None:
    environment = s3(root, moto, "shop")
    obstore.put(objects(moto, "shop"), "index.html", b"a shop")
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        deployed(root, **environment)
    assert listed(objects(moto, "shop")) == {"index.html": b"a shop"}


@pytest.mark.parametrize("after", [1, 12])
def test_a_bucket_that_vanishes_half_way_is_named(root: Path, moto: str, after: int) -> None:
    name = f"vanished-{after}"
    with object_store.between(moto, gone_after=after) as (endpoint, wire):
        environment = s3(root, moto, name)
        target(root, kind="s3", bucket=name, endpoint=endpoint, access_key="test")
        with pytest.raises(Refused, match=r"DEPLOY-S3: the store has no such bucket"):
            deployed(root, **environment)
        wire.gone_after = 0
        deployed(root, **environment)
    assert listed(objects(moto, name)) == public(root)


def test_a_store_that_fails_one_in_five_or_answers_twice_changes_nothing(root: Path, moto: str) -> None:
    with object_store.between(moto, fail_every=5, twice_every=3, lose_every=7) as (endpoint, wire):
        environment = s3(root, endpoint, "faulty")
        deployed(root, **environment)
        one_more(root)
        deployed(root, NEXT, **environment)
    assert wire.faults > 5
    assert listed(objects(moto, "faulty")) == public(root)
    with opened(root, NEXT) as session:
        assert SiteFiles(session.register).live_sequences() == {"live": 2}


def test_a_store_that_never_answers_leaves_the_old_site_and_the_mail_unsent(root: Path, moto: str) -> None:
    with object_store.between(moto) as (endpoint, wire):
        environment = s3(root, endpoint, "down")
        deployed(root, **environment)
        before = listed(objects(moto, "down"))
        one_more(root)
        wire.fail_every = 1
        done = night(root, NEXT, **environment)
        assert states(done)["deploy"] == "failed"
        assert codes(done) == {"DEPLOY-S3"}
        assert before["head.json"] == listed(objects(moto, "down"))["head.json"]
        sent = [name for name in mails(root) if name.startswith("issued")]
        assert "issued-NW-26-000006" not in sent
        wire.fail_every = 0
        assert states(night(root, NEXT, **environment))["deploy"] == "ok"
    assert "issued-NW-26-000006" in mails(root)


def test_two_machines_cannot_undo_each_other(root: Path, moto: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = s3(root, moto, "race")
    deployed(root, **environment)
    one_more(root)
    real = S3Target._put_head

    def overtaken(self: S3Target, data: bytes, before: str | None) -> None:
        obstore.put(objects(moto, "race"), "head.json", b"another machine's")
        real(self, data, before)

    with monkeypatch.context() as patch:
        patch.setattr(S3Target, "_put_head", overtaken)
        with pytest.raises(Refused, match="DEPLOY-RACE"):
            deployed(root, NEXT, **environment)
    assert bytes(obstore.get(objects(moto, "race"), "head.json").bytes()) == b"another machine's"


def test_a_wrong_key_is_said_at_once(root: Path, moto: str) -> None:
    environment = s3(root, moto, "closed")
    with object_store.between(moto, forbid=True) as (endpoint, wire):
        target(root, kind="s3", bucket="closed", endpoint=endpoint, access_key="test")
        with pytest.raises(Refused, match="does not let us in"):
            deployed(root, **environment)
    assert len(wire.seen) == 2, "one look at the site there, one at its head; not asked again and again"
