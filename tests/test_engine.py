"""The engine knows no lesson: it names no exercise, and asks each exercise for what it needs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from graders.core.registry import lessons, names
from graders.core.version import PACKAGE

ROOT = Path(__file__).resolve().parent.parent
LESSONS = {one.folder for one in lessons()}


def engine() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of ``graders`` outside of a lesson, parsed."""
    for path in sorted((ROOT / "graders").rglob("*.py")):
        if not LESSONS & set(path.parents):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_names_no_exercise() -> None:
    """No text in the engine is the name of an exercise or of a lesson."""
    known = {*names(), *(one.id for one in lessons())}
    for path, tree in engine():
        found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in known]
        assert not found, f"{path}: {found}"


def test_texts_name_no_lesson() -> None:
    """No text in the engine contains a lesson's id, as a folder in an example would; the distribution's name does."""
    ids = [one.id for one in lessons()]
    for path, tree in engine():
        texts = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        found = [text for text in texts if any(one in text.replace(PACKAGE, "") for one in ids)]
        assert not found, f"{path}: {found}"


def test_imports_no_lesson() -> None:
    """No module of the engine imports one of a lesson's."""
    packages = {one.package for one in lessons()}
    for path, tree in engine():
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if any(f"{name}.".startswith(f"{one}.") for one in packages)], path


def test_asks_and_does_not_guess() -> None:
    """The engine doesn't test the type, the attributes or the kind of an exercise or its evidence."""
    for path, tree in engine():
        if "families" in path.parts:
            continue  # a family knows its own evidence
        for node in ast.walk(tree):
            assert not _guesses(node), f"{path}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"


def _guesses(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("isinstance", "hasattr", "getattr", "type"):
        return bool(node.args) and _is_of_an_exercise(node.args[0])
    if isinstance(node, ast.Compare):
        return any(
            ast.unparse(side).endswith(("exercise.kind", "chosen.kind", "one.kind"))
            for side in (node.left, *node.comparators)
        )
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "evidence"


def _is_of_an_exercise(node: ast.AST) -> bool:
    words = ast.unparse(node).split(".")
    return words[-1] in ("evidence", "exercise") or "evidence" in words
