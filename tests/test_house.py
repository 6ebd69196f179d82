"""The house rules of CONTRIBUTING.md, kept by machine; each checker is shown an example it must catch."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house import (
    Door,
    classes_named_twice,
    complex_functions,
    forbidden_uses,
    holds,
    layers,
    long_functions,
    long_modules,
    part_imports,
    prints,
    single_importers,
    table,
    unexplained_ignores,
    unexplained_settings,
    wide_signatures,
    wrong_doors,
)

ROOT = Path(__file__).resolve().parents[1]

CLI = Door(("generator/cli/*.py",), most=None)
EDGE = Door(("generator/edge/*.py",), most=None)
RENDER = Door(("generator/render/*.py",))  # any one room of render, whichever its builder chose

# One door for each outside library, and for what the standard library knows of the outside world.
DOORS = {
    "nacl": Door(("generator/crypto/ed25519.py", "generator/crypto/key_file.py"), most=2),
    "cryptography": Door(("generator/crypto/cipher.py", "generator/render/seal.py"), most=2),
    "pydantic": Door(("generator/model/value.py",)),
    "yaml": Door(("generator/sheets/strict_yaml.py",)),
    "segno": Door(("generator/render/qr.py",)),
    # Drawing, and the bidirectional algorithm that names need before they are drawn.
    "fpdf": Door(("generator/render/template_pictures.py", "generator/render/shaping.py"), most=2),
    "fontTools": RENDER,
    # Letters, and the theme in its sandbox.
    "jinja2": Door(("generator/render/letters.py", "generator/edge/page_process.py"), most=2),
    "markupsafe": Door(("generator/render/letters.py", "generator/edge/page_process.py"), most=2),
    "pikepdf": RENDER,
    "PIL": Door(("generator/render/picture.py",)),
    "pypdfium2": Door(
        ("generator/edge/pdf_reader.py", "generator/flow/certifying/template_preview.py"), most=2
    ),
    "obstore": Door(("generator/edge/store/s3.py",)),
    "uharfbuzz": RENDER,
    "zxingcpp": Door(("generator/edge/scanner.py",)),
    "pkcs11": Door(("generator/edge/token.py",)),
    "openpyxl": Door(("generator/sheets/workbook_writer.py",)),
    "mkdocs": Door(("generator/edge/page_process.py",)),
    "rich": CLI,
    "typer": CLI,
    "sqlite3": Door(("generator/edge/register*.py", "generator/edge/register/*.py"), most=None),
    "concurrent.futures": EDGE,
    "fcntl": Door(("generator/edge/lock.py",)),
    "http": EDGE,
    "multiprocessing": Door(("generator/edge/workers.py",)),
    "smtplib": EDGE,
    "socket": EDGE,
    "ssl": EDGE,
    "subprocess": Door(("generator/edge/child.py",)),
    "urllib.request": EDGE,
}

# What changes from run to run enters at the door and is handed down as a value.
CLOCK_AND_DICE = (
    *(f"time.{name}" for name in ("time", "time_ns", "gmtime", "localtime", "monotonic", "perf_counter")),
    *(f"datetime.datetime.{name}" for name in ("now", "today", "utcnow")),
    "datetime.date.today",
    *("os.environ", "os.getenv", "os.urandom", "os.getrandom", "os.getlogin"),
    *("random", "secrets", "uuid.uuid1", "uuid.uuid4"),
    *("nacl.utils.random", "nacl.signing.SigningKey.generate", "nacl.public.PrivateKey.generate"),
)
AT_THE_DOOR = ("generator/cli/*.py", "generator/desk/*.py")
CHILDREN = "generator/edge/child.py"

# A screen holds 60 lines, and a module one noun: where that takes more than 400, it is two nouns.
MODULE_LINES = 400
FUNCTION_LINES = 60
# Longer ones, each with the reason why splitting it would make it harder to read.
LONG_MODULES: dict[str, str] = {}  # path -> reason
LONG_FUNCTIONS: dict[str, str] = {}  # "path name" -> reason

# A module with one importer is right only where it has a noun of its own; these numbers may fall, not rise.
SINGLE_IMPORTERS = 44  # outside cli, whose modules are found by name
CLASSES_NAMED_TWICE = 6
COMPLEXITY = 20  # radon's grade D begins above it
PARAMETERS = 8
# Commands that take more: typer makes an option of each parameter and has none that stands for several.
WIDE_COMMANDS = frozenset(
    {
        "generator/cli/claims.py approve",
        "generator/cli/delivery.py deliver",
        "generator/cli/holds.py place",
        "generator/cli/imports.py import_",
        "generator/cli/keys.py staff_add",
        "generator/cli/replacements.py reissue_open",
        "generator/cli/replacements.py request_",
    }
)


# Joined from pieces, so that this file does not hold what it forbids.
REGISTRIES = (
    *("pypi org", "pythonhosted org"),
    *("npmjs org", "npmjs com", "yarnpkg com"),
    *("proxy golang org", "crates io"),
)
MACHINE_PATHS = ("home", "Users", "root", "work")
FORBIDDEN_BYTES = {
    "the host of a package registry": b"|".join(
        re.escape(name.replace(" ", ".")).encode() for name in REGISTRIES
    ),
    "a path of somebody's machine": rb"(?<![\w.*}-])/(?:" + "|".join(MACHINE_PATHS).encode() + rb")/\w",
    "a private key": b"-----BEGIN [A-Z ]*" + b"PRIVATE" + b" KEY-----",
}
KEY_FILES = (".key", ".p12", ".pem", ".pfx")
PUBLIC_IN_KEYS = {"keys/README.md"}
DOCUMENT_SINKS = {
    "a way to write markup from text": (
        rb"\.(?:innerHTML|outerHTML|srcdoc)\b|insertAdjacentHTML|document\.write"
    ),
    "a way to run text as code": rb"\beval\(|\bnew Function\b|set(?:Timeout|Interval)\(\s*[\"'`]",
}


def tracked() -> dict[str, bytes]:
    """Every file that is tracked or could be added: path -> content."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = (ROOT / name for name in sorted(set(listing.split("\0"))) if name)
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def sources(*patterns: str) -> dict[str, str]:
    found = (path for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


GENERATOR = sources("generator/**/*.py")
TESTS = {path: text for path, text in sources("tests/**/*.py").items() if "/node_modules/" not in path}
SCRIPTS = {path: text for path, text in sources("site_src/js/**/*.js").items() if "/vendor/" not in path}
PYTHON = {**GENERATOR, **TESTS}
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
CONTRACTS = {contract["id"]: contract for contract in CONFIGURATION["importlinter"]["contracts"]}
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def lint_imports(directory: Path, contract: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    options = ["--no-cache", "--contract", contract]
    return subprocess.run([command, *options], cwd=directory, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("contract", CONTRACTS)
def test_imports_only_go_down(contract: str) -> None:
    outcome = lint_imports(ROOT, contract)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [
        ("layers", "formats", "sheets"),  # up
        ("layers", "render", "edge"),  # across
        ("layers", "shed", "errors"),  # a room without a floor
        ("packages", "flow/office", "flow/mailing"),  # up
        ("packages", "flow/shed", "flow/shared"),  # a wing without a place
    ],
)
def test_a_broken_floor_is_caught(tmp_path: Path, contract: str, importer: str, imported: str) -> None:
    configuration = (ROOT / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(configuration, "utf-8")
    wings = [f"flow/{wing}" for wing in CONTRACTS["packages"]["layers"]]
    for room in ("", "flow", *wings, importer, imported):
        (tmp_path / "generator" / room).mkdir(exist_ok=True)
        (tmp_path / "generator" / room / "__init__.py").touch()
    statement = f"import generator.{imported.replace('/', '.')}\n"
    (tmp_path / "generator" / importer / "room.py").write_text(statement)
    outcome = lint_imports(tmp_path, contract)
    assert outcome.returncode == 1
    assert importer.replace("/", ".") in outcome.stdout


@pytest.mark.slow
def test_the_map_of_layers_is_drawn_from_the_imports() -> None:
    written = {room.strip("`"): int(floor) for floor, room, _ in table(CONTRIBUTING, "layer")}
    assert written == layers(part_imports(GENERATOR, "generator"))


@pytest.mark.slow
def test_the_map_of_packages_is_drawn_from_the_imports() -> None:
    rows, order = table(CONTRIBUTING, "package"), CONTRACTS["packages"]["layers"]
    assert [row[0].strip("`") for row in rows] == order
    imports = part_imports(GENERATOR, "generator.flow")
    assert "ignore_imports" not in CONTRACTS["packages"]
    drawn = {wing: ", ".join(f"`{known}`" for known in order if known in imports[wing]) for wing in order}
    assert {row[0].strip("`"): row[2] for row in rows} == drawn


def test_rooms_that_import_each_other_are_not_drawn() -> None:
    samples = {"a/b/x.py": "import a.c", "a/c/y.py": "from a import b", "a/d.py": "import a.b.x"}
    imports = part_imports(samples, "a")
    assert imports == {"b": {"c"}, "c": {"b"}, "d": {"b"}}
    with pytest.raises(ValueError, match="each other"):
        layers(imports)
    assert layers({"b": {"c"}, "c": set(), "d": {"b", "c"}}) == {"c": 0, "b": 1, "d": 2}


@pytest.mark.slow
def test_each_library_has_one_door() -> None:
    assert wrong_doors(GENERATOR, DOORS) == []


@pytest.mark.parametrize(
    "sample",
    [
        {"generator/rules/approving.py": "import nacl.signing"},
        {"generator/formats/record.py": "from urllib import request"},
        {"generator/formats/record.py": "def f():\n    import leftpad"},
        {
            "generator/render/pages.py": "import pikepdf",
            "generator/render/mail.py": "from pikepdf import Pdf",
        },
    ],
)
def test_a_second_door_is_caught(sample: dict[str, str]) -> None:
    assert len(wrong_doors(sample, DOORS)) == 1


@pytest.mark.slow
def test_the_clock_and_the_dice_enter_at_the_door() -> None:
    # What starts children chooses what they see of the environment; it hands none of it up.
    others = {path: text for path, text in GENERATOR.items() if path != CHILDREN}
    assert forbidden_uses(others, CLOCK_AND_DICE, AT_THE_DOOR) == []
    apart = tuple(name for name in CLOCK_AND_DICE if name != "os.environ")
    assert forbidden_uses({CHILDREN: GENERATOR[CHILDREN]}, apart, AT_THE_DOOR) == []


@pytest.mark.parametrize(
    "sample",
    [
        "import time as t\nt.time()",
        "from datetime import datetime as moment\nmoment.now()",
        "import datetime\ndatetime.date.today()",
        "import os\nos.environ['HOME']",
        "from os import urandom",
        "import secrets",
        "from random import Random",
    ],
)
def test_a_clock_elsewhere_is_caught(sample: str) -> None:
    assert forbidden_uses({"generator/flow/certifying/issuing.py": sample}, CLOCK_AND_DICE, AT_THE_DOOR)
    assert not forbidden_uses({"generator/cli/issue.py": sample}, CLOCK_AND_DICE, AT_THE_DOOR)


@pytest.mark.slow
def test_only_the_command_line_prints() -> None:
    assert prints({"generator/flow/certifying/issuing.py": "print('done')"}, "generator/cli/*")
    assert prints(GENERATOR, "generator/cli/*") == []


@pytest.mark.slow
def test_modules_and_functions_fit_a_screen() -> None:
    line = "x = 1\n"
    assert long_modules({"a.py": line * (MODULE_LINES + 1)}, MODULE_LINES)
    assert not long_modules({"a.py": line * MODULE_LINES}, MODULE_LINES)
    body = "    x = 1\n"
    docstring = '    """First.\n\n    More.\n    """\n'
    assert long_functions({"a.py": "def f():\n" + docstring + body * FUNCTION_LINES}, FUNCTION_LINES)
    assert not long_functions(
        {"a.py": "def f():\n" + docstring + body * (FUNCTION_LINES - 1)}, FUNCTION_LINES
    )

    modules = long_modules({**PYTHON, **SCRIPTS}, MODULE_LINES)
    assert [fault for fault in modules if fault.split(" ")[0] not in LONG_MODULES] == []
    functions = long_functions(PYTHON, FUNCTION_LINES)
    named = {f"{fault.split(':')[0]} {fault.split(' ')[1]}": fault for fault in functions}
    assert [fault for name, fault in named.items() if name not in LONG_FUNCTIONS] == []
    assert {path for path in LONG_MODULES if path not in {fault.split(" ")[0] for fault in modules}} == set()
    assert LONG_FUNCTIONS.keys() - named.keys() == set()


@pytest.mark.slow
def test_a_module_with_one_importer_has_a_noun_of_its_own() -> None:
    samples = {
        "a/b.py": "from a import c, d",
        "a/c.py": "import a.d",
        "a/d.py": "",
        "a/e.py": "from a.b import f",
    }
    assert single_importers(samples) == ["a/b.py", "a/c.py"]
    found = [path for path in single_importers(GENERATOR) if not path.startswith("generator/cli/")]
    assert len(found) <= SINGLE_IMPORTERS, "\n".join(found)


@pytest.mark.slow
def test_a_class_name_means_one_thing() -> None:
    assert classes_named_twice({"a.py": "class A: ...", "b.py": "class A: ...\nclass B: ..."}) == ["A"]
    found = classes_named_twice(GENERATOR)
    assert len(found) <= CLASSES_NAMED_TWICE, found


@pytest.mark.slow
def test_functions_are_simple_and_take_little() -> None:
    sample = {"a.py": "def f(a, b, *, c):\n    return [x for x in a if x and b or c]\n"}
    assert complex_functions(sample, 4)
    assert not complex_functions(sample, 5)
    assert wide_signatures(sample, 2)
    assert not wide_signatures(sample, 3)

    assert complex_functions(GENERATOR, COMPLEXITY) == []
    wide = {
        f"{fault.split(':')[0]} {fault.split(' ')[1]}": fault
        for fault in wide_signatures(GENERATOR, PARAMETERS)
    }
    assert [fault for name, fault in wide.items() if name not in WIDE_COMMANDS] == []
    assert WIDE_COMMANDS - wide.keys() == set()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "x = f()  # noqa"),
        ("a.py", "x = f()  # noqa: S101"),
        ("a.py", "x = f()  # type: ignore  # the library lies"),
        ("a.py", "x = f()  # type: ignore[arg-type]"),
        ("a.py", "# ruff: noqa: E501"),
        ("a.js", "// @ts-ignore"),
    ],
)
def test_a_silent_ignore_is_caught(path: str, line: str) -> None:
    assert unexplained_ignores({path: line})


@pytest.mark.slow
def test_every_ignore_says_why() -> None:
    assert not unexplained_ignores({"a.py": "x = f()  # type: ignore[arg-type]  # the stub is too narrow"})
    assert not unexplained_ignores({"a.py": "x = f()  # noqa: S101, E501 - shown to the reader as it is"})
    assert not unexplained_ignores({"a.py": "x = '# noqa'"})
    assert unexplained_ignores({**PYTHON, **SCRIPTS}) == []

    sections = ("ignore = [", "[tool.ruff.lint.per-file-ignores]")
    assert unexplained_settings('ignore = [\n    "E501",\n]\n', sections)
    assert unexplained_settings('[tool.ruff.lint.per-file-ignores]\n"a" = [\n    "E501",\n]\n', sections)
    assert unexplained_settings((ROOT / "pyproject.toml").read_text("utf-8"), sections) == []


@pytest.mark.parametrize(
    "sample",
    [
        b"see https://" + b".".join((b"pypi", b"org")) + b"/simple",
        b"open(" + b"/".join((b"", b"home", b"anna", b"keys")),
        b"cd " + b"/".join((b"", b"work", b"main")),
        b"\n-----BEGIN EC PRIV" + b"ATE KEY-----\n",
    ],
)
def test_a_leak_is_caught(sample: bytes) -> None:
    assert len(holds({"notes.md": sample}, FORBIDDEN_BYTES)) == 1


@pytest.mark.slow
@pytest.mark.needs("git")
def test_no_tracked_file_leaks() -> None:
    files = tracked()
    assert holds(files, FORBIDDEN_BYTES) == []
    here = os.fsencode(ROOT)
    if len(ROOT.parts) > 2:  # a checkout at /src would match innocent text
        assert holds(files, {"the path of this checkout": re.escape(here) + rb"(?![\w-])"}) == []
    assert [path for path in files if path.endswith(KEY_FILES)] == []
    assert {path for path in files if path.startswith("keys/")} <= PUBLIC_IN_KEYS


def test_scripts_write_text_only() -> None:
    for sample in (b"a.innerHTML = b", b"eval(x)", b"setTimeout('x()', 1)"):
        assert holds({"a.js": sample}, DOCUMENT_SINKS)
    assert not holds({"a.js": b"a.textContent = b; setTimeout(() => x(), 1)"}, DOCUMENT_SINKS)
    assert holds({path: text.encode() for path, text in SCRIPTS.items()}, DOCUMENT_SINKS) == []
