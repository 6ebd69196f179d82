"""The changes that make a mutant: what may be in one node's place, each with its operator's name.

Prose is left alone: a message may be worded otherwise without being wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
LITERALS = (ast.Constant, ast.JoinedStr, ast.Tuple, ast.List)

Change = tuple[str, ast.AST]  # operator, what stands in the node's place


def changes(node: ast.AST) -> Iterator[Change]:
    """Every change of this node itself; those of its children are theirs."""
    match node:
        case ast.Compare():
            yield from _comparison(node)
        case ast.BoolOp():
            yield from _boolean(node)
        case ast.UnaryOp(op=ast.Not()):
            yield "condition", node.operand
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _joins_text(node):
            yield "arithmetic", ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        case ast.Constant():
            yield from _constant(node)
        case ast.stmt():
            yield from _statement(node)


def negated(test: ast.expr) -> Iterator[Change]:
    """A condition that has no operator of its own to change, turned round."""
    if not isinstance(test, (ast.Compare, ast.BoolOp, ast.Constant, ast.UnaryOp)):
        yield "condition", ast.UnaryOp(ast.Not(), test)


def is_prose(text: str) -> bool:
    return " " in text.strip() or len(text) > 40


def _comparison(node: ast.Compare) -> Iterator[Change]:
    for place, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            operators = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield "comparison", ast.Compare(node.left, operators, node.comparators)


def _boolean(node: ast.BoolOp) -> Iterator[Change]:
    yield "boolean", ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield "clause", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _joins_text(node: ast.BinOp) -> bool:
    """Joining text, or a union of types: the change could only end in a TypeError."""
    sides = (node.left, node.right)
    if isinstance(node.op, (ast.Add, ast.Mod)):
        return any(
            isinstance(side, LITERALS) and not isinstance(getattr(side, "value", ""), int) for side in sides
        )
    unions = isinstance(node.op, ast.BitOr)
    return unions and any(isinstance(side, ast.Constant) and side.value is None for side in sides)


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield "constant", ast.Constant(value + 1)
    elif isinstance(value, bytes):
        yield "constant", ast.Constant(value + b"_")
    elif isinstance(value, str) and not is_prose(value):
        yield "constant", ast.Constant(value + "_")


def _statement(node: ast.stmt) -> Iterator[Change]:
    match node:
        case ast.Return(value=ast.expr()) if not isinstance(node.value, ast.Constant):
            yield "return", ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Delete() | ast.AugAssign():
            yield "deletion", ast.Pass()
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield "deletion", ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            yield "deletion", ast.Pass()
        case ast.Continue():
            yield "jump", ast.Break()
        case ast.Break():
            yield "jump", ast.Continue()
    if isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield "arithmetic", ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
