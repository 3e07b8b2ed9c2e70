"""Notebooks whose shape or size is the attack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.attacks.attack import RIGHT, Attack, answering, put, right_answer
from tests.support.course import Notebook


def notebooks() -> Iterator[Attack]:
    def raw(name: str, text: Callable[[], str | bytes], **more: Any) -> Attack:
        return Attack("notebook bombs", name, lambda _course, folder: put(folder, text()), **more)

    def changed(name: str, change: Callable[[Notebook], object], most: float = RIGHT) -> Attack:
        def placed(_course: Path, folder: Path) -> None:
            notebook = answering("deployment", right_answer())
            change(notebook)
            put(folder, notebook)

        return Attack("notebook bombs", name, placed, most=most)

    def within(text: str, key: str = "metadata") -> Callable[[], str]:
        """The right notebook with ``text`` as the JSON of a key at its top."""
        return lambda: json.dumps({**answering("deployment", right_answer()), key: "HERE"}).replace('"HERE"', text)

    def million_keys() -> str:
        return within(json.dumps(dict.fromkeys(map(str, range(1_000_000)), 0)))()

    def fifteen_megabytes() -> str:
        return within(json.dumps({"x": ["y" * 1000] * 15_000}))()

    def own(count: int, source: Any = "x", kind: Any = "markdown") -> Callable[[Notebook], object]:
        one = {"cell_type": kind, "metadata": {}, "source": source}
        return lambda notebook: notebook["cells"].extend([one] * count)

    yield raw("100,000 brackets", lambda: "[" * 100_000, most=0)
    yield raw("brackets in the metadata, 900 deep", within('{"a":' * 900 + "1" + "}" * 900), most=RIGHT)
    yield raw("brackets in the metadata, 50,000 deep", within("[" * 50_000 + "]" * 50_000), most=RIGHT)
    yield raw("a number of a million digits", within("9" * 1_000_000), most=RIGHT)
    yield raw("NaN and Infinity", within('{"a": NaN, "b": -Infinity, "c": 1e999}'), most=RIGHT)
    yield raw(
        "the cells twice",
        lambda: json.dumps(answering("deployment", right_answer()))[:-1] + ', "cells": []}',
        most=RIGHT,
    )
    yield raw("a key of 1 MB", within(json.dumps({"k" * 1_000_000: 1})), most=RIGHT)
    yield raw("a million keys", million_keys, most=RIGHT)
    yield raw("metadata of 15 MB", fifteen_megabytes, most=RIGHT)
    versions: tuple[Any, ...] = (3, 5, 99, -4, "4", None, 4.5, True)
    for version in versions:
        yield raw(f"notebook format {version}", within(json.dumps(version), "nbformat"), most=0)
    yield changed("cells that are a mapping", lambda notebook: notebook.update(cells={"0": {}}), most=0)
    yield changed("cells in cells", lambda notebook: notebook.update(cells=[notebook["cells"]]), most=0)
    yield changed("cells that are anything", lambda notebook: notebook["cells"].extend([None, 1, "x", [], {}, [[]]]))
    yield changed("a cell type of 7", own(1, kind=7))
    yield changed("a source that is a number", own(1, source=7))
    yield changed("a source of lists in lists", own(1, source=[[["x"]]]))
    yield changed("a source of a million lines", own(1, source=["\n"] * 1_000_000))
    yield changed("surrogate halves", own(1, source="\ud83d\udc80\udfff"))
    yield changed("100,000 cells", own(100_000))
    yield changed("100,000 code cells", own(100_000, kind="code"))
    yield changed("100,000 raw cells", own(100_000, kind="raw"))
    yield changed("600 cells of 30 kB", own(600, source="x " * 15_000))
    yield changed("100,000 cells that look like answers", own(100_000, "%%answer deployment\nkind: Deployment", "code"))
    yield changed("attachments", lambda notebook: notebook["cells"].append({
        "cell_type": "markdown", "metadata": {}, "source": "![x](attachment:x)", "attachments": {"x": {"image/svg+xml": "<svg onload='alert(1)'/>"}}}))  # fmt: skip
    yield changed(
        "widgets",
        lambda notebook: notebook["metadata"].update(
            widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}}
        ),
    )
    for name, line in MARKDOWN_BOMBS.items():
        yield changed(f"Markdown: {name}", own(1, source=line))


MARKDOWN_BOMBS: dict[str, str] = {
    "open brackets": "[" * 15_000,
    "nested quotes": ">" * 10_000 + "x",
    "nested lists": "".join(f"{'  ' * n}- x\n" for n in range(190)),
    "emphasis": "*a **a " * 2_500,
    "backticks": "".join("`" * n + "x" for n in range(180)),
    "links in links": "[a](" * 5_000,
    "reference definitions": "".join(f"[{n}]: x\n" for n in range(2_000)),
    "a wide table": "|" + "a|" * 4_000 + "\n|" + "-|" * 4_000 + "\n",
    "blank lines with a blank": " \n" * 10_000,
    "formulas": "$" * 19_999,
    "dashes and underscores": "_-" * 10_000,
}
