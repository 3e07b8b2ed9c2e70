"""A learner's drawing, run for real: as the wiring plan of a shop that takes orders and loses one part after the other."""

from __future__ import annotations

from collections.abc import Callable

from cluster import KIND
from cluster.shop.story import Story, Watch
from cluster.shop.wiring import Wiring
from graders.application_platform.exercises.diagram.rubric import DiagramEvidence
from graders.application_platform.exercises.diagram.story_figure import shown
from graders.application_platform.exercises.diagram.wired import wiring
from graders.core.shown import Shown
from graders.reading.dot.drawing import parse


def run(text: str, tell: Callable[[Shown], None], on: str = "", context: str = "") -> Story:
    """Run a drawing; ``tell`` is handed what there is to show, again and again until the story is over.

    The shop runs as processes of this machine; ``on`` says ``"kind"`` for pods on the kind cluster, or ``context`` for
    pods on a cluster that is named outright. Raises AnswerError for a text that is no drawing, WorldError where the shop
    can't run here.
    """
    evidence = DiagramEvidence.of(parse(text))
    story = _shop(on, context)(wiring(evidence.flow), lambda so_far: tell(shown(evidence, so_far)))
    tell(shown(evidence, story))
    return story


def _shop(on: str, context: str) -> Callable[[Wiring, Watch], Story]:
    if on == KIND or context:
        from cluster.kind.shop import KindShop  # noqa: PLC0415  each loads only what it needs

        return KindShop(context).run
    from cluster.shop.local import LocalShop  # noqa: PLC0415

    return LocalShop().run
