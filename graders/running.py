"""A learner's drawing, run for real: as the wiring plan of a shop that takes orders and loses one part after the other."""

from __future__ import annotations

from collections.abc import Callable

from cluster import KIND
from cluster.shop.story import Story, Watch
from cluster.shop.wiring import Wiring
from graders.answers.drawing import parse
from graders.diagrams.flow import place_order
from graders.diagrams.wired import wiring
from graders.exercises.diagram import DiagramEvidence
from graders.show.inline import Shown
from graders.show.story import shown


def run(text: str, tell: Callable[[Shown], None], on: str = "") -> Story:
    """Run a drawing; ``tell`` is handed what there is to show, again and again until the story is over.

    The shop runs as processes of this machine; ``on`` says ``"kind"`` for pods on the kind cluster. Raises AnswerError for a text that is no drawing, WorldError where the shop can't run here.
    """
    drawing = parse(text)
    evidence = DiagramEvidence(drawing, place_order(drawing))
    story = _shop(on)(wiring(evidence.flow), lambda so_far: tell(shown(evidence, so_far)))
    tell(shown(evidence, story))
    return story


def _shop(on: str) -> Callable[[Wiring, Watch], Story]:
    if on == KIND:
        from cluster.kind.shop import KindShop  # noqa: PLC0415  each loads only what it needs

        return KindShop().run
    from cluster.shop.local import LocalShop  # noqa: PLC0415

    return LocalShop().run
