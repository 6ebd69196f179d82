"""House rules: where a file stands, and what it may be called."""

from tests.house import vague_rooms
from tests.test_house import PYTHON, ROOT, SCRIPTS

VAGUE = frozenset("util utils helper helpers common manager managers misc".split())


def test_the_tests_mirror_the_packages() -> None:
    """A test stands in the folder of its package or wing; a table's, in the file of its name."""

    def folders(root: str) -> set[str]:
        return {file.parent.name for file in (ROOT / root).glob("*/*.py")} - {"__pycache__"}

    assert folders("generator") - folders("tests") == set()
    assert folders("generator/flow") == folders("tests/flow")
    # Beside its tables, the register has a schema and what is personal in it: test_database has both.
    modules = {file.stem for file in (ROOT / "generator/edge/register").glob("[a-z]*.py")}
    tested = {file.stem.removeprefix("test_") for file in (ROOT / "tests/edge/register").glob("test_*.py")}
    assert tested == modules - {"schema", "tables"}
    # Only what walks through several wings stands beside their folders.
    assert sorted(file.name for file in (ROOT / "tests/flow").glob("test_*.py")) == ["test_rule_sets.py"]


def test_package_files_are_empty() -> None:
    assert [path for path, text in PYTHON.items() if path.endswith("__init__.py") and text] == []


def test_a_room_is_a_noun() -> None:
    for path in ("generator/utils/text.py", "generator/formats/json_helpers.py", "site_src/js/common.js"):
        assert vague_rooms({path: ""}, VAGUE)
    assert vague_rooms({**PYTHON, **SCRIPTS}, VAGUE) == []
