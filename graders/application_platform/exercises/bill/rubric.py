"""Exercise ``bill``: one application became eleven services; for each task, which team does the work."""

from __future__ import annotations

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

PLATFORM, APPLICATION, KUBERNETES = "platform-team", "application-team", "nobody"
WHO = (PLATFORM, APPLICATION, KUBERNETES)
TERMS = {"platform": PLATFORM, "application": APPLICATION}
"""Short names of the two teams."""


def _platform(
    name: str, title: str, facts: str, *, application: str, neither: str, hints: tuple[str, str, str]
) -> Item:
    """A cost of operation; ``application`` and ``neither`` are the consequences of the wrong choices."""
    return _cost(name, title, facts, hints, PLATFORM, told={APPLICATION: application, KUBERNETES: neither})


def _application(
    name: str, title: str, facts: str, *, platform: str, neither: str, hints: tuple[str, str, str]
) -> Item:
    """A cost of the application itself; ``platform`` and ``neither`` are the consequences of the wrong choices."""
    return _cost(name, title, facts, hints, APPLICATION, told={PLATFORM: platform, KUBERNETES: neither})


def _kubernetes(
    name: str, title: str, facts: str, *, platform: str, application: str, hints: tuple[str, str, str]
) -> Item:
    """What Kubernetes does by itself; ``platform`` and ``application`` are the consequences of the wrong choices."""
    return _cost(name, title, facts, hints, KUBERNETES, told={PLATFORM: platform, APPLICATION: application})


def _cost(name: str, title: str, facts: str, hints: tuple[str, str, str], right: str, *, told: dict[str, str]) -> Item:
    return Item(
        name=name, title=title, facts=facts, fields=(Field("lands-on", WHO, right=(right,), told=told, terms=TERMS),), hints=hints,
        why="Work without an owner becomes an outage at three in the morning.",
    )  # fmt: skip


ITEMS = (
    _platform(
        "tracing", "Following one request through five services",
        "One slow request passed through five services. Its traces have to be collected, kept and searched in one place.",
        application="Five squads now have five stores of traces, and a request can't be followed from end to end.",
        neither="Traces that aren't collected are lost when the request ends. You can't find out why it was slow.",
        hints=(
            "A trace that covers only one squad's service doesn't help.",
            "Services send traces. Who runs the store that collects them?",
            "It spans all services, so it belongs to the team that serves all of them.",
        ),
    ),
    _kubernetes(
        "dead-pod", "A pod that died",
        "A pod of the catalog has died. Another one like it has to take its place.",
        platform="You are called at three in the morning for something that is done before you are at your desk.",
        application="The squad writes a watchdog, and it starts a pod that exists already.",
        hints=(
            "You tell Kubernetes how many copies you want. What does it do with that number?",
            "Read again what the text above says about pods.",
            "It happens on every cluster, without any setup.",
        ),
    ),
    _application(
        "table-schema", "The tables of one service",
        "The orders service needs another column in a table of its own.",
        platform="Each column needs a ticket: the squad that knows its meaning waits for a team that doesn't.",
        neither="A release that needs a missing column fails at its first query.",
        hints=(
            "Who knows what the column means?",
            "It is about the data, not about the database server.",
            "The change belongs to the code that needs it.",
        ),
    ),
    _platform(
        "pipelines", "A pipeline for each service",
        "Where one build ran there are eleven, with their runners, their registry and their templates.",
        application="Eleven squads have written eleven pipelines; each needs the next security fix.",
        neither="The runners' disks and the registry's quota are full, and on a Friday at four no release is possible.",
        hints=(
            "Which parts of a pipeline are the same in all eleven?",
            "A template that is fixed once is fixed for all squads. Who maintains it?",
            "All squads need the same templates. Who provides them?",
        ),
    ),
    _kubernetes(
        "spread-requests", "Three pods, one address",
        "Requests to the catalog have to be spread over its three pods.",
        platform="You maintain a list of pods by hand, and each release makes it out of date.",
        application="Each caller keeps a list of the catalog's pods, and calls pods that are gone.",
        hints=(
            "Does every service with several pods need this?",
            "Read again what the text above says about the pods of a service.",
            "It is part of an address for several pods.",
        ),
    ),
    _application(
        "business-rules", "What a discount is",
        "From May on, members get ten percent off their second ticket.",
        platform="The team that runs the cluster now decides what a member is, and gets it wrong in two services of three.",
        neither="In June the discount is missing, and customers complain.",
        hints=(
            "Is that about running software, or about what it does?",
            "Would the sentence still be true with a single application?",
            "Work that has nothing to do with boundaries stays where it was.",
        ),
    ),
    _platform(
        "cluster-on-call", "Nights on call for the cluster",
        "When a node dies at three in the morning, somebody has to notice and act.",
        application="The same node wakes eleven squads, and none of them has access to it.",
        neither="Kubernetes moves the pods to another node if there is one. It doesn't repair the node.",
        hints=(
            "Who has the rights to repair a node?",
            "All eleven services run on that node. Should eleven telephones ring?",
            "All squads share the node, so it belongs to the team that hosts all of them.",
        ),
    ),
    _kubernetes(
        "one-by-one", "A release, pod by pod",
        "In a release, the pods of one service are replaced one by one.",
        platform="Each release of eleven squads now waits for you.",
        application="Eleven squads stop and start pods by hand, and one of them stops all three at once.",
        hints=(
            "Which part of a release is the same for every program?",
            "Read again what the text above says about releases.",
            "You name the new image. What changes the pods?",
        ),
    ),
    _application(
        "slow-query", "A query that reads everything",
        "The catalog's page is slow: its query reads the whole table, and has to be written in another way.",
        platform="You can see that it is slow. You can't see what it should find.",
        neither="The query stays as it is, and the table grows.",
        hints=(
            "Who wrote the query, and knows what it is for?",
            "To notice a slow query and to write a better one are two different tasks.",
            "The query is part of the program.",
        ),
    ),
    _platform(
        "calls-between", "Encrypted calls between services",
        "What was a function call now crosses the network, so it needs certificates that are renewed in time.",
        application="Eleven squads renew certificates by hand; the first forgotten one stops every call to its service.",
        neither="Certificates expire by themselves, but they don't renew themselves.",
        hints=(
            "How many squads should know how a certificate is renewed?",
            "It is the same for all calls between all services.",
            "It belongs to the network between the services. Who provides that network?",
        ),
    ),
    _kubernetes(
        "room-on-a-node", "A node with room",
        "A new pod needs a node with as much room as the pod asks for.",
        platform="You now read figures of free memory all day, and choose a node for each pod.",
        application="Eleven squads choose nodes, and all choose the same one.",
        hints=(
            "How often does that happen in a day? Would you like to do it by hand?",
            "Read again what the text above says about nodes.",
            "Every cluster has a part that does only this.",
        ),
    ),
    _application(
        "api-meaning", "What an API promises",
        "Another service reads the field `total`. Somebody must say whether it includes tax, and keep to it.",
        platform="A gateway can pass the field on; it can't know whether the total includes tax. Two services now disagree on prices.",
        neither="Each service that reads the field guesses, and half of them guess wrong.",
        hints=(
            "Who can look up the meaning, and change it?",
            "To carry a message and to know its meaning are two different tasks.",
            "The team that writes the code behind an API can keep its promise.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Choices, None] = decision(
    name="bill", title="Who pays for the boundaries", section="01-monolith-or-microservices", minutes=5,
    points=3, part=1, items=ITEMS,
    sample=Sample(__file__, 1.5),
)  # fmt: skip
