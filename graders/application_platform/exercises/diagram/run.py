"""Run a learner's drawing as the wiring of a shop that accepts orders while its parts are stopped one after the other."""

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
    """Run a drawing; ``tell`` receives the current view repeatedly until the story ends.

    The shop runs as processes of this machine; ``on="kind"`` uses pods on the kind cluster, and ``context`` names
    another cluster. Raises AnswerError if the text isn't a drawing, and WorldError if the shop can't run here.
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
