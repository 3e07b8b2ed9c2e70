"""Exercise ``contract``: the contract between platform and application, and the shop held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cluster import Cluster
from graders.answers.manifest import begun
from graders.answers.places import SHOWN_STRANGERS
from graders.answers.terms import Contract, parse
from graders.exercises.exercise import Criterion, Exercise, Verdict, failed, partly, passed
from graders.exercises.held import Held, Holds, hold

READ = "kubernetes.io/docs/concepts/"


@dataclass(frozen=True, slots=True)
class ContractEvidence:
    """Every term of the contract, in its order, held against the orders API."""

    terms: tuple[Held, ...]

    def of(self, part: str) -> tuple[Held, ...]:
        """The terms of one part."""
        return tuple(held for held in self.terms if held.term[0] == part)


def observe(answer: Contract, _world: Cluster, _so_far: object = None) -> ContractEvidence:
    """Hold the shop against the contract. No world is asked: what the shop does is known and tested."""
    return ContractEvidence(hold(answer))


def _part(part: str) -> Callable[[Contract, ContractEvidence], Verdict]:
    def judge(answer: Contract, evidence: ContractEvidence) -> Verdict:
        terms = evidence.of(part)
        off = [held for held in terms if held.holds is not Holds.KEPT]
        if not off:
            return passed(f"{len(terms)} terms, and the shop keeps them")
        # What was written wrongly comes before what wasn't written: there is something to look at.
        first = next((held for held in off if held.holds is not Holds.MISSING), off[0])
        saw, hint = _saw(first, off), _next(answer, first)
        if len(off) == len(terms):
            return failed(saw, hint, line=first.line)
        return partly(1 - len(off) / len(terms), saw, hint, line=first.line)

    return judge


def _saw(first: Held, off: list[Held]) -> str:
    if first.holds is Holds.MISSING:
        return f"not there: {', '.join(held.name for held in off)}"
    more = f" (and {len(off) - 1} more)" if len(off) > 1 else ""
    who = {Holds.UNCHECKED: "", Holds.OTHER: "the shop "}.get(first.holds, "the shop ")
    return f"{first.name}: {first.promised}; {who}{first.does}{more}"


def _next(answer: Contract, first: Held) -> str:
    if first.holds is not Holds.MISSING:
        return f"Look up the term “{first.name}” in the table of the contract, and write what stands there."
    for stranger in answer.strangers:
        if stranger.meant == first.term[-1]:
            return f"Line {stranger.line} says “{stranger.key}”; did you mean “{stranger.meant}”?"
    return f"Add the term “{first.name}” to the part {first.term[0]}."


def notes(answer: Contract, _evidence: ContractEvidence) -> tuple[str, ...]:
    """Keys that are no terms: a promise that nobody keeps, or a name that was misspelled."""
    return tuple(
        f"Line {stranger.line}: “{stranger.key}” is no term of this contract"
        + (f"; did you mean “{stranger.meant}”?" if stranger.meant else "; the platform can't check it.")
        for stranger in answer.strangers[:SHOWN_STRANGERS]
    )


CRITERIA: tuple[Criterion[Contract, ContractEvidence], ...] = (
    Criterion(
        name="compute", points=1, title="Compute: what a pod reserves, and what it may take", judge=_part("compute"),
        expected="requests and limits for cpu and memory, with the lesson's figures",
        why="Without agreed figures the platform can't plan its nodes, and one leak takes the neighbours down.",
        read=READ + "configuration/manage-resources-containers/",
        hints=(
            "How much does the platform set aside for a pod, and where does it draw the line?",
            "Two pairs of figures: a request and a limit, each for cpu and for memory.",
            "A tenth and half of a core; an eighth and half of a gibibyte. Mind the units, m and Mi.",
        ),
    ),
    Criterion(
        name="health", points=1, title="Health: three questions, three paths", judge=_part("health"),
        expected="a path each for liveness, readiness and startup, by GET",
        why="Asked at the wrong path, the platform restarts what is healthy or sends traffic to what isn't ready.",
        read=READ + "configuration/liveness-readiness-startup-probes/",
        hints=(
            "Is it stuck? Is it ready? Has it started? Each question has a door of its own.",
            "Each path is named after its question and ends in a z.",
            "Liveness asks after health, readiness after being ready, and startup has the longest name of the three.",
        ),
    ),
    Criterion(
        name="observability", points=1, title="Observability: metrics, logs, traces", judge=_part("observability"),
        expected="metrics in Prometheus format, structured logs on stdout, traces by OpenTelemetry",
        why="At three in the morning the platform team reads what a stranger's service says; so all say it in one way.",
        read=READ + "cluster-administration/observability/",
        hints=(
            "Three kinds of signal; for each the platform has to know where it is and in which format.",
            "Metrics are fetched from a path, logs are read from a stream, traces are sent by a library.",
            "The metrics' format is named after a monitoring system, the logs are objects, one a line.",
        ),
    ),
    Criterion(
        name="shutdown", points=1, title="Graceful shutdown: an end in good order", judge=_part("shutdown"),
        expected="on SIGTERM: no new requests, those in flight finished in time, exit with the code of success",
        why="Every update stops pods. What they drop then, a customer sees.",
        read=READ + "workloads/pods/pod-lifecycle/",
        hints=(
            "What does the platform send, and what may it expect from then on?",
            "Four terms: a signal, what happens to new requests, a time for the old ones, and an exit code.",
            "The time is Kubernetes' default grace period, half a minute, and the code is that of success.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Contract, ContractEvidence] = Exercise(
    name="contract",
    title="The contract, term by term",
    kind="contract",
    section="05-contract",
    minutes=10,
    criteria=CRITERIA,
    parse=parse,
    observe=observe,
    begun=begun,
    notes=notes,
)
