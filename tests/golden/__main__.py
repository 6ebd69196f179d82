"""`make golden`: makes the golden images again. Look at the difference before you commit it."""

from __future__ import annotations

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["GOLDEN"] = "write"
    sys.exit(pytest.main(["-q", "tests/render/test_pixels.py", "-k", "looks_as_it_did"]))
