"""What the notebook prints for an exercise: the material of an answer without knowledge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graders.authoring.guessing.printed import Printed, printed
from graders.authoring.sources import section_of
from graders.core.exercise import Exercise
from graders.core.registry import owners

ROOT = Path(__file__).resolve().parents[2]


def above(one: Exercise[Any, Any]) -> Printed:
    """What is printed for an exercise."""
    section = section_of(one, owners()[one.name], ROOT)
    return printed(one, section.notebook)
