"""`make golden`: makes golden images and lists in documents again; look at the difference."""

from __future__ import annotations

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["GOLDEN"] = "write"
    made = ["tests/render/test_pixels.py", "tests/docs"]
    written = ("looks_as_it_did", "lists_what_is_personal", "lists_every_code", "lists_every_control")
    sys.exit(pytest.main(["-q", *made, "-k", " or ".join(written)]))
