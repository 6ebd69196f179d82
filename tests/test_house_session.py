"""House rule: what one session holds is not taken apart again."""

import pytest

from tests.house import split_sessions
from tests.test_house import GENERATOR

SESSION_PARTS = frozenset({"Workspace", "Register", "Environment"})
# Where a session is taken apart: keys are drawn and rosters signed without opening the register.
WITHOUT_REGISTER = {
    "generator/cli/demo.py",
    "generator/cli/previews.py",
    "generator/flow/importing/sheet_previews.py",
    "generator/flow/office/keys.py",
    "generator/flow/shared/key_files.py",
}


@pytest.mark.slow
def test_what_is_a_session_is_taken_as_one() -> None:
    pair = {"a.py": "def f(a: Workspace, *, b: Register | None): ..."}
    assert split_sessions(pair, SESSION_PARTS) == ["a.py f takes Register, Workspace"]
    assert not split_sessions({"a.py": "def f(a: Session, b: Register): ..."}, SESSION_PARTS)
    found = split_sessions(GENERATOR, SESSION_PARTS)
    assert [fault for fault in found if "Register" in fault] == []
    assert [fault for fault in found if fault.split(" ")[0] not in WITHOUT_REGISTER] == []
    assert {fault.split(" ")[0] for fault in found} == WITHOUT_REGISTER
