"""Types that carry proof: a day where a serial is wanted is a type error; fields check as before."""

from __future__ import annotations

from itertools import permutations

import pytest
from mypy import api
from pydantic import BaseModel, ConfigDict

from generator.errors import Malformed
from generator.model import value
from generator.model.case import EvidenceSeen
from generator.model.value import Value

# A good text of each type.
GOOD = {
    "Serial": "NW-26-000001",
    "VerificationCode": "2026" + "0" * 20,
    "Day": "2026-06-26",
    "Instant": "2026-06-26T10:00:00Z",
    "Digest": "0" * 64,
    "ClaimId": "0" * 20,
    "KeyId": "0" * 16,
    "Handle": "h.adeyemi",
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What mypy says of each wrong call, by the source line of the call."""
    folder = tmp_path_factory.mktemp("types")
    lines = [
        "from generator.formats.record import ErasedRecord",
        "from generator.formats.verification_code import grouped",
        f"from generator.model.value import {', '.join(GOOD)}",
        *(f"def wants_{name}(given: {name}) -> None: ..." for name in GOOD),
        *(f"wants_{name}({name}({GOOD[name]!r}))" for name in GOOD),
        *(f"wants_{name}({GOOD[name]!r})" for name in GOOD),
        *(f"wants_{wanted}({given}({GOOD[given]!r}))" for wanted, given in permutations(GOOD, 2)),
        f"grouped(Serial({GOOD['Serial']!r}))",
        "ErasedRecord(issuer_id=Digest('0'), number=Serial('NW'), erased_on=Day('2026-06-26'))",
    ]
    file = folder / "calls.py"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    options = ["--config-file=", "--follow-imports=silent", "--no-error-summary"]
    said, errors, _ = api.run([*options, f"--cache-dir={folder / 'cache'}", str(file)])
    assert not errors, errors
    found: dict[str, str] = {}
    for line in said.splitlines():
        place, _, what = line.partition(": ")
        if what.startswith("error: "):
            found[lines[int(place.rpartition(":")[2]) - 1]] = what
    return found


@pytest.mark.slow
def test_a_day_where_a_serial_is_wanted_is_a_type_error(complaints: dict[str, str]) -> None:
    said = complaints.get("wants_Serial(Day('2026-06-26'))", "nothing")
    assert 'has incompatible type "Day"; expected "Serial"' in said, said


@pytest.mark.slow
def test_no_type_stands_for_another_nor_plain_text_for_any(complaints: dict[str, str]) -> None:
    pairs = [f"wants_{wanted}({given}({GOOD[given]!r}))" for wanted, given in permutations(GOOD, 2)]
    silent = [call for call in pairs if call not in complaints]
    assert silent == [], "mypy accepts these calls"
    plain = [name for name in GOOD if f"wants_{name}({GOOD[name]!r})" not in complaints]
    assert plain == [], "mypy accepts plain text for these types"
    refused = [name for name in GOOD if f"wants_{name}({name}({GOOD[name]!r}))" in complaints]
    assert refused == [], "mypy refuses these types for themselves"


@pytest.mark.slow
def test_functions_and_fields_of_the_program_ask_for_the_proof(complaints: dict[str, str]) -> None:
    asked = [line for line in complaints if line.startswith(("grouped(", "ErasedRecord("))]
    assert len(asked) == 2, f"one of them accepts a serial for a verification code: {asked}"


@pytest.mark.parametrize("name", GOOD)
def test_a_field_of_such_a_type_checks_what_it_is_given(name: str) -> None:
    kind = getattr(value, name)
    model = type("Holder", (Value,), {"__annotations__": {"it": kind}})
    assert model.of({"it": GOOD[name]}).plain() == {"it": GOOD[name]}
    for bad in ("", "x" * 70, "2026-02-30", 7, None):
        with pytest.raises(Malformed, match=r"^it: is "):
            model.of({"it": bad})


def test_a_value_stays_plain_text_at_run_time() -> None:
    seen = EvidenceSeen.of({"what": "passport", "seen_by": "h.adeyemi", "seen_on": "2026-06-26"})
    assert type(seen.seen_by) is str
    assert type(value.Serial(GOOD["Serial"])) is str


def test_a_type_serves_any_strict_model() -> None:
    class Holder(BaseModel):
        model_config = ConfigDict(strict=True)
        days: tuple[value.Day, ...] = ()

    assert Holder(days=(value.Day("2026-06-26"),)).days == ("2026-06-26",)
