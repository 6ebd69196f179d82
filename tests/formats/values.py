"""Hypothesis strategies for the values of formats that are text."""

from __future__ import annotations

import unicodedata
from datetime import date

from hypothesis import strategies as st

from generator.crypto.ed25519 import SeedSigner
from generator.formats import head, pages, verification_code
from generator.formats.approval import Approval, StandingApproval
from generator.formats.envelope import Signature
from generator.model.certificate import Statement
from generator.model.keyring import Manifest
from generator.model.people import Roster
from generator.model.value import instant
from tests import small_site as small

# Any script, combining marks and joiners; never what hides or reorders.
_words = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("\u200c\u200d"), min_size=1)
texts = st.lists(_words, min_size=1, max_size=3).map(
    lambda words: unicodedata.normalize("NFC", " ".join(words))[:60].strip() or "x"
)
days = st.dates(date(1001, 1, 1), date(9998, 12, 31)).map(date.isoformat)
instants = st.integers(-62135596800, 253402300799).map(instant)
counts = st.integers(0, 2**53 - 1)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", fullmatch=True)
handles = st.from_regex(r"[a-z][a-z0-9._-]{0,39}", fullmatch=True)
versions = st.integers(1, 1_000_000)
signers = st.binary(min_size=32, max_size=32).map(lambda seed: SeedSigner.of(seed, "certificate"))
numbers = st.builds(verification_code.encode, st.integers(1001, 9998), st.integers(0, 2**90 - 1))
signatures = st.builds(
    Signature,
    st.binary(min_size=8, max_size=8).map(bytes.hex),
    st.binary(min_size=64, max_size=64),
)


def some(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """An object in which every field may be absent."""
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """A statement with any of its fields."""
    secret = draw(numbers)
    year = secret[:4]
    issued = year + draw(days)[4:] if draw(st.booleans()) else f"{year}-03-31"
    try:
        date.fromisoformat(issued)
    except ValueError:
        issued = f"{year}-02-28"
    fields: dict[str, object] = {
        "issuer_id": draw(digests),
        "issuer": draw(texts),
        "language": draw(st.sampled_from(["en", "cy", "en-GB"])),
        "kind": draw(st.sampled_from(["qualification", "units", "course"])),
        "label": draw(texts),
        "learner": {"name": draw(texts)},
        "programme": {
            "code": draw(codes),
            "version": draw(codes),
            "title": draw(texts),
            **draw(some(level=texts, number=texts, size=texts)),
        },
        "completed_on": draw(days),
        "number": secret,
        "serial": f"NW-{year[2:]}-{draw(st.integers(0, 999999)):06d}",
        "issued_on": issued,
        **draw(
            some(
                replacement=st.just(True),
                grade=texts,
                units=st.lists(_units(), min_size=1, max_size=5),
                score=texts,
                hours=counts,
                sponsor=texts,
                instructor=texts,
                centre=st.fixed_dictionaries({"name": texts}, optional={"number": codes}),
                accreditation=st.fixed_dictionaries(
                    {"body": texts}, optional={"number": texts, "statement": texts}
                ),
            )
        ),
    }
    until = draw(st.none() | days)
    if until:
        fields |= {"validity": {"until": until}, "expires_on": until}
    return Statement.of(fields)


def _units() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({"code": codes, "title": texts}, optional={"grade": texts})


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    """A manifest with several keys."""
    made = draw(st.lists(signers, min_size=2, max_size=6, unique_by=lambda signer: signer.public))
    version = draw(versions)
    start, end = sorted(draw(st.lists(instants, min_size=2, max_size=2, unique=True)))
    keys = [
        {
            "id": signer.key_id,
            "role": draw(st.sampled_from(["certificate", "log", "badge"])),
            "public": signer.public,
            "start": start,
            **draw(some(until=st.just(end), cutoff=st.fixed_dictionaries({"log_index": counts}))),
        }
        for signer in made[1:]
    ]
    fields: dict[str, object] = {
        "version": version,
        "name": draw(texts),
        "code": "NW",
        "created_at": start,
        "expires_at": end,
        "root": {"keys": [made[0].public]},
        "keys": keys,
        "origins": [{"origin": "https://verify.example", "start": start}],
    }
    if version > 1:
        fields |= {"issuer_id": draw(digests), "previous": draw(digests)}
    return Manifest.of(fields)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """A roster of a few people."""
    made = draw(st.lists(signers, max_size=3, unique_by=lambda signer: signer.public))
    people = [
        {
            "person": f"p{rank}.{draw(handles)}"[:40],
            "name": draw(texts),
            "roles": [
                {
                    "role": "exams_officer",
                    "start": draw(days),
                    **draw(some(until=days, scope=st.lists(texts))),
                }
            ],
            "keys": [
                {
                    "id": signer.key_id,
                    "public": signer.public,
                    "start": draw(instants),
                    **draw(some(until=instants)),
                }
            ],
        }
        for rank, signer in enumerate(made)
    ]
    return Roster.of(
        {
            "version": draw(versions),
            "issuer_id": small.ISSUER_ID,
            "created_at": draw(instants),
            "people": people,
        }
    )


@st.composite
def approvals(draw: st.DrawFn) -> Approval:
    """One person's decision on one claim."""
    raw = draw(st.binary(min_size=26, max_size=26)).hex()
    claim = {"claim_id": raw[:20], "salt": raw[20:]}
    return Approval.of(
        {**draw(_consents), **claim, "statement_sha256": draw(digests), "evidence_sha256": draw(digests)}
    )


@st.composite
def standing_approvals(draw: st.DrawFn) -> StandingApproval:
    """One person's consent to automatic issue."""
    start, until = sorted([draw(days), draw(days)])
    programme = {"programme": draw(codes), "programme_version": draw(codes), "kind": "course"}
    return StandingApproval.of({**draw(_consents), **programme, "start": start, "until": until})


_consents = st.fixed_dictionaries(
    {
        "decision": st.sampled_from(["approve", "withdraw"]),
        "role": st.just("quality_nominee"),
        "person": handles,
        "issuer_id": digests,
        "catalogue_sha256": digests,
        "template_sha256": digests,
    }
)


@st.composite
def heads(draw: st.DrawFn) -> head.Head:
    """A head with any years."""
    start, end = sorted(draw(st.lists(instants, min_size=2, max_size=2, unique=True)))
    years = sorted(draw(st.sets(st.integers(1000, 9999), max_size=5)))
    return head.Head.of(
        {
            "issuer_id": draw(digests),
            "sequence": draw(st.integers(1, 2**32 - 1)),
            "issued_at": start,
            "next_update": end,
            "manifest_version": draw(versions),
            "years": [
                {"year": year, "bits": draw(st.integers(0, 24)), "closed": draw(st.booleans())}
                for year in years
            ],
            "shards_sha256": draw(digests),
            "pages_sha256": draw(digests),
            "events": {"chain": draw(digests)},
            **draw(some(log=st.just("verify.example/log\n42\nq1Y=\n\n\u2014 verify.example/log AAAA\n"))),
        }
    )


paths = st.lists(
    st.from_regex(r"[A-Za-z0-9_.][A-Za-z0-9._-]{0,9}", fullmatch=True).filter(lambda part: part.strip(".")),
    min_size=1,
    max_size=4,
).map("/".join)
page_lists = st.dictionaries(paths, st.binary(max_size=20), max_size=5).map(pages.of)

# Controls belong here: canonical JSON escapes them, only `Text` refuses them.
json_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(
    lambda value: unicodedata.normalize("NFC", value)
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53 - 1), 2**53 - 1) | json_texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z][A-Za-z0-9_]{0,9}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)
