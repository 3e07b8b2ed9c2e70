"""The self-check passes here and in a student's copy, and notices a broken judge."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from graders.cli import selfcheck
from graders.cli.selfcheck import report, run
from graders.core.registry import exercises
from graders.present.console import Console


def printed(*, verbose: bool = False) -> tuple[int, list[str]]:
    console = Console(file=io.StringIO(), width=120)
    code = report(console, verbose=verbose)
    assert isinstance(console.file, io.StringIO)
    return code, console.file.getvalue().splitlines()


def test_holds_here() -> None:
    """Each exercise's sample gets its stated score."""
    rows = run()
    assert [row for row in rows if not row.ok] == []
    assert [row.exercise for row in rows] == [one.name for one in exercises() if one.graded]


def test_three_lines() -> None:
    """A passed self-check has three lines: the number of answers, the result, and how to list them."""
    code, lines = printed()
    assert (code, len(lines)) == (0, 3)
    assert str(len(run())) in lines[0]
    assert lines[1].startswith("✔")
    assert "--verbose" in lines[2]


def test_verbose() -> None:
    """With --verbose it has a line for each sample, with its score."""
    code, lines = printed(verbose=True)
    assert code == 0
    for row in run():
        assert any(line.startswith(f"✔  {row.exercise} ") and row.got in line for line in lines)


def test_wrong_score_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample with a wrong score ends the check with code 3, a mark at that sample, and what to do."""
    first, *others = [one for one in exercises() if one.sample]
    assert first.sample is not None
    wrong = replace(first, sample=replace(first.sample, score=first.sample.score + 1))
    monkeypatch.setattr(selfcheck, "exercises", lambda: (wrong, *others))
    code, lines = printed()
    assert code == 3
    assert [line.split()[1] for line in lines if line.startswith("✘  ")] == [first.name]
    assert not any(line.startswith("✔") for line in lines)
    assert "damaged" in " ".join(lines)
    assert "workbook doctor" in lines[-1]
