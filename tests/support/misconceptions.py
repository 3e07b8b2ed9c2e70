"""A wrong choice that people make for a reason: what an exercise of items says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from cluster import world
from graders.core.exercise import Exercise

Misconception = tuple[str, Mapping[str, Any], float, str]
"""The item, what is written there in place of the right words, the points that are left, and what the card says of it."""


def hold(exercise: Exercise[Any, Any], answer: Mapping[str, Mapping[str, Any]], misconception: Misconception) -> None:
    """Of a right answer with this misconception that item alone is missed, earns what is left, and is told why."""
    item, written, earned, told = misconception
    report = exercise.judge(yaml.safe_dump({**answer, item: {**answer[item], **written}}), world())
    missed = [f for f in report.findings if f.earned < f.points]
    assert [(f.criterion, f.earned) for f in missed] == [(item, earned)]
    assert told in missed[0].why
