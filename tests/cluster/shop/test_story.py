"""The story of a shop tells what it saw, and never takes "couldn't look" for "isn't there"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from cluster.errors import WorldError
from cluster.shop import story
from cluster.shop.wiring import API, DATABASE, Wiring

STORES = Wiring(frozenset({API, DATABASE}), frozenset({(API, DATABASE)}))


@dataclass
class Shop:
    """A stage whose database stores every order; the first ``blind`` looks at each part of a chapter fail."""

    blind: Mapping[str, int]
    way: str = "for a test"
    notes: tuple[str, ...] = ()
    orders: list[str] = field(default_factory=list)
    looks: int = 0

    def visit(self, method: str, query: Mapping[str, Any] | None = None, within: float = 30.0) -> Any:
        """Place orders, or look."""
        assert within > 0
        if method == "POST":
            self.looks = 0
            ids = [f"{len(self.orders) + n}" for n in range((query or {})["count"])]
            self.orders += ids
            return [{"at": 0.0, "status": 201, "seconds": 0.0, "id": one, "reads": []} for one in ids]
        self.looks += 1
        seen = {"stored": self.orders, "cached": [], "announced": {}, "emails": []}
        return {name: None if self.looks <= self.blind.get(name, 0) else found for name, found in seen.items()}

    def take_away(self, part: str) -> None:
        """Nothing to do."""

    bring_back = take_away

    def mail_takes(self, seconds: float) -> None:
        """Nothing to do."""

    def rewire(self, wiring: Wiring) -> None:
        """Nothing to do."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A story looks again at once."""
    for name in ("QUIET", "LOOKED_EACH"):
        monkeypatch.setattr(story, name, 0.0)


@pytest.mark.parametrize("part", story.LOOKS)
def test_a_part_that_answers_late(part: str) -> None:
    """A look that fails for a while, as on a busy machine, changes nothing: the run looks until each part has answered."""
    told = story.tell(Shop({part: 5}), STORES)
    assert story.seen(told) == story.seen(story.tell(Shop({}), STORES))
    assert story.seen(told).steps["stored"]


@pytest.mark.parametrize(("part", "named"), story.LOOKS.items())
def test_a_part_that_never_answers(part: str, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that never answers is the environment's error, not a drawing that stores nothing."""
    monkeypatch.setattr(story, "FOLLOW_WITHIN", 0.0)
    with pytest.raises(WorldError, match=f"couldn't read what the {named} holds") as raised:
        story.tell(Shop({part: 10_000}), STORES)
    assert "Nothing is wrong with the answer" in raised.value.hint
