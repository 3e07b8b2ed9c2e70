"""The documents name only what exists, and the records of decisions have one form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tracked import ROOT, tracked

DECISIONS = ROOT / "docs" / "decisions"
PLACE = re.compile(r"(?:benchmarks|cluster|docs|graders|notebooks|solutions|tests|tools)/[\w.+*/-]*")
"""What between backticks is a place in the project."""

ANY = re.compile(r"(?<![A-Za-z])(?:EXERCISE|FAMILY|LESSON|MINOR|NAME|SECTION|STUDENT)(?![A-Za-z])")
"""A word that stands for any name, as in ``exercises/NAME/``."""

COMMAND = re.compile(r"python -m ((?:benchmarks|tests|tools|graders|cluster)[\w.]*)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
THREE = ["Context", "Decision", "Consequences"]


def documents() -> list[Path]:
    """Every document except the changelog and the corpora."""
    found = [path for path in tracked() if path.suffix == ".md" and path.name != "CHANGELOG.md"]
    return [path for path in found if "corpus" not in path.parts]


def called(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


EACH = pytest.mark.parametrize("document", documents(), ids=called)


def places(text: str) -> Iterator[str]:
    """The paths between backticks that begin with a folder of the project. Blocks of code are examples."""
    for code in re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)):
        if found := PLACE.match(code):
            yield found[0].rstrip(".")


def exists(place: str) -> bool:
    """Whether such a file or folder exists; a placeholder matches any name."""
    return any(ROOT.glob(ANY.sub("*", place.rstrip("/"))))


@EACH
def test_places(document: Path) -> None:
    """Each file and folder of the project that a document names exists."""
    missing = [place for place in places(document.read_text(encoding="utf-8")) if not exists(place)]
    assert missing == []


@EACH
def test_commands(document: Path) -> None:
    """Each module that a document runs exists."""
    for name in COMMAND.findall(document.read_text(encoding="utf-8")):
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), name


def test_what_is_read() -> None:
    """Inline code that begins with a path of the project is a place, and a placeholder matches any name."""
    text = "see `graders/core/report.py`, `no/graders` and `cluster/gone/`.\n```\n`graders/x.py`\n```\n`tests/**/live/`"
    assert list(places(text)) == ["graders/core/report.py", "cluster/gone/", "tests/**/live/"]
    assert exists("graders/application_platform/exercises/NAME/rubric.py")
    assert not exists("graders/NAME/rubric.py")
    assert not exists("cluster/gone/")


def records() -> list[Path]:
    return sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("record", records(), ids=lambda path: path.stem)
def test_record(record: Path) -> None:
    """The record of a decision has a title with its number, and three chapters with text."""
    text = record.read_text(encoding="utf-8")
    title, *chapters = HEADING.findall(text)
    number, said = title.split(". ", 1)
    assert record.name.startswith(f"{int(number):04d}-")
    assert chapters == THREE
    assert all(part.strip() for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:])
    assert f"- [{record.name[:4]}]({record.name}) {said}" in (DECISIONS / "README.md").read_text(encoding="utf-8")


def test_records_are_numbered() -> None:
    """The records are numbered from 1 without a gap, and the index lists each of them once."""
    listed = re.findall(
        r"^- \[\d{4}\]\(([\w-]+\.md)\)", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == [path.name for path in records()]
    assert [int(path.name[:4]) for path in records()] == list(range(1, len(records()) + 1))


MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_map_fits_a_screen() -> None:
    """ARCHITECTURE.md stays a short map, because decisions have their own records."""
    assert len(MAP.splitlines()) <= 110


def test_the_map_is_whole() -> None:
    """The map's tree has each package below graders/ and cluster/."""
    packages = [path.parent for folder in ("graders", "cluster") for path in ROOT.glob(f"{folder}/*/__init__.py")]
    assert [called(path) for path in packages if f"`{called(path)}/`" not in MAP] == []


def test_the_layers_of_the_map() -> None:
    """The layers in ARCHITECTURE.md are those that import-linter holds."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    held = {}
    for layers in (one["layers"] for one in contracts if one["type"] == "layers"):
        rows = [[name.strip().partition(".")[2] for name in layer.split("|")] for layer in layers]
        held[layers[0].partition(".")[0]] = [sorted(row) for row in rows]
    written = {}
    for line in re.findall(r"^(?:graders|cluster): .+$", MAP, re.MULTILINE):
        package, _, layers = line.partition(": ")
        rows = [layer.strip().replace("a lesson", "application_platform").split(", ") for layer in layers.split(">")]
        written[package] = [sorted(row) for row in rows]
    assert written == held
