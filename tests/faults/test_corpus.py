"""Every fault of the corpus has a test, or waits for one in the list below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tests.corpus.faults import FOLDER, INDEX, fault, file

FAULTS = Path(__file__).parent

# A line between the exercises: two parts that shorten the list at once do not meet in one hunk.
PENDING: Mapping[str, str] = {}
"""The faults that no test names yet, by exercise. Take an id out when a module of this folder tests it."""


def named() -> set[str]:
    """The ids that a module of this folder names in quotes."""
    modules = [path for path in FAULTS.glob("test_*.py") if path != Path(__file__)]
    return {name for path in modules for name in re.findall(r"\b[PS]\d{2}\b", path.read_text(encoding="utf-8"))}


def test_each_fault_is_tested_or_pending() -> None:
    """A fault is either named by a test or in the list of pending faults, and never both."""
    pending = {name for names in PENDING.values() for name in names.split()}
    assert named() & pending == set(), "tested, but still in the list"
    assert named() | pending == set(INDEX)


def test_pending_faults_stand_by_their_exercise() -> None:
    """The list of pending faults names each one's exercise as the index does."""
    for exercise, names in PENDING.items():
        assert {INDEX[name]["exercise"] for name in names.split()} <= {exercise}


def test_the_corpus_is_whole() -> None:
    """Every fault has a text, and every file beside the index belongs to a fault."""
    assert len(INDEX) == 81
    files = {file(name) for name, row in INDEX.items() if "file" in row}
    kept = {path for path in FOLDER.iterdir() if path.is_file() and path.suffix not in (".py", ".jsonl")}
    assert files == kept
    assert all(fault(name) for name, row in INDEX.items() if row.get("file", "") != "009-timestamp-in-utf16.txt")
