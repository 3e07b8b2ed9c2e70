"""Replace a few expressions in Python text, and keep the rest unchanged."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from cluster.errors import UsageError


def assigned(tree: ast.Module, name: str) -> ast.Call | None:
    """Return the call whose result a module binds to a name, or None."""
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        value = getattr(statement, "value", None)
        if any(isinstance(one, ast.Name) and one.id == name for one in targets) and isinstance(value, ast.Call):
            return value
    return None


def with_arguments(text: str, name: str, arguments: Mapping[str, str], path: Path) -> str:
    """Replace strings in a module's text: keyword arguments of the call that is bound to ``name``.

    Messages name the module by ``path``. Raises UsageError if there is no such call, or if it lacks an argument.
    """
    call = assigned(ast.parse(text), name)
    given = {one.arg: one.value for one in call.keywords if one.arg} if call else {}
    if lacking := [one for one in arguments if one not in given]:
        raise UsageError(
            f"{path.parent.name}/{path.name} has no {name} = ...({lacking[0]}=...), so it can't be changed.",
            "Write it like the others, with keyword arguments.",
        )
    places = {given[one]: f'"{value}"' for one, value in arguments.items()}
    for node in sorted(places, key=lambda one: (one.lineno, one.col_offset), reverse=True):
        text = _replaced(text, node, places[node])
    return text


def with_element(text: str, name: str, argument: str, element: str, *, after: str, path: Path) -> str:
    """Add a string to a tuple in a module's text: the keyword ``argument`` of the call that is bound to ``name``.

    The string goes after ``after``, or last if that is missing. Raises UsageError if there is no such tuple of strings.
    """
    call = assigned(ast.parse(text), name)
    listed = next((one.value for one in call.keywords if one.arg == argument), None) if call else None
    elements = listed.elts if isinstance(listed, (ast.Tuple, ast.List)) else []
    strings = [one for one in elements if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if not strings or len(strings) != len(elements):
        raise UsageError(
            f"{path.parent.name}/{path.name} doesn't list {argument} as a tuple of strings.",
            f"Write {argument}=(...) in {name}, with each name in quotes.",
        )
    behind = next((one for one in strings if one.value == after), strings[-1])
    written = ast.get_source_segment(text, behind) or ""
    own_line = (
        len({one.lineno for one in strings}) == len(strings) and behind.lineno > listed.lineno if listed else False
    )
    between = f",\n{' ' * behind.col_offset}" if own_line else ", "
    return _replaced(text, behind, f'{written}{between}"{element}"')


def _replaced(text: str, node: ast.expr, by: str) -> str:
    """Replace a node in the text by another expression; columns count bytes."""
    lines = text.encode().splitlines(keepends=True)
    end_line, end = node.end_lineno or node.lineno, node.end_col_offset or 0
    before = b"".join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    behind = lines[end_line - 1][end:] + b"".join(lines[end_line:])
    return (before + by.encode() + behind).decode()
