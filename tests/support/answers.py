"""The solution of a closed form with another text in one of its fields."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from graders.core.registry import exercise
from graders.families.form.reading import Form, Term
from tests.support.solutions import solution


@dataclass(frozen=True)
class Answered:
    """An answer, and the text that the solution has in the field."""

    answer: str
    text: str


def answered(form: Form, name: str, term: Term, written: str | None = None) -> Answered:
    """The solution of ``name``, with ``written`` in a field; unchanged if ``written`` is None."""
    texts = {place: one.text for place, one in form.read(solution(exercise(name))).terms.items()}
    lines: list[str] = []
    tree: dict[str, Any] = {}
    for place, text in {**texts, term: texts[term] if written is None else written}.items():
        below = tree
        for step in place[:-1]:
            below = below.setdefault(step, {})
        below[place[-1]] = text

    def write(below: dict[str, Any], depth: int) -> None:
        for key, value in below.items():
            lines.append(
                f"{'  ' * depth}{key}:"
                + ("" if isinstance(value, dict) else f" {json.dumps(value, ensure_ascii=False)}")
            )
            if isinstance(value, dict):
                write(value, depth + 1)

    write(tree, 0)
    return Answered("\n".join(lines) + "\n", texts[term])
