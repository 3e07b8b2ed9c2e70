"""The notebooks of the course: they run from top to bottom, and their examples agree with the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cluster.engines import missing
from graders.application_platform import LESSON
from graders.release.source import source_notebook
from tests.support.kernel import Kernel

EVERY = sorted((Path(__file__).parents[3] / "solutions/application-platform").glob("0*.py"))
SOURCES = [source for source in EVERY if source.stem[1] in "2345"]
ON_ENGINES = ("03-databases", "06-hands-on")
"""What these say needs engines; where one can't be had, they say that in place of it."""

SAID = {
    "02-kinds-of-service": (
        "504 after 500 ms: still busy with “send the email”", "replica A: your basket holds ['tea', 'biscuits']",
        "order 2: sent before, nothing to do", "Sunday 08 March, 03:30", "Monday 02 March, 06:01",
    ),
    "03-databases": (
        "part of the sale is stored: seat, booking", "Nothing of the sale is stored",
        "the table says 41 instead of 42: 1 of 2 sales is lost", "buyer B: wants to write, and waits for buyer A (the table says: 40)",
        "buyer B: wants to read, and waits for buyer A (the table says: 40)", "the table says 42: no sale is lost",
        "600 visits, 91% of them hits", "kept for 1 s 32%", "kept for 60 s 91%", "cache stopped, 0% hits",
        "600 of 600 visitors got their answer", "201,600 readings", "the same 168 means",
    ),
    "04-sync-or-async": (
        "inside the request  0 yes, 5 no", "by the queue        5 yes, 0 no", "waiting messages, by the queue: ",
        "0a 03 31 32 33 12 04 70 61 69 64 18 e0 12 20 ac 02", "currency: EUR        ignores it",
        "it reads discount_cents as total_cents", "total_cents: EUR     total_cents: 0", "B-14 again, nothing to do",
    ),
    "05-contract": (
        "✘  mail: no connection", "liveness asks /healthz: took traffic for 70 s, 0 restarts", "liveness asks /readyz:  took traffic for 50 s, 1 restart",
        "closed after 5 s,    lost: none",
    ),
    "06-hands-on": ("20 accepted, 20 stored, 20 cached, 20 announced, 20 confirmed by email",),
}  # fmt: skip


@pytest.mark.parametrize("source", EVERY, ids=lambda path: path.stem)
def test_runs_from_top_to_bottom(source: Path, tmp_path: Path) -> None:
    """A solved notebook runs without an error or a warning, with full marks, and prints the figures in its text."""
    notebook: Any = source_notebook(source, LESSON)
    kernel = Kernel(tmp_path)
    try:
        ran = [kernel.run(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    finally:
        kernel.end()
    assert [r.error for r in ran if r.error] == []
    assert [r.streams for r in ran if "Warning" in r.streams] == []
    printed = "".join(r.streams + r.plain for r in ran)
    promised = () if source.stem in ON_ENGINES and missing() else SAID.get(source.stem, ())
    absent = [said for said in promised if said not in printed]
    if absent:
        pytest.fail(f"not printed: {absent}; but this was:\n{printed}")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_one_idea_at_a_time(source: Path) -> None:
    """Each part asks a question, gives something to try, says what happened, and says where it matters in practice."""
    text = source.read_text(encoding="utf-8")
    for heading in (
        "### The question",
        "### Something to try",
        "### What happened, and why",
        "### Where it matters in practice",
    ):
        assert text.count(heading) >= 2, heading
