"""Exercise ``bill``: one application became eleven services, and each thing that takes is somebody's work."""

from __future__ import annotations

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

PLATFORM, APPLICATION, NOBODY = "platform-team", "application-team", "nobody"
WHO = (PLATFORM, APPLICATION, NOBODY)
TERMS = {"platform": PLATFORM, "application": APPLICATION}
"""The two teams in short."""


def _platform(name: str, title: str, facts: str, *, application: str, nobody: str, hints: tuple[str, str, str]) -> Item:
    """A cost of running; ``application`` and ``nobody`` are what comes of leaving it to them."""
    return _cost(name, title, facts, hints, PLATFORM, told={APPLICATION: application, NOBODY: nobody})


def _application(name: str, title: str, facts: str, *, platform: str, nobody: str, hints: tuple[str, str, str]) -> Item:
    """A cost of the application itself; ``platform`` and ``nobody`` are what comes of leaving it to them."""
    return _cost(name, title, facts, hints, APPLICATION, told={PLATFORM: platform, NOBODY: nobody})


def _kubernetes(
    name: str, title: str, facts: str, *, platform: str, application: str, hints: tuple[str, str, str]
) -> Item:
    """What Kubernetes does by itself; ``platform`` and ``application`` are what comes of taking it on."""
    return _cost(name, title, facts, hints, NOBODY, told={PLATFORM: platform, APPLICATION: application})


def _cost(name: str, title: str, facts: str, hints: tuple[str, str, str], right: str, *, told: dict[str, str]) -> Item:
    return Item(
        name=name, title=title, facts=facts, fields=(Field("lands-on", WHO, right=(right,), told=told, terms=TERMS),), hints=hints,
        why="A cost without an owner is paid at three in the morning.",
    )  # fmt: skip


ITEMS = (
    _platform(
        "tracing", "Following one request through five services",
        "One slow request passed through five services. Its traces have to be collected, kept and searched in one place.",
        application="Five squads now keep five stores of traces, and no request can be followed from end to end.",
        nobody="Traces that nobody collects are gone when the request is, and so is the answer to “why was it slow?”.",
        hints=(
            "A trace that ends at the border of a squad tells nothing.",
            "Services emit traces. Who gathers them?",
            "What spans all services is in the hands of whoever serves them all.",
        ),
    ),
    _kubernetes(
        "dead-pod", "A pod that died",
        "A pod of the catalog has died. Another one like it has to take its place.",
        platform="You are called at three in the morning for something that was done before you had found the light switch.",
        application="The squad writes a watchdog, and it starts a pod that is there already.",
        hints=(
            "What did you tell Kubernetes when you said how many copies you want?",
            "Read once more what the text above says about pods.",
            "It happens on every cluster, without anybody who sets it up.",
        ),
    ),
    _application(
        "table-schema", "The tables of one service",
        "The orders service needs another column in a table of its own.",
        platform="A ticket for each column: whoever knows what it means waits for somebody who doesn't.",
        nobody="A release that expects a column which nobody added fails at its first query.",
        hints=(
            "Who knows what the column means?",
            "It is about what is in the database, not about the database.",
            "The change comes along with the code that needs it.",
        ),
    ),
    _platform(
        "pipelines", "A pipeline for each service",
        "Where one build ran there are eleven, with their runners, their registry and their templates.",
        application="Eleven squads have written eleven pipelines; the next security fix has to be made in each.",
        nobody="Runners fill their disks and registries their quota, and no release goes out on a Friday at four.",
        hints=(
            "Which parts of a pipeline are the same in all eleven?",
            "A template that is mended once is mended for everybody. Who keeps it?",
            "Think of the golden path: who lays it?",
        ),
    ),
    _kubernetes(
        "spread-requests", "Three pods, one address",
        "Requests to the catalog have to be spread over its three pods.",
        platform="You keep a list of pods by hand that is out of date with each release.",
        application="Each caller counts the catalog's pods, and asks the ones that are gone.",
        hints=(
            "Is that peculiar to the catalog, or to this cluster?",
            "Read once more what the text above says about the pods of a service.",
            "It comes along with an address for several pods.",
        ),
    ),
    _application(
        "business-rules", "What a discount is",
        "From May on, members get ten percent off their second ticket.",
        platform="Whoever runs the cluster now decides what a member is, and gets it wrong in two services of three.",
        nobody="In June the discount is missing, and customers write in.",
        hints=(
            "Is that about running software, or about what it does?",
            "Would the sentence still be true with a single application?",
            "A cost that has nothing to do with boundaries stays where it was.",
        ),
    ),
    _platform(
        "cluster-on-call", "Nights on call for the cluster",
        "When a node dies at three in the morning, somebody has to notice and act.",
        application="Eleven squads are woken by the same node, and none of them may touch it.",
        nobody="Kubernetes moves the pods, as long as there is another node; when the disks are full it moves nothing.",
        hints=(
            "Who has the rights to do something about a node?",
            "All eleven services stand on that node. Should eleven telephones ring?",
            "What is shared by everybody is looked after by those who host everybody.",
        ),
    ),
    _kubernetes(
        "one-by-one", "A release, pod by pod",
        "In a release, the pods of one service are replaced one by one.",
        platform="Each release of eleven squads now waits for you, and for your patience.",
        application="Eleven squads stop and start pods by hand, and one of them stops all three at once.",
        hints=(
            "Which part of a release is the same for every program in the world?",
            "Read once more what the text above says about releases.",
            "You say which image it should be. Who changes the pods?",
        ),
    ),
    _application(
        "slow-query", "A query that reads everything",
        "The catalog's page is slow: its query reads the whole table, and has to be written in another way.",
        platform="You can see that it is slow. What it was meant to find you can't see.",
        nobody="A query stays as it was written; only the table grows.",
        hints=(
            "Who wrote the query, and knows what it is for?",
            "To notice it is one thing, to write another one is another.",
            "It is part of the program.",
        ),
    ),
    _platform(
        "calls-between", "Encrypted calls between services",
        "What was a function call now crosses the network, so it needs certificates that are renewed in time.",
        application="Eleven squads renew certificates by hand; the first forgotten one stops every call to its service.",
        nobody="Certificates expire on their own. That is the only thing that they do on their own.",
        hints=(
            "How many squads should have to know how a certificate is renewed?",
            "It is the same for all calls, whoever makes them.",
            "It belongs to the network between the services, and to whoever provides that.",
        ),
    ),
    _kubernetes(
        "room-on-a-node", "A node with room",
        "A new pod needs a node with as much room as the pod asks for.",
        platform="You now read figures of free memory, all day, and write down who goes where.",
        application="Eleven squads choose nodes, and all of them choose the same one.",
        hints=(
            "How often does that happen in a day? Would you like to do it by hand?",
            "Read once more what the text above says about nodes.",
            "There is a part of every cluster that does nothing else.",
        ),
    ),
    _application(
        "api-meaning", "What an API promises",
        "Another service reads the field `total`. Somebody must say whether it includes tax, and keep to it.",
        platform="A gateway can carry the field; it can't know whether there is tax in it. Two services now disagree on prices.",
        nobody="Each reader guesses for itself, and half of them guess wrong.",
        hints=(
            "Who can look it up, and change it?",
            "Carrying a message and knowing what it means are two different jobs.",
            "A promise is kept by whoever writes the code behind it.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Choices, None] = decision(
    name="bill", title="Who pays for the boundaries", section="01-monolith-or-microservices", minutes=5,
    points=3, part=1, items=ITEMS,
    sample=Sample(__file__, 1.5),
)  # fmt: skip
