"""A learner's drawing, run for real: as the wiring plan of a shop that takes orders and loses one part after the other."""

from __future__ import annotations

from collections.abc import Callable

from cluster.shop.local import LocalShop
from cluster.shop.story import Story
from graders.answers.drawing import parse
from graders.diagrams.flow import place_order
from graders.diagrams.wired import wiring
from graders.exercises.diagram import DiagramEvidence
from graders.show.inline import Shown
from graders.show.story import shown


def run(text: str, tell: Callable[[Shown], None]) -> Story:
    """Run a drawing; ``tell`` is handed what there is to show, again and again until the story is over.

    Raises AnswerError for a text that is no drawing, WorldError where the shop can't run here.
    """
    drawing = parse(text)
    evidence = DiagramEvidence(drawing, place_order(drawing))
    story = LocalShop().run(wiring(evidence.flow), lambda so_far: tell(shown(evidence, so_far)))
    tell(shown(evidence, story))
    return story
