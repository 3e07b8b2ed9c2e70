"""Exercise ``boundaries``: six teams, each with its numbers; one application or several services, and what decides it."""

from __future__ import annotations

from collections.abc import Mapping

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

ONE, SEVERAL = "monolith", "microservices"
SHAPES = (ONE, SEVERAL)

UNFOUNDED: Mapping[str, str] = {
    "small-team": "A team is small below eight people; count these.",
    "early-product": "Nothing in the facts says that the product is still looking for its form.",
    "simple-domain": "Nothing in the facts says that the subject itself is simple.",
    "low-operational-maturity": "Nothing in the facts says that they struggle to run what they have.",
    "independent-deploys": "Nobody in the facts waits for another squad's release.",
    "different-scaling": "No part in the facts has to grow while another stays small.",
    "different-technologies": "No part in the facts needs another language or runtime than the rest.",
}
"""The reasons, and what is wrong with giving one that the facts don't bear out."""

_FIRST_RUNG = "The choice fits. Which sentence of the facts would you show to somebody who doubts it?"
_NEARLY: Mapping[str, str] = {
    "small-team": "Count the people in the facts, and compare with the lesson's figure.",
    "simple-domain": "The rules fit on a page. Which of the reasons is about how much there is to know?",
    "low-operational-maturity": "They hear of outages by telephone. Which of the reasons is about running what they have?",
    "independent-deploys": "The squads stand still until a common day. Which of the reasons is about going live?",
    "different-scaling": "One load has a peak and the other has none. Which of the reasons is about growing?",
    "different-technologies": "The two parts can't share a runtime. Which of the reasons is about what they are made of?",
}
"""The last hint about a reason, by the first reason that is right."""


TERMS: Mapping[str, str] = {"one application": ONE, "several services": SEVERAL}
"""What the lesson calls the two shapes."""

_LEFT_OUT = "A choice without a reason is hard to tell from a guess."


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
    """A team; ``otherwise`` is what comes of the shape that doesn't fit it."""
    other = SEVERAL if fits == ONE else ONE
    told = {reason: said for reason, said in UNFOUNDED.items() if reason not in because}
    return Item(
        name=name, title=title, facts=facts, why="A boundary costs something every day; it has to earn that.", hints=hints,
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
        otherwise="Six people now run eleven pipelines, and each change of mind crosses three of them.",
        hints=(
            "Who would look after each part, if there were several?",
            "Two of the facts are about people and age. What does the lesson's first part say about either?",
            "Everything goes live together already, and nobody minds. What would a boundary buy them?",
        ),
    ),
    _team(
        "ticket-exchange", "Ticket exchange: five squads, one release day",
        "Forty people in five squads. Each squad is finished on another day, and all wait for the joint release every second Thursday. "
        "Pipelines, dashboards and on-call have run well for years.",
        fits=SEVERAL, because=("independent-deploys",),
        otherwise="Four finished squads go on waiting for the fifth, every second Thursday, and a fault in any part holds up all.",
        hints=(
            "What do these squads spend their time on between Thursdays?",
            "Look at who has to agree before anything goes live.",
            "They can run what they build. The reason is about when each squad may go live.",
        ),
    ),
    _team(
        "video-school", "Video school: sixty machines on Sunday nights",
        "Eighteen people in two squads, who release together and like it. Converting videos takes 60 machines on Sunday nights and "
        "2 otherwise; the lesson pages take 4, always. Dashboards and on-call work.",
        fits=SEVERAL, because=("different-scaling",),
        otherwise="On Sunday nights 60 copies of the lesson pages start along with 60 converters, and are paid for.",
        hints=(
            "Draw the two loads over a week. Do they look alike?",
            "Releasing together is no trouble here. Which of the numbers is?",
            "Suppose that you can only copy the whole thing: what else do you copy on Sunday nights?",
        ),
    ),
    _team(
        "club-ledger", "Club ledger: four screens, no peaks",
        "Twelve people in one squad. Members, fees, four screens, and rules that fit on a page and haven't changed in years. "
        "No peaks; they run it without trouble.",
        fits=ONE, because=("simple-domain",),
        otherwise="Adding up a fee is now two calls over the network, and either can fail; the rules still fit on one page.",
        hints=(
            "Try to name two parts that could live without each other.",
            "It isn't about how many people there are. Read the sentence about the rules.",
            "What the software is about fits on a page: which of the reasons says that?",
        ),
    ),
    _team(
        "rail-planner", "Rail planner: two parts that share no language",
        "Twenty people in two squads, one release day that suits both, the same load on all parts. Routes come out of a library "
        "that exists only for Java; delays are predicted in Python on GPUs. On-call works well.",
        fits=SEVERAL, because=("different-technologies",),
        otherwise="One process now carries a Java runtime and Python with its GPU drivers; each upgrade of one is an upgrade of both.",
        hints=(
            "Could one process hold all of this? Would you like to build its image?",
            "Release days and load are alike. What isn't?",
            "Look at what each part is written in, and whether it had a choice.",
        ),
    ),
    _team(
        "parcel-desk", "Parcel desk: releases by hand",
        "Fourteen people in one squad. Releases are copied to a server by hand, once a quarter. There are no dashboards and "
        "nobody is on call; they learn of outages by telephone. They read that others have eleven services.",
        fits=ONE, because=("low-operational-maturity",),
        otherwise="Eleven services are now copied to servers by hand, and the telephone doesn't say which of them is down.",
        hints=(
            "What would they have to do eleven times that they can hardly do once?",
            "Set aside what others have. Look at how they release, and how they hear of outages.",
            "The reason isn't in the code: it is in how well they can run what they have.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Choices, None] = decision(
    name="boundaries", title="One application or several services", section="01-monolith-or-microservices", minutes=8,
    points=5, part=1, items=ITEMS,
    sample=Sample(__file__, 2.09),
)  # fmt: skip
