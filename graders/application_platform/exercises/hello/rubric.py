"""Exercise ``hello``: the first answer, for practice. Every word of the three is right, and it earns no points."""

from __future__ import annotations

from graders.core.exercise import Exercise
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

WORDS = ("ready", "curious", "tired")

ITEMS = (
    Item(
        name="today",
        title="How you are today",
        facts="How are you today?",
        fields=(Field("today", WORDS, right=WORDS, told={}),),
        why="Every later exercise works like this one.",
        hints=(
            "Any of the three words above the cell is right.",
            "A name, a colon, a blank, a word: that is a whole answer.",
            "Copy the line that stands above the cell, and put your word behind its colon.",
        ),
    ),
)

EXERCISE: Exercise[Choices, None] = decision(
    name="hello",
    title="A first answer",
    section="00-start-here",
    minutes=1,
    points=0,
    part=0,
    items=ITEMS,
    printed=(*(f"`{word}`" for word in WORDS), "```yaml\ntoday: "),
)
