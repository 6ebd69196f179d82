"""Checkers of the house rules: each takes sources by path and returns its faults as `path:line what`.

They read syntax trees rather than text wherever a comment or a string could mislead. The rules themselves,
and an example that breaks each of them, are in test_house.py.
"""

import ast
import io
import itertools
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache

NEWLINE = b"\n"
Sources = Mapping[str, str]  # path from the checkout, with slashes -> text
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Door:
    """Where an outside library may be imported: modules that match a pattern, so many at most."""

    patterns: tuple[str, ...]
    most: int | None = 1


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a source; each is read by many rules."""
    return ast.parse(text)


def uses(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported name and every dotted name built on one: (line, full dotted name)."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
                top = alias.name.split(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{'.' * node.level}{node.module or ''}.{alias.name}"
                yield node.lineno, full
                names[alias.asname or alias.name] = full
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (dotted := _dotted(node)):
            head, _, rest = dotted.partition(".")
            if head in names:
                yield node.lineno, f"{names[head]}.{rest}"


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := _dotted(node.value)):
        return f"{base}.{node.attr}"
    return None


def _within(dotted: str, name: str) -> bool:
    return dotted == name or dotted.startswith(f"{name}.")


def wrong_doors(sources: Sources, doors: Mapping[str, Door]) -> list[str]:
    """Imports of an outside library that go past its door, and libraries that have none."""
    faults: list[str] = []
    through: dict[str, set[str]] = {}
    for path, text in sources.items():
        for line, dotted in sorted(set(uses(parsed(text)))):
            library = next((name for name in doors if _within(dotted, name)), None)
            if library is None:
                top = dotted.split(".")[0]
                if top not in ("", "generator") and top not in sys.stdlib_module_names:
                    faults.append(f"{path}:{line} {top} has no door: give it one in DOORS, or do without it")
                continue
            patterns = doors[library].patterns
            if any(fnmatch(path, pattern) for pattern in patterns):
                through.setdefault(library, set()).add(path)
            else:
                faults.append(f"{path}:{line} {library} enters only by {' or '.join(patterns)}")
    for library, paths in through.items():
        most = doors[library].most
        if most is not None and len(paths) > most:
            faults.append(f"{library} has {len(paths)} doors, at most {most}: {', '.join(sorted(paths))}")
    return faults


def forbidden_uses(sources: Sources, names: tuple[str, ...], allowed: tuple[str, ...]) -> list[str]:
    """Uses of the named functions or modules outside the paths that match `allowed`."""
    return [
        f"{path}:{line} {dotted} belongs at the door ({' or '.join(allowed)}): take the value as an argument"
        for path, text in sources.items()
        if not any(fnmatch(path, pattern) for pattern in allowed)
        for line, dotted in uses(parsed(text))
        if any(_within(dotted, name) for name in names)
    ]


def prints(sources: Sources, allowed: str) -> list[str]:
    """Calls of print() outside the paths that match `allowed`."""
    return [
        f"{path}:{node.lineno} print() outside {allowed}"
        for path, text in sources.items()
        if not fnmatch(path, allowed)
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def broad_excepts(sources: Sources) -> list[str]:
    """Where any fault at all is caught or let pass, those of the program among them."""
    return [
        f"{path}:{node.lineno} catches every fault: name those that are expected here"
        for path, text in sources.items()
        for node in ast.walk(parsed(text))
        if (isinstance(node, ast.ExceptHandler) and (node.type is None or _any_fault(node.type)))
        or (
            isinstance(node, ast.Call)
            and _dotted(node.func) in ("suppress", "contextlib.suppress")
            and any(_any_fault(kind) for kind in node.args)
        )
    ]


def _any_fault(kind: ast.expr) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_any_fault(member) for member in kind.elts)
    return (_dotted(kind) or "").removeprefix("builtins.") in ("Exception", "BaseException")


def unguarded_imports(sources: Sources, libraries: frozenset[str]) -> list[str]:
    """Imports of the named libraries that are not under a question of which platform this is."""
    faults = []
    for path, text in sources.items():
        tree = parsed(text)
        guarded = {
            line
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "sys.platform" in map(_dotted, _expressions(node.test))
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        faults += [
            f"{path}:{line} {dotted} is not on every platform: import it under `if sys.platform ...`"
            for line, dotted in uses(tree)
            if line not in guarded and any(_within(dotted, library) for library in libraries)
        ]
    return faults


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    return (part for part in ast.walk(node) if isinstance(part, ast.expr))


def long_modules(sources: Sources, limit: int) -> list[str]:
    """Modules of more than `limit` lines."""
    return [
        f"{path} has {lines} lines, at most {limit}: does it still hold one noun?"
        for path, text in sources.items()
        if (lines := len(text.splitlines())) > limit
    ]


def long_functions(sources: Sources, limit: int) -> list[str]:
    """Functions of more than `limit` lines, their docstrings not counted."""
    faults = []
    for path, text in sources.items():
        for node in ast.walk(parsed(text)):
            if isinstance(node, Function):
                first = node.body[0]
                docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) else 0
                lines = node.end_lineno - node.lineno + 1 - docstring
                if lines > limit:
                    faults.append(f"{path}:{node.lineno} {node.name} has {lines} lines, at most {limit}")
    return faults


def vague_rooms(sources: Sources, banned: frozenset[str]) -> list[str]:
    """Modules or packages whose name says nothing about what they hold."""
    return [
        f"{path}: {part} says nothing about what it holds; a room is a noun of the spec"
        for path in sources
        for part in re.split(r"[/.]", path)
        if banned & set(part.lower().split("_"))
    ]


_DIRECTIVE = re.compile(
    r"(?:ruff:\s*)?noqa(?::\s*(?P<noqa>[A-Z]+\d+(?:,\s*[A-Z]+\d+)*))?"
    r"|type:\s*ignore(?:\[(?P<mypy>[\w, -]+)\])?"
    r"|@ts-(?:ignore|expect-error|nocheck)|eslint-disable\S*"
)


def _comments(path: str, text: str) -> Iterator[tuple[int, str]]:
    if path.endswith(".py"):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    else:
        for line, content in enumerate(text.splitlines(), 1):
            if match := re.search(r"(?://|/\*).*", content):
                yield line, match[0]


def unexplained_ignores(sources: Sources) -> list[str]:
    """Silenced checkers whose line names no rule, or gives no reason of at least two words."""
    faults = []
    for path, text in sources.items():
        for line, comment in _comments(path, text):
            match = _DIRECTIVE.search(comment)
            if match is None:
                continue
            is_python = path.endswith(".py")
            if is_python and not (match["noqa"] or match["mypy"]):
                faults.append(f"{path}:{line} `{match[0]}` silences every rule: name the one that is meant")
            elif len(re.findall(r"[^\W\d_]{2,}", _DIRECTIVE.sub("", comment))) < 2:
                faults.append(f"{path}:{line} `{match[0]}` gives no reason on its line")
    return faults


def unexplained_settings(text: str, sections: tuple[str, ...]) -> list[str]:
    """Lines of pyproject.toml's ignore lists that name a rule and carry no comment."""
    faults, inside = [], False
    for line, content in enumerate(text.splitlines(), 1):
        if any(content.startswith(section) for section in sections):
            inside = True
        elif inside and re.match(r"\S", content) and not content.startswith(("]", '"')):
            inside = False
        if inside and re.search(r'"[A-Z]+\d+"', content) and "#" not in content:
            faults.append(f"pyproject.toml:{line} ignores a rule without a reason")
    return faults


def holds(files: Mapping[str, bytes], patterns: Mapping[str, bytes]) -> list[str]:
    """Files whose bytes match a forbidden regular expression: {what it is: expression}."""
    return [
        f"{path}:{1 + content[: match.start()].count(NEWLINE)} holds {what}"
        for path, content in files.items()
        for what, pattern in patterns.items()
        if (match := re.search(pattern, content))
    ]


def part_imports(sources: Sources, package: str) -> dict[str, set[str]]:
    """Each part of a package (`generator.flow`) -> the other modules of it that its modules import."""
    found: dict[str, set[str]] = {}
    for path, text in sources.items():
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if not module.startswith(f"{package}."):
            continue
        room = module.removeprefix(f"{package}.").split(".")[0]
        dotted = {name for _, name in uses(parsed(text)) if name.startswith(f"{package}.")}
        known = {name.removeprefix(f"{package}.").split(".")[0] for name in dotted}
        found.setdefault(room, set()).update(known - {room})
    return found


def layers(imports: Mapping[str, set[str]]) -> dict[str, int]:
    """Each part -> how many layers of modules lie below it, where imports go only down."""
    found: dict[str, int] = {}
    while len(found) < len(imports):
        free = [room for room, known in imports.items() if room not in found and known <= found.keys()]
        if not free:
            raise ValueError(f"these import each other: {sorted(imports.keys() - found.keys())}")
        found |= {room: 1 + max((found[known] for known in imports[room]), default=-1) for room in free}
    return found


def table(markdown: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading, cell by cell."""
    lines = markdown.split(f"\n| {heading} |")[1].splitlines()[2:]
    rows = itertools.takewhile(lambda line: line.startswith("|"), lines)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]


def single_importers(sources: Sources) -> list[str]:
    """Modules that exactly one other module imports."""
    modules = {path.removesuffix(".py").replace("/", "."): path for path in sources}
    importers: dict[str, set[str]] = {}
    for path, text in sources.items():
        for _, dotted in uses(parsed(text)):
            parent, _, name = dotted.rpartition(".")
            found = modules.get(dotted) or modules.get(parent)
            if name and found not in (None, path):
                importers.setdefault(str(found), set()).add(path)
    return sorted(path for path, known in importers.items() if len(known) == 1)


def classes_named_twice(sources: Sources) -> list[str]:
    """Public class names that two modules define."""
    seen: dict[str, set[str]] = {}
    for path, text in sources.items():
        for node in ast.walk(parsed(text)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                seen.setdefault(node.name, set()).add(path)
    return sorted(name for name, paths in seen.items() if len(paths) > 1)


def _branches(node: ast.AST) -> int:
    """How many ways through a function one node adds, as radon counts them."""
    match node:
        case ast.BoolOp():
            return len(node.values) - 1
        case ast.If() | ast.IfExp() | ast.Assert() | ast.Lambda() | ast.ExceptHandler() | ast.match_case():
            return 1
        case ast.For() | ast.While() | ast.Try():
            return (not isinstance(node, ast.Try)) + bool(node.orelse)
        case ast.comprehension():
            return 1 + len(node.ifs)
    return 0


def complex_functions(sources: Sources, limit: int) -> list[str]:
    """Functions with more ways through them than `limit` (cyclomatic complexity)."""
    return [
        f"{path}:{node.lineno} {node.name} has a complexity of {ways}"
        for path, text in sources.items()
        for node in ast.walk(parsed(text))
        if isinstance(node, Function) and (ways := 1 + sum(map(_branches, ast.walk(node)))) > limit
    ]


def _signatures(
    sources: Sources,
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, dict[str, str]]]:
    """Every function with the annotations of its parameters, empty where there is none."""
    for path, text in sources.items():
        for node in ast.walk(parsed(text)):
            if not isinstance(node, Function):
                continue
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            kinds = (ast.unparse(one.annotation) if one.annotation else "" for one in given)
            yield path, node, dict(zip((one.arg for one in given), kinds, strict=True))


def wide_signatures(sources: Sources, limit: int) -> list[str]:
    """Functions with more parameters than `limit`."""
    found = []
    for path, node, given in _signatures(sources):
        named = given.keys() - {"self", "cls"}
        if len(named) > limit:
            found.append(f"{path}:{node.lineno} {node.name} takes {len(named)} parameters")
    return found


def split_sessions(sources: Sources, parts: frozenset[str]) -> list[str]:
    """Functions that take two or more of what one `Session` holds, each with the parts that it takes."""
    found = []
    for path, node, given in _signatures(sources):
        taken = sorted(parts & {kind.removesuffix(" | None").rpartition(".")[2] for kind in given.values()})
        if len(taken) > 1:
            found.append(f"{path} {node.name} takes {', '.join(taken)}")
    return found


def files_opened(sources: Sources) -> list[str]:
    """Where a file is opened by its path, by whatever name: `path:line name`."""
    return [
        f"{path}:{node.lineno} {name}"
        for path, text in sources.items()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.Call) and (name := _opening(node))
    ]


def _opening(node: ast.Call) -> str | None:
    """How a call opens a file: a path's own ways, the built-in one, or one of the operating system's."""
    match node.func:
        case ast.Name("open"):
            return "open"
        case ast.Attribute(ast.Name("os" | "io" | "codecs"), "open" as name):
            return name
        case ast.Attribute(_, "read_bytes" | "read_text" as name):
            return name
        case ast.Attribute(_, "open" as name) if all(isinstance(one, ast.Constant) for one in node.args):
            return name
    return None
