"""A mutant: one module of the package with one node changed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from tests.mutation.operators import changes, is_prose, negated

UNREAD = {"annotation", "returns", "decorator_list", "type_params"}
FOR_TYPES = {"Literal", "TypeVar", "NewType", "cast", "TypeAlias"}


@dataclass(frozen=True)
class Mutant:
    """`index` counts the module's mutants; `lines` are those of which a test must execute one to notice."""

    path: str
    index: int
    line: int
    lines: range
    function: str  # "" for what runs when the module is imported
    operator: str
    before: str
    after: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line} {self.function or '(module)'}"
        return f"{where} {self.operator}: {self.before} -> {self.after}"


@dataclass(frozen=True)
class _Site:
    mutant: Mutant
    replace: Callable[[], None]


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def mutants(path: str, source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its text."""
    return [site.mutant for site in _sites(path, ast.parse(source))]


def mutated(mutant: Mutant, source: str) -> ast.Module:
    """The module's tree with the change made."""
    tree = ast.parse(source)
    # Listed before the change: a replaced node must not be walked.
    list(_sites(mutant.path, tree))[mutant.index].replace()
    return ast.fix_missing_locations(tree)


def _sites(path: str, tree: ast.Module) -> Iterator[_Site]:
    whole = range(1, max((getattr(node, "end_lineno", 0) for node in tree.body), default=0) + 1)
    for index, (node, operator, new, scope, replace) in enumerate(_walk(tree, _Scope(whole, ""))):
        before, after = _text(node), _text(new)
        yield _Site(
            Mutant(path, index, node.lineno, scope.lines, scope.function, operator, before, after), replace
        )


@dataclass(frozen=True)
class _Scope:
    lines: range
    function: str
    in_function: bool = False

    def within(self, node: ast.AST) -> _Scope:
        """The scope of this node's children."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = f"{self.function}.{node.name}".lstrip(".")
            if isinstance(node, ast.ClassDef):
                return _Scope(self.lines, name, self.in_function)
            return _Scope(range(node.body[0].lineno, (node.end_lineno or 0) + 1), name, in_function=True)
        if isinstance(node, ast.stmt) and self.in_function:
            # Of a compound statement only the header: its body's statements have lines of their own.
            body = getattr(node, "body", None) or getattr(node, "cases", None)
            first = body[0].pattern if body and isinstance(body[0], ast.match_case) else body and body[0]
            end = max(first.lineno, node.lineno + 1) if first else (node.end_lineno or node.lineno) + 1
            return _Scope(range(node.lineno, end), self.function, in_function=True)
        if isinstance(node, ast.match_case):
            return _Scope(range(node.pattern.lineno, node.body[0].lineno), self.function, self.in_function)
        return self


Found = tuple[ast.AST, str, ast.AST, _Scope, Callable[[], None]]


def _walk(parent: ast.AST, scope: _Scope) -> Iterator[Found]:
    for field, value in ast.iter_fields(parent):
        if field in UNREAD:
            continue
        for place, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST) or _unread(node, parent, scope):
                continue
            inner = scope.within(node)
            turned = negated(node) if _is_condition(parent, field) else ()
            for operator, new in chain(turned, changes(node)):
                yield node, operator, new, inner, _replacement(parent, field, place, new)
            yield from _walk(node, inner)


def _replacement(parent: ast.AST, field: str, place: int, new: ast.AST) -> Callable[[], None]:
    def replace() -> None:
        value = getattr(parent, field)
        if isinstance(value, list):
            value[place] = new
        else:
            setattr(parent, field, new)

    return replace


def _is_condition(parent: ast.AST, field: str) -> bool:
    return field == "test" or (field == "ifs" and isinstance(parent, ast.comprehension))


def _unread(node: ast.AST, parent: ast.AST, scope: _Scope) -> bool:
    """Whether a change here would be of no consequence, or of wording only."""
    match node:
        case ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.Call(func=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name)) if name in FOR_TYPES:
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) if name.startswith("__"):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.BinOp(op=ast.BitOr()) if not scope.in_function:  # an alias of types
            return True
        case ast.JoinedStr():
            parts = (part.value for part in node.values if isinstance(part, ast.Constant))
            return any(is_prose(part) or " " in part for part in parts)
        case ast.Constant():
            return isinstance(parent, (ast.JoinedStr, ast.FormattedValue))
    return False


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
    return text if len(text) <= 90 else text[:87] + "..."
