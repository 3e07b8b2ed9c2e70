"""Exercise ``hello``: the first answer, for practice. Each of the three words is right; the exercise has no points."""

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
            "A complete answer is a name, a colon, a space and a word.",
            "Copy the line above the cell, and write your word after the colon.",
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
