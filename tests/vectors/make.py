"""The test vectors that Python and JavaScript share, made from the codecs and the small site.

`python -m tests.vectors.make` writes them again; a test compares what is committed. Bytes are hex
in the codec files and base64 in verdict.json. Read README.md beside this file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.vectors.binary_formats import bucket_cases, head_cases, record_cases, status_cases
from tests.vectors.decision_cases import decision_cases
from tests.vectors.link_cases import private_link_cases
from tests.vectors.text_formats import derivation_cases, envelope_cases, number_cases, strict_json_cases
from tests.vectors.value_cases import value_cases
from tests.vectors.verdicts import verdict_cases

HERE = Path(__file__).parent

FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "number": number_cases,
    "derivation": derivation_cases,
    "strict_json": strict_json_cases,
    "envelope": envelope_cases,
    "decision": decision_cases,
    "record": record_cases,
    "bucket": bucket_cases,
    "status": status_cases,
    "head": head_cases,
    "values": value_cases,
    "private_link": private_link_cases,
    "verdict": verdict_cases,
}


def text(name: str) -> str:
    """A vector file's text."""
    return json.dumps(FILES[name](), ensure_ascii=True, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    for made in FILES:
        (HERE / f"{made}.json").write_text(text(made))
