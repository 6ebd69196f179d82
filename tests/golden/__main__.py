"""`make golden`: makes golden images and lists in documents again; look at the difference."""

from __future__ import annotations

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["GOLDEN"] = "write"
    made = ["tests/render/test_pixels.py", "tests/docs/test_personal.py", "tests/docs/test_codes.py"]
    sys.exit(
        pytest.main(["-q", *made, "-k", "looks_as_it_did or lists_what_is_personal or lists_every_code"])
    )
