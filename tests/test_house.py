"""The project's own rules: style, types, layers, and texts that are forbidden."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support import type_check
from tests.support.tracked import ROOT, tracked
from tests.support.unit import TESTS, WITH_PROCESSES, is_unit
from tests.support.vacuous import vacuous
from tools.check import TOOLS

BIN = Path(sys.executable).parent
CODE = ("graders", "cluster", "tests", "benchmarks", "tools")


def tool(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", [name for name in TOOLS if name != "mypy"])
def test_tool(name: str) -> None:
    """The code passes the linter, the formatter and import-linter."""
    done = tool(*TOOLS[name])
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_types() -> None:
    """The code passes the type checker, in its strict mode."""
    done = type_check.check()
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def modules() -> list[Path]:
    # Below notebooks/ are sources of notebooks: their answer cells are YAML.
    every = (path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in every if path.parent.name != "notebooks"]


@cache
def trees() -> dict[str, ast.Module]:
    """Each module's syntax tree, by the module's path in the project."""
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in modules()}


def test_tests_state_facts() -> None:
    """Every test's docstring is a sentence."""
    for name, tree in trees().items():
        if not Path(name).name.startswith("test_"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert (ast.get_docstring(node) or "").rstrip().endswith((".", "”")), f"{name}: {node.name}"


def imported(tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports, with the names that it imports from them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_tests_are_not_imported() -> None:
    """No module imports a test module or a conftest, because shared helpers have their own modules."""
    found = [
        f"{module}: {name}"
        for module, tree in trees().items()
        for name in imported(tree)
        if name.startswith("tests.") and re.search(r"\.(test_\w+|conftest)(\.|$)", name)
    ]
    assert found == []


def test_one_reference_manifest() -> None:
    """Only one test module has a whole Deployment with probes, and the others edit it."""
    written = {
        name
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if {"kind: Deployment", "containers:", "livenessProbe:"} <= {line.strip() for line in node.value.splitlines()}
    }
    assert written == {"tests/support/manifests.py"}


def test_no_assertion_is_vacuous() -> None:
    """No assertion is always true, such as that an empty text of a table's row is in a message."""
    found = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, tree in trees().items()
        if name.startswith("tests/")
        for node in vacuous(tree)
    ]
    assert found == []


def test_nobody_sleeps() -> None:
    """No test and no module waits by sleeping."""
    pattern = re.compile(r"\b(time|asyncio)\.sleep\(")
    assert not [path for path in modules() if path != Path(__file__) and pattern.search(path.read_text())]


def sleeps(tree: ast.Module) -> Iterator[int]:
    """The lines with an event that no code can set, so that waiting for it is a sleep."""
    made, set_somewhere = dict[str, int](), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            # Where an event is passed on, others may set it. Its name alone is looked at: x of self.x.
            set_somewhere |= {
                ast.unparse(a).rpartition(".")[2] for a in (*node.args, *(k.value for k in node.keywords))
            }
            inside = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            yield from (one.lineno for one in (*node.args, *inside) if is_event(one))
        elif isinstance(node, ast.Attribute) and node.attr == "set":
            set_somewhere.add(ast.unparse(node.value).rpartition(".")[2])
        elif isinstance(node, ast.Assign):
            made |= dict(event for target in node.targets for event in events(target, node.value))
    yield from (line for name, line in made.items() if name not in set_somewhere)


def events(target: ast.expr, value: ast.expr) -> list[tuple[str, int]]:
    """The names to which an assignment gives a new event, with their lines."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [event for pair in zip(target.elts, value.elts, strict=True) for event in events(*pair)]
    return [(ast.unparse(target).rpartition(".")[2], target.lineno)] if is_event(value) else []


def is_event(node: ast.expr) -> bool:
    """Whether an expression makes a new event, of threads or of asyncio."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Event" and not node.args


def test_no_test_sleeps_under_another_name() -> None:
    """No test waits for an event that nothing sets, or gives up after a time of its own in place of PATIENCE."""
    own = re.compile(r"\.(?:wait|join)\((?:timeout=)?[0-9]")
    found = [f"{name}:{line}" for name, tree in trees().items() if name.startswith("tests/") for line in sleeps(tree)]
    assert found == []
    tests = (path for path in modules() if path.is_relative_to(ROOT / "tests"))
    assert [path.name for path in tests if own.search(path.read_text(encoding="utf-8"))] == []


def test_no_machine_is_named() -> None:
    """No file has an absolute path of the machine on which it was written, or the address of a package registry."""
    said = re.compile(r"/(?:root|home/\w+|work/\w+|Users/\w+)/|(?:pypi|pythonhosted|anaconda)\.(?:org|com)")
    for path in tracked():
        if path != Path(__file__) and path.suffix != ".png":
            assert not said.search(path.read_text(encoding="utf-8", errors="ignore")), path


def importers(name: str) -> list[str]:
    """The modules that import a module, or something out of it."""
    found = []
    for module, tree in trees().items():
        nodes = list(ast.walk(tree))
        plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        parts = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        if name in plain | parts:
            found.append(module)
    return found


def test_one_kit_for_names() -> None:
    """Names are compared for their spelling in one module only."""
    assert importers("difflib") == ["cluster/text/names.py"]


def ours() -> dict[str, ast.Module]:
    """Return the modules of graders and cluster by their paths, parsed."""
    return {name: tree for name, tree in trees().items() if name.startswith(("graders/", "cluster/"))}


def test_nothing_private_is_imported() -> None:
    """No module imports a private module or a private name of another module."""
    private = re.compile(r"(?:^|\.)_(?!_)")
    assert [f"{path}: {name}" for path, tree in ours().items() for name in imported(tree) if private.search(name)] == []


CONVENTIONS = {
    "rubric", "figure", "reading", "model", "criteria",  # the files of an exercise and of a family
    "world", "driver", "event_log",  # what both worlds have
    "broker", "cache", "database", "engine", "api",  # a server, and the shop's side of it
    "environment", "fields", "ignored", "pod", "probes", "resources", "sidecar", "unready",  # one subject, as rules and as criteria
    "documents", "verify", "words",  # one subject, in two layers
}  # fmt: skip
"""Names of modules that stand in several folders for the same subject."""


def test_modules_are_told_apart() -> None:
    """A module's name is unique, except for one subject in several layers, and is never a name of the standard library."""
    names = Counter(Path(path).stem for path in ours() if not path.endswith("__.py"))
    assert {name for name, count in names.items() if count > 1} - CONVENTIONS == set()
    assert names.keys() & sys.stdlib_module_names == set()


def test_classes_are_told_apart() -> None:
    """Each public class has a name that no other public class has."""
    classes = [n.name for tree in ours().values() for n in tree.body if isinstance(n, ast.ClassDef)]
    assert [name for name, count in Counter(classes).items() if count > 1 and name[0] != "_"] == []


NAMED = re.compile(r"(?<![\w./-])(?:graders|cluster)(?:\.[a-z]\w*)+|\bfrom (?:graders|cluster)[\w.]* import [a-z]\w*")
NOT_THERE = {"cluster.shop.app.nothing"}
"""What a test starts in vain."""


def test_modules_named_in_texts() -> None:
    """A module that a string, a docstring or a program in a string names exists."""
    missing = []
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named = (found[0].replace("from ", "").replace(" import ", ".") for found in NAMED.finditer(node.value))
                missing += [f"{module}: {name}" for name in named if not (name in NOT_THERE or is_there(name))]
    assert missing == []


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or a name in a module's text."""
    at = ROOT
    for part in name.split("."):
        if (at / part).is_dir():
            at /= part
        elif (at / f"{part}.py").is_file():
            return True
        else:
            package = at / "__init__.py"
            return package.is_file() and re.search(rf"\b{part}\b", package.read_text(encoding="utf-8")) is not None
    return True


def test_unit_tests_are_a_choice() -> None:
    """Each folder and module that `make check` leaves out exists, and this module is one of them."""
    assert [name for name in WITH_PROCESSES if not (TESTS / name).exists()] == []
    assert not is_unit(Path(__file__))
    assert is_unit(TESTS / "cluster/admission")
