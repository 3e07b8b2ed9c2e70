"""The language of the project: the glossary's words, plain phrases, American spelling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tracked import ROOT, tracked

MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
TERMS = """
answer, card, class, course, criterion, driver, evidence, exercise, family, finding, flow, hint ladder, lane, lesson, not judged,
not started, report, rung, sample, section, shop, solution, stop, story, stub, submission, train, wiring, world
"""
OLD_NAMES = """
admitting, alike, apart, beside, clusters, corner, elsewhere, exits, fences, half, held, keeper, kept, machine, owed, places,
presence, ride, room, seats, senses, spoken, supply, told, tried, unreadable, upkeep, visits, warm, without
"""
"""Names that were replaced by the field's words."""

PHRASES = re.compile(
    r"\bnobody\b|\bwhoever\b|\bthere\s+is\s+none\b|\bis\s+told\b|\bare\s+told\b|\bwhat\s+becomes\s+of\b", re.IGNORECASE
)
MOST_PHRASES = 40
"""How many of these may stand in graders/ and cluster/ together."""

BRITISH = re.compile(
    r"colour|behaviour|neighbour|favour|honour|judgement|licence|\bgrey|recognis|organis|normalis|initialis|serialis|summaris"
    r"|optimis|minimis|\bspelt\b|\w+spelt\b|\blearnt\b|\bwhilst\b|\bcentre|\blabelled|(?<!\.)\bcancelled|\bmodell|\btravell|\bcatalogue"
    r"|\banalyse|\bdefence|\bfulfil\b|\benrolment",
    re.IGNORECASE,
)
TEXTS = (
    ".css",
    ".cypher",
    ".html",
    ".ipynb",
    ".j2",
    ".js",
    ".json",
    ".md",
    ".py",
    ".svg",
    ".toml",
    ".in",
    ".yaml",
    ".yml",
)
NOT_OURS = ("tests/corpus/", "tests/contract/recorded/", "cluster/admission/recorded/", "tests/class/")
"""Folders with what others wrote: learners' answers, and recordings of Kubernetes."""

EXCEPTIONS = {
    "tests/test_english.py": "",  # the patterns above
}
"""By file, a pattern of words that aren't ours: names of Kubernetes, CSS or a library. An empty one allows all."""


def called(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def texts(*folders: str) -> Iterator[tuple[str, str]]:
    """The tracked files of text in some folders, or of the whole project."""
    for path in tracked():
        name = called(path)
        if (not folders or name.startswith(folders)) and path.suffix in TEXTS and not name.startswith(NOT_OURS):
            yield name, path.read_text(encoding="utf-8", errors="ignore")


def listed(names: str) -> frozenset[str]:
    return frozenset(" ".join(names.split()).split(", "))


def test_glossary() -> None:
    """ARCHITECTURE.md explains each term of the glossary."""
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", MAP.partition("## Glossary")[2], re.MULTILINE)
    assert {term for row in rows for term in row.split(", ")} - {"word", "---"} == listed(TERMS)


def test_old_names() -> None:
    """No module, and no public class in one, has a name that was replaced."""
    found = []
    for name, text in texts("graders/", "cluster/"):
        path = Path(name)
        if path.suffix == ".py":
            tree = ast.parse(text)
            classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
            parts = {path.stem, path.parent.name, *classes}
            found += [f"{name}: {part}" for part in parts if part.lower() in listed(OLD_NAMES)]
    assert found == []


def test_phrases() -> None:
    """graders/ and cluster/ have at most 40 of the phrases that plain English avoids."""
    found = [f"{name}: {match[0]}" for name, text in texts("graders/", "cluster/") for match in PHRASES.finditer(text)]
    assert len(found) <= MOST_PHRASES, "\n".join(found)


def test_phrases_are_counted() -> None:
    """A phrase counts in any case, and across the end of a line; parts of other words don't."""
    assert len(PHRASES.findall("Nobody is\ntold. There is none, whoever asks.")) == 4
    assert not PHRASES.findall("There is nonetheless a tolder way.")


def spelled(text: str, allowed: str | None) -> list[str]:
    """The British spellings in a text, without those that a pattern allows."""
    words = [text[max(0, match.start() - 20) : match.end() + 20] for match in BRITISH.finditer(text)]
    return [word for word in words if allowed is None or not re.search(allowed, word)]


def test_spelling() -> None:
    """The project's texts are in American spelling."""
    found = [f"{name}: {word!r}" for name, text in texts() for word in spelled(text, EXCEPTIONS.get(name))]
    assert found == []


@pytest.mark.parametrize("word", ["behaviour", "misspelt", "Neighbours", "normalised", "grey", "judgements"])
def test_spelling_is_read(word: str) -> None:
    """A British spelling is found in any form of a word."""
    assert spelled(f"a {word} b", None)
    assert not spelled("a color, behavior, neighbor, judgment, gray, spelled, normalized", None)
