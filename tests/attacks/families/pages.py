"""Texts that make a page run or fetch something: the payloads of ``payloads.py``, one a submission."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graders.core.registry import exercise
from tests.attacks.attack import Attack, answer_attack, put
from tests.attacks.payloads import PAYLOADS, Payload, answers
from tests.support.course import released


def pages() -> Iterator[Attack]:
    for payload in PAYLOADS.values():
        yield _handed_in(payload)
    for way, texts in answers().items():
        for of, text in texts.items():
            yield answer_attack("answers on pages", f"{of}: {way}", of, text, most=exercise(of).points)


def _handed_in(payload: Payload) -> Attack:
    def placed(_course: Path, folder: Path) -> None:
        notebook = released()
        notebook["cells"].append(payload.cell)
        notebook["metadata"].update(payload.top)
        put(folder, notebook)

    return Attack("pages", f"{payload.family}: {payload.name}", placed, most=0)
