"""House rule: what somebody else may have put where it lies is opened by one module."""

import pytest

from tests.house import files_opened
from tests.test_house import GENERATOR

THE_DOOR = "generator/edge/disk.py"
# Who opens a file without it, and why nothing of others' can be there.
OTHERWISE = {
    "generator/cli/commands.py": "help asks a regular file for the kind of organisation",
    "generator/cli/environment.py": "systemd puts a service's credentials into memory",
    "generator/cli/terminal.py": "/dev/null, where a reader has gone away",
    "generator/edge/page_process.py": "Python's own folders, which it may go on to see",
    "generator/edge/store/target.py": "what was published a moment ago",
    "generator/edge/switch.py": "makes a file that must not be there yet",
    "generator/edge/token.py": "a session of a token, no file",
    "generator/flow/publishing/deployment.py": "what was published a moment ago",
    "generator/formats/key_phrase.py": "comes with the package",
    "generator/render/faces.py": "comes with the package",
    "generator/render/renderer.py": "comes with the package",
    "generator/render/template_pictures.py": "a stream inside a drawing, no file",
}


@pytest.mark.parametrize(
    "sample",
    [
        "path.open()",
        "path.open('rb')",
        "path.read_bytes()",
        "path.read_text('utf-8')",
        "open(path)",
        "os.open(path, 0)",
    ],
)
def test_a_file_opened_elsewhere_is_caught(sample: str) -> None:
    assert files_opened({"generator/flow/x.py": sample})


def test_what_others_may_have_put_there_is_opened_by_one_module() -> None:
    found = {fault.partition(":")[0] for fault in files_opened(GENERATOR)}
    assert found - {THE_DOOR} == set(OTHERWISE)
