"""The catalog of hostile submissions: it can be put into a course as a whole."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.attacks.catalog import attacks, place, some


def test_names() -> None:
    """There are at least 150 attacks, and no two attacks of a family have the same name."""
    assert len(attacks()) >= 150
    assert max(Counter(map(str, attacks())).values()) == 1
    students = [attack.student for attack in attacks() if attack.student]
    assert len(set(students)) == len(students)


def test_some_of_each() -> None:
    """A part of the catalog has at least one attack of each family."""
    families = {attack.family for attack in attacks()}
    few = Counter(attack.family for attack in some(3))
    assert few.keys() == families
    assert max(few.values()) <= 3


def test_places(tmp_path: Path) -> None:
    """Each attack creates its own folder in ``submitted/``."""
    for number, attack in enumerate(some(6)):
        folder = place(attack, tmp_path, number)
        assert folder.parent == tmp_path / "submitted"
        assert folder.is_symlink() or folder.exists(), attack
    made = {path.name for path in (tmp_path / "submitted").iterdir()}
    assert len([name for name in made if re.fullmatch(r"mallory-\d{3}", name)]) >= 50


def test_answers() -> None:
    """An attack by an answer names its exercise, so the answer can also be judged alone."""
    assert {attack.family for attack in attacks() if attack.answer} >= {"YAML", "drawings", "schemas", "terminal"}
