"""A misconception, a wrong choice with a common reason: what an exercise of items says about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from cluster import world
from graders.core.exercise import Exercise

Misconception = tuple[str, Mapping[str, Any], float, str]
"""The item, what replaces the right words in it, the points that are left, and a text of the finding's reason."""


def hold(exercise: Exercise[Any, Any], answer: Mapping[str, Mapping[str, Any]], misconception: Misconception) -> None:
    """Assert that only the item with the misconception is missed, that it earns the rest, and that its finding says why."""
    item, written, earned, told = misconception
    report = exercise.judge(yaml.safe_dump({**answer, item: {**answer[item], **written}}), world())
    missed = [f for f in report.findings if f.earned < f.points]
    assert [(f.criterion, f.earned) for f in missed] == [(item, earned)]
    assert told in missed[0].why
