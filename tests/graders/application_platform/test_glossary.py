"""The glossary: it has each technical word of the notebooks, and each word is explained at its first use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.tracked import ROOT

SOURCES = ROOT / "solutions" / "application-platform"
GLOSSARY = SOURCES / "glossary.py"
SECTIONS = sorted(SOURCES.glob("0*.py"))
WORDS = re.findall(r"^# ### (.+)$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)


def anchor(word: str) -> str:
    """JupyterLab's anchor of a heading."""
    return word.replace(" ", "-")


def prose(path: Path) -> str:
    """The text between a notebook's code cells, in one line, without its code blocks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line[2:] for line in lines if line.startswith("# ") and not line.startswith("# %%"))
    return " ".join(re.sub(r"```.*?```", "", text, flags=re.DOTALL).split())


def says(text: str, word: str) -> bool:
    """Whether a text uses a word, or its plural, outside of code."""
    name = "p50" if word.startswith("p50") else word
    case = (
        re.IGNORECASE if name.islower() else 0
    )  # “Service” is an object of Kubernetes, and any program may be a service
    return bool(re.search(rf"(?<![\w-]){re.escape(name)}s?(?![\w-])", re.sub(r"`[^`]*`", "", text), case))


def explains(text: str, word: str) -> bool:
    """Whether a text prints a word in bold, as a notebook does where it explains one, or links to the glossary."""
    name = "p50" if word.startswith("p50") else word
    bold = re.findall(r"\*\*([^*]+)\*\*", text)
    return f"glossary.ipynb#{anchor(word)})" in text or any(name.casefold() in each.casefold() for each in bold)


def test_alphabetical() -> None:
    """The glossary has each word once, in alphabetical order."""
    assert len(WORDS) > 60
    assert sorted({word.casefold() for word in WORDS}, key=lambda word: word.replace("-", " ")) == [
        word.casefold() for word in WORDS
    ]


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: path.stem)
def test_links(path: Path) -> None:
    """Each link to the glossary leads to an existing word."""
    linked = re.findall(r"\(glossary\.ipynb(?:#([^)]*))?\)", path.read_text(encoding="utf-8"))
    assert linked
    assert not {*linked} - {"", *map(anchor, WORDS)}


@pytest.mark.parametrize("word", WORDS)
def test_first_use(word: str) -> None:
    """The first notebook that uses a word of the glossary explains it or links to it."""
    first = next((text for text in map(prose, SECTIONS) if says(text, word)), None)
    assert first is not None, "no notebook uses it"
    assert explains(first, word)


@pytest.mark.parametrize("word", ["squad", "on-call", "trace", "mapping", "key", "pod", "replica", "SIGTERM"])
def test_words_of_newcomers(word: str) -> None:
    """The glossary has the words that newcomers asked for."""
    assert word in WORDS
