"""How many examples a property is tried on: all that it asks for, or a fifth in `make quick`."""

import os

import hypothesis

# A red test must be red again tomorrow; `HYPOTHESIS_PROFILE=explore` looks for new examples instead.
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "repeatable")
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("quick", derandomize=True, deadline=None, database=None, max_examples=20)
hypothesis.settings.register_profile("explore", max_examples=5_000, deadline=None)


def examples(count: int) -> int:
    """How many of `count` examples this run tries."""
    return max(3, count // 5) if PROFILE == "quick" else count
