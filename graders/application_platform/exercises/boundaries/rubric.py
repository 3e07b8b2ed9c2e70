"""Exercise ``boundaries``: six teams; for each, one application or several services, and the reason."""

from __future__ import annotations

from collections.abc import Mapping

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

ONE, SEVERAL = "monolith", "microservices"
SHAPES = (ONE, SEVERAL)

UNFOUNDED: Mapping[str, str] = {
    "small-team": "A team with fewer than eight people is small. Count the people in this one.",
    "early-product": "Nothing in the facts says that the product still changes often.",
    "simple-domain": "Nothing in the facts says that the subject itself is simple.",
    "low-operational-maturity": "Nothing in the facts says that they have problems with running their software.",
    "independent-deploys": "The facts name no squad that waits for another squad's release.",
    "different-scaling": "The facts name no part that needs many more machines than the others.",
    "different-technologies": "The facts name no part that needs a different language or runtime.",
}
"""The reasons, each with the message for a team whose facts don't give it."""

_FIRST_RUNG = "The choice fits. Which sentence of the facts supports it?"
_NEARLY: Mapping[str, str] = {
    "small-team": "Count the people in the facts, and compare with the number in the lesson.",
    "simple-domain": "The rules fit on a page. Which of the reasons is about a small subject?",
    "low-operational-maturity": "They learn of outages by telephone. Which of the reasons is about running software?",
    "independent-deploys": "The squads wait for a common day. Which of the reasons is about releases?",
    "different-scaling": "One load has a peak and the other one doesn't. Which of the reasons is about load?",
    "different-technologies": "The two parts can't share a runtime. Which of the reasons is about languages and tools?",
}
"""The third hint about a reason, by the first reason that is right."""


TERMS: Mapping[str, str] = {"one application": ONE, "several services": SEVERAL}
"""The lesson's names for the two shapes."""

_LEFT_OUT = "A choice without a reason may be a guess."


def _team(
    name: str,
    title: str,
    facts: str,
    *,
    fits: str,
    because: tuple[str, ...],
    otherwise: str,
    hints: tuple[str, str, str],
) -> Item:
    """A team; ``otherwise`` is the consequence of the shape that doesn't fit it."""
    other = SEVERAL if fits == ONE else ONE
    told = {reason: said for reason, said in UNFOUNDED.items() if reason not in because}
    return Item(
        name=name, title=title, facts=facts, why="A boundary costs something every day, so it needs a reason.", hints=hints,
        fields=(
            Field("choose", SHAPES, right=(fits,), told={other: otherwise}, terms=TERMS),
            Field("because", tuple(UNFOUNDED), right=because, told=told, several=True,
                  hints=(_FIRST_RUNG, hints[1], _NEARLY[because[0]]), why=_LEFT_OUT),
        ),
    )  # fmt: skip


ITEMS = (
    _team(
        "recipe-box", "Recipe box: six people, a new product",
        "Six people in one squad. The product is three months old and changes its mind every week. "
        "All of it goes live together, on Fridays.",
        fits=ONE, because=("small-team", "early-product"),
        otherwise="Six people now run eleven pipelines, and each new idea changes three of them.",
        hints=(
            "With several services, who would run each of them?",
            "One fact is about the number of people, another one about the product's age. What does the lesson say about each?",
            "Everything goes live together already, and the team is content. What would a boundary improve?",
        ),
    ),
    _team(
        "ticket-exchange", "Ticket exchange: five squads, one release day",
        "Forty people in five squads. Each squad is finished on another day, and all wait for the joint release every second Thursday. "
        "Pipelines, dashboards and on-call have run well for years.",
        fits=SEVERAL, because=("independent-deploys",),
        otherwise="Four squads that have finished still wait for the fifth one, and a fault in any part delays the release of all.",
        hints=(
            "What do these squads spend their time on between Thursdays?",
            "Look at who has to agree before anything goes live.",
            "They run their software well. The reason is about when each squad may go live.",
        ),
    ),
    _team(
        "video-school", "Video school: sixty machines on Sunday nights",
        "Eighteen people in two squads, who release together and like it. Converting videos takes 60 machines on Sunday nights and "
        "2 otherwise; the lesson pages take 4, always. Dashboards and on-call work.",
        fits=SEVERAL, because=("different-scaling",),
        otherwise="On Sunday nights 60 copies of the lesson pages start with the 60 converters, and they cost money.",
        hints=(
            "Draw the two loads over a week. Do they have the same shape?",
            "Releasing together works well here. Which of the numbers is a problem?",
            "If you can only copy the whole application, what else do you copy on Sunday nights?",
        ),
    ),
    _team(
        "club-ledger", "Club ledger: four screens, no peaks",
        "Twelve people in one squad. Members, fees, four screens, and rules that fit on a page and haven't changed in years. "
        "No peaks; they run it without trouble.",
        fits=ONE, because=("simple-domain",),
        otherwise="To add up a fee now takes two network calls, and each can fail; the rules still fit on one page.",
        hints=(
            "Try to name two parts that could work without each other.",
            "The reason isn't the number of people. Read the sentence about the rules.",
            "The rules fit on a page: which of the reasons says that?",
        ),
    ),
    _team(
        "rail-planner", "Rail planner: two parts that share no language",
        "Twenty people in two squads, one release day that suits both, the same load on all parts. Routes come out of a library "
        "that exists only for Java; delays are predicted in Python on GPUs. On-call works well.",
        fits=SEVERAL, because=("different-technologies",),
        otherwise="One image now has a Java runtime and Python with GPU drivers; each upgrade of one affects both.",
        hints=(
            "Could one process hold all of this? What would its image need?",
            "The two parts have the same release day and the same load. What is different?",
            "Look at the language of each part, and at the reason for it.",
        ),
    ),
    _team(
        "parcel-desk", "Parcel desk: releases by hand",
        "Fourteen people in one squad. Releases are copied to a server by hand, once a quarter. There are no dashboards and "
        "no on-call; they learn of outages by telephone. They read that others have eleven services.",
        fits=ONE, because=("low-operational-maturity",),
        otherwise="Eleven services are now copied to servers by hand, and a telephone call doesn't say which of them is down.",
        hints=(
            "Which work would they have to do eleven times? How well do they do it now?",
            "Ignore what others have. Look at how they release, and how they learn of outages.",
            "The reason isn't in the code: look at how well they can run their software.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Choices, None] = decision(
    name="boundaries", title="One application or several services", section="01-monolith-or-microservices", minutes=8,
    points=5, part=1, items=ITEMS,
    sample=Sample(__file__, 2.09),
)  # fmt: skip
