"""Ladders of hints for each mistake in a probe: they are about the path, the port or the handler that is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from graders.application_platform.contract import LIVENESS, READINESS
from graders.families.manifest.refusal_hints import Ladder
from graders.reading.text import shown

CURLY: Ladder = (
    "Look at the path sign by sign: what stands around it?",
    "YAML's quotes are straight; curly ones are a part of the value.",
    "A path needs no quotes at all.",
)
SWAPPED: Mapping[str, Ladder] = {
    "livenessProbe": (
        f"What does {READINESS} answer while the database is away?",
        "The kubelet restarts a container whose liveness fails, and a restart brings no database back.",
        "The contract has another path: it asks only about the process.",
    ),
    "readinessProbe": (
        f"What does {LIVENESS} answer while the database is away?",
        "It asks only about the process, and a process without its database can't take orders.",
        "The contract has another path: it answers 200 only when the service is ready for traffic.",
    ),
}
OTHER: Mapping[str, Ladder] = {
    "livenessProbe": (
        "What is that path for, and what does it say of a process that is stuck?",
        "The contract has one path for this question, in its line about liveness.",
        "It ends in z and speaks of health.",
    ),
    "readinessProbe": (
        "What is that path for, and what does it say of a pod that can't take orders right now?",
        "The contract has one path for this question: it answers 200 only when the service is ready for traffic.",
        "It ends in z and speaks of being ready.",
    ),
}
PORT: Ladder = (
    "Where does the shop listen, and where does the probe ask?",
    "The contract names the port; in a probe its name works, too, if the container's ports have that name.",
    "Write the port's number, without quotes.",
)
HANDLER: Ladder = (
    "What does the probe learn of a process that accepts connections and answers nothing?",
    "A probe has several ways to ask; one of them sends a request and waits for an answer.",
    "It is httpGet, with two fields below it: path and port.",
)
SCHEME: Ladder = (
    "Which protocol does the shop speak?",
    "A probe by httpGet speaks plain HTTP unless it is told otherwise.",
    "One field beside path and port tells it otherwise.",
)


def not_found(field: str, requested: str) -> Ladder:
    """The hints about a path that the shop doesn't have."""
    question = "liveness" if field == "livenessProbe" else "readiness"
    return (
        f"What does the shop answer at {shown(requested, 80)}?",
        "It answers 404 there, and to a probe every answer from 400 on is a failure.",
        f"Compare your path with the contract's line about {question}, letter by letter.",
    )
