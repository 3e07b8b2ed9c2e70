"""Hostile submissions, each as one student's folder, with its files and its most points.

``attacks()`` has all of them; ``place`` puts one into a course, and ``honest`` three students beside them. An attack that runs code makes ``OWNED`` in the course's folder, so that one look
tells whether any did.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path

from tests.attacks.attack import HONEST, OWNED, Attack
from tests.attacks.families.choices import choices
from tests.attacks.families.drawings import drawings
from tests.attacks.families.files import big_files, files
from tests.attacks.families.forged import forged
from tests.attacks.families.imports import imports
from tests.attacks.families.links import links
from tests.attacks.families.names import names
from tests.attacks.families.notebooks import notebooks
from tests.attacks.families.pages import pages
from tests.attacks.families.schemas import schemas
from tests.attacks.families.simulator import simulator
from tests.attacks.families.terminal import terminal
from tests.attacks.families.timestamps import timestamps
from tests.attacks.families.yaml_bombs import yaml
from tests.support.course import hand_in, students

__all__ = ["HONEST", "OWNED", "Attack", "attacks", "honest", "place", "some"]


@cache
def attacks() -> tuple[Attack, ...]:
    """All attacks, family by family. The first call takes about a second."""
    return (
        *files(), *big_files(), *names(), *links(), *timestamps(), *forged(), *notebooks(), *imports(),
        *yaml(), *simulator(), *drawings(), *schemas(), *choices(), *terminal(), *pages(),
    )  # fmt: skip


def some(each: int) -> tuple[Attack, ...]:
    """At most so many attacks of each family, spread over it."""
    chosen: list[Attack] = []
    for _, members in groupby(attacks(), key=lambda attack: attack.family):
        family = list(members)
        number = min(each, len(family))
        chosen += [family[place * len(family) // number] for place in range(number)]
    return tuple(chosen)


def place(attack: Attack, course: Path, number: int = 0) -> Path:
    """Put an attack into a course and return the student's folder.

    Raises OSError if this machine can't create such a file.
    """
    folder = course / "submitted" / (attack.student or f"mallory-{number:03}")
    folder.parent.mkdir(exist_ok=True)
    attack.make(course, folder)
    return folder


def honest(course: Path) -> dict[str, float]:
    """Hand in the answers of three honest students, and return the score that each must get."""
    own = {student.name: student for student in students() if student.name in HONEST}
    for student in own.values():
        hand_in(course, student.name, student.content, student.filename)
        for filename, content in student.also.items():
            hand_in(course, student.name, content, filename)
    return {name: sum(score or 0.0 for score in student.scores.values()) for name, student in own.items()}
