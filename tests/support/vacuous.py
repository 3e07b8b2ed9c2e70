"""Assertions that are always true, found in a test module's syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

Constants = Mapping[str, ast.expr]
"""The module's constants, by name."""


def vacuous(module: ast.Module) -> Iterator[ast.Assert]:
    """The vacuous assertions: of a constant or a tuple, with ``or True``, or that a text contains the empty text.

    The empty text may come from a row of a table: of ``parametrize``, of a loop, or of a dictionary of rows.
    """
    constants = dict(_constants(module))
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef):
            empty = set(_empty(function, constants))
            for node in ast.walk(function):
                if isinstance(node, ast.Assert) and _holds_always(node.test, empty):
                    yield node


def _constants(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            yield node.target.id, node.value
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))


def _holds_always(test: ast.expr, empty: set[str]) -> bool:
    if isinstance(test, ast.BoolOp):
        return any(_holds_always(one, empty) for one in test.values)
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.In):
        left = test.left
        return (isinstance(left, ast.Name) and left.id in empty) or (
            isinstance(left, ast.Constant) and left.value == ""
        )
    return isinstance(test, ast.Constant | ast.JoinedStr) or (isinstance(test, ast.Tuple) and bool(test.elts))


def _empty(function: ast.FunctionDef, constants: Constants) -> Iterator[str]:
    """The variables to which a row of a table gives the empty text."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(".parametrize"):
            names = ast.literal_eval(decorator.args[0])
            names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
            yield from _empty_in(_rows(decorator.args[1], constants), names)
    for node in ast.walk(function):
        if isinstance(node, ast.For):
            yield from _empty_in(_rows(node.iter, constants), _assigned(node.target))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            yield from _empty_in(_rows(node.value, constants), _assigned(node.targets[0]))


def _assigned(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


def _rows(table: ast.expr, constants: Constants) -> Sequence[ast.expr]:
    """A table's rows, where it is written out, in place or as a constant of the module."""
    match table:
        case ast.Name(id=name) if name in constants:
            return _rows(constants[name], constants)
        case ast.Dict(values=rows) | ast.List(elts=rows) | ast.Tuple(elts=rows) | ast.Set(elts=rows):
            return rows
        case ast.Subscript(value=inner) | ast.Call(func=ast.Attribute(value=inner, attr="items" | "values")):
            return _rows(inner, constants)
        case ast.ListComp(generators=[ast.comprehension(iter=inner), *_]):
            return _rows(inner, constants)
    return ()


def _empty_in(rows: Sequence[ast.expr], names: Sequence[str]) -> Iterator[str]:
    for row in rows:
        cells = row.elts if isinstance(row, ast.Tuple) else row.args if isinstance(row, ast.Call) else [row]
        # From the end: a dictionary's key or a comprehension takes the first cells of a row.
        for name, cell in zip(reversed(names), reversed(cells), strict=False):
            if isinstance(cell, ast.Constant) and cell.value == "":
                yield name
