"""Hint ladders for each mistake in a probe: a wrong path, port or handler."""

from __future__ import annotations

from collections.abc import Mapping

from graders.application_platform.contract import LIVENESS, READINESS
from graders.families.manifest.refusal_hints import Ladder
from graders.reading.text import shown

CURLY: Ladder = (
    "Look at the path character by character: what is around it?",
    "YAML's quotes are straight; curly ones are part of the value.",
    "A path needs no quotes at all.",
)
SWAPPED: Mapping[str, Ladder] = {
    "livenessProbe": (
        f"What does {READINESS} answer while the database is down?",
        "The kubelet restarts a container whose liveness probe fails, and a restart doesn't repair a database.",
        "The contract has another path, which checks only the process.",
    ),
    "readinessProbe": (
        f"What does {LIVENESS} answer while the database is down?",
        "It checks only the process, and a process without its database can't accept orders.",
        "The contract has another path, which answers 200 only when the service is ready for traffic.",
    ),
}
OTHER: Mapping[str, Ladder] = {
    "livenessProbe": (
        "What is that path for, and what does it answer when the process hangs?",
        "The contract has one path for this probe, in its line about liveness.",
        "It ends in z and is named after health.",
    ),
    "readinessProbe": (
        "What is that path for, and what does it answer when the pod can't accept orders?",
        "The contract has one path for this probe, which answers 200 only when the service is ready for traffic.",
        "It ends in z and is named after being ready.",
    ),
}
PORT: Ladder = (
    "At which port does the shop listen, and which port does the probe use?",
    "The contract names the port; a probe can also use a name, if the container's ports have that name.",
    "Write the port's number, without quotes.",
)
HANDLER: Ladder = (
    "What does the probe notice when a process accepts connections but doesn't answer?",
    "A probe has several handlers; one of them sends a request and waits for an answer.",
    "It is httpGet, with two fields below it: path and port.",
)
SCHEME: Ladder = (
    "Which protocol does the shop speak?",
    "An httpGet probe uses plain HTTP by default.",
    "One field beside path and port changes that.",
)


def not_found(field: str, requested: str) -> Ladder:
    """Return the hints about a path that the shop doesn't have."""
    question = "liveness" if field == "livenessProbe" else "readiness"
    return (
        f"What does the shop answer at {shown(requested, 80)}?",
        "It answers 404, and for a probe every status from 400 on is a failure.",
        f"Compare your path with the contract's line about {question}, letter by letter.",
    )
