"""Exercise ``contract``: the terms for a service that leaves the golden path, from what was seen of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graders.application_platform.exercises.contract.service import MIB, SEEN, facts
from graders.core.exercise import Criterion, Exercise, Sample
from graders.families.form.criteria import (
    FormEvidence,
    Ladder,
    Rule,
    RuleResult,
    bad,
    closed_form,
    goes_with,
    good,
    observer,
    part,
)
from graders.families.form.fields import CPU, INTEGER, PATH, SIZE, TIME, Field, amount, choice, format_duration
from graders.families.form.reading import Filled, Form, Term

KILLED_CODE = 137
"""What a process exits with that SIGKILL ended: 128 and the signal's number."""

READ = "kubernetes.io/docs/concepts/"
CORES, MEMORY, PERIOD = amount(CPU, "40m", bare="cores"), amount(SIZE, "30 MB"), amount(TIME, "45 s")

# --- compute


def _mib(size: float) -> str:
    return f"{size / MIB:.4g} MiB"


def _request_cpu(cores: float, answer: Filled) -> RuleResult:
    if cores < SEEN.usual_cpu:
        return bad(f"it uses {SEEN.usual_cpu:g} cores on a usual day: its neighbors take what wasn't set aside for it",
                   "What does it use on a usual day?")  # fmt: skip
    return _fits(
        cores, SEEN.share_cpu, answer.value("compute", "limits", "cpu"), "its usual work has the cores that it needs"
    )


def _request_memory(size: float, answer: Filled) -> RuleResult:
    if size < SEEN.usual_memory:
        return bad(f"it takes {_mib(SEEN.usual_memory)} on a usual day: when its node runs out of memory, it is evicted first",
                   "What does it take on a usual day?")  # fmt: skip
    return _fits(
        size,
        SEEN.share_memory,
        answer.value("compute", "limits", "memory"),
        "its usual work has the memory that it needs",
    )


def _fits(request: float, share: float, limit: float | None, holds: str) -> RuleResult:
    if request > share:
        return bad("four such pods don't fit on a node: the fourth one stays Pending",
                   "How much of a node is there for each of four pods?")  # fmt: skip
    if limit is not None and request > limit:
        return bad("it is more than the limit below it: the API server refuses the pod", "Compare request and limit.")
    return good(holds)


# --- health

_HANGS, _RESTARTS = (
    "a process that hangs is never restarted",
    "while the database is away every healthy pod is restarted",
)
_TOO_SOON, _NO_START = (
    "traffic goes to pods that can't serve it",
    "while the database is away no pod gets through its start",
)
_TELLS: Mapping[str, Mapping[str, str]] = {
    "liveness": {"/state": _RESTARTS, "/seats": _RESTARTS, "/loaded": _HANGS, "": "every healthy pod is restarted for ever"},
    "readiness": {"/ping": _TOO_SOON, "/loaded": _TOO_SOON, "/seats": "the platform's questions are work for its database",
                  "": "no pod ever gets traffic"},
    "startup": {"/ping": "a start that gets stuck while it loads its plans is never noticed", "/state": _NO_START, "/seats": _NO_START,
                "": "no pod ever gets through its start"},
}  # fmt: skip
"""What comes of a path that is asked in place of the right one; of one that the service doesn't have, by the empty text."""


def _probe(name: str) -> Rule:
    def judge(path: str, _answer: Filled) -> RuleResult:
        does = SEEN.paths.get(path, "isn't there: it answers 404")
        consequence = _TELLS[name].get(path if path in SEEN.paths else "", "")
        if consequence:
            return bad(f"{path} {does}; so {consequence}", "Which path says no exactly when the platform should act?")
        return good(f"{path} {does}")

    return judge


def _limit_memory(size: float, _answer: Filled) -> RuleResult:
    most, share = SEEN.most_memory, SEEN.share_memory
    if size < most:
        return bad(f"it takes {_mib(most)} when sales open: the kernel kills it just then",
                   "How much does it take when it has most to do?")  # fmt: skip
    if size == most:
        return bad(f"when sales open it takes {_mib(most)}, exactly this limit: at the first byte more the kernel kills it just then",
                   "What was seen once can be a little more the next time. How much room does your limit leave above it?")  # fmt: skip
    if size > share:
        return bad(f"if it leaks, it takes the memory of its neighbors first: each pod's share of the node is {_mib(share)}",
                   "How much of a node is each pod's share?")  # fmt: skip
    return good("it is never killed for its work, and a leak ends at its share of the node")


Bound = tuple[float, str, str]
"""A figure, what comes of one beyond it, and the next step. ``{}`` is the figure as a time."""


def _between(least: Bound, most: Bound, holds: str) -> Rule:
    """A figure from the one bound to the other."""

    def judge(figure: float, _answer: Filled) -> RuleResult:
        beyond = least if figure < least[0] else most if figure > most[0] else None
        return good(holds) if beyond is None else bad(beyond[1].format(format_duration(figure)), beyond[2])

    return judge


def _only(right: object, holds: str, told: Mapping[object, str], hint: str) -> Rule:
    """One value is right; ``told`` says what comes of others, and by the empty text what comes of any other."""
    return lambda value, _answer: (
        good(holds) if value == right else bad(told.get(value) or told[""].format(value), hint)
    )


def _given(other: Term, values: Mapping[object, Callable[[Any], str]], rule: Rule) -> Rule:
    """A rule, but for a value that goes with a wrong one of another field.

    For each wrong value there ``values`` says what makes one here go with it, or nothing where it doesn't.
    """

    def judge(value: Any, answer: Filled) -> RuleResult:
        goes = values.get(answer.value(*other))
        if goes is not None and (leads := goes(value)):
            return goes_with(other[-1], leads)
        return rule(value, answer)

    return judge


def _is(right: object, leads: str) -> Callable[[Any], str]:
    return lambda value: leads if value == right else ""


def _less(most: float, leads: str) -> Callable[[Any], str]:
    return lambda value: leads if value < most else ""


_SIGNAL, _FROM = ("shutdown", "signal"), ("observability", "logs", "from")
_AT_ONCE = "after that signal it is gone at once"
_PORT = "At which port were its metrics seen?"
_DONE_BY, _ACCEPTS = format_duration(SEEN.done_by), format_duration(SEEN.accepts_for)
TERMS: Mapping[Term, tuple[Field, Rule]] = {
    ("compute", "requests", "cpu"): (CORES, _request_cpu),
    ("compute", "requests", "memory"): (MEMORY, _request_memory),
    ("compute", "limits", "cpu"): (CORES, _between(
        (SEEN.most_cpu, f"it uses {SEEN.most_cpu:g} cores when sales open: it is slowed down just when most people wait",
         "How much does it use when it has most to do?"),
        (SEEN.node_cpu, f"its node has {SEEN.node_cpu:g} cores, so this limits nothing", "How many cores does its node have? A number without a unit counts whole ones."),
        "it isn't slowed down when sales open")),
    ("compute", "limits", "memory"): (MEMORY, _limit_memory),
    ("health", "liveness"): (PATH, _probe("liveness")),
    ("health", "readiness"): (PATH, _probe("readiness")),
    ("health", "startup"): (PATH, _probe("startup")),
    ("health", "startup-within"): (PERIOD, _between(
        (SEEN.longest_start, f"on the first of a month it starts for {format_duration(SEEN.longest_start)}: it is restarted before it is up, again and again",
         "How long does its longest start take?"),
        (SEEN.start_noticed, "a start that hangs is noticed after {}", "How soon must a start that hangs be noticed?"), "its longest start fits in")),
    ("observability", "metrics", "path"): (PATH, _only(
        SEEN.metrics, "it answers there in Prometheus format", {"": "at {} there are no metrics: the platform collects none"},
        "Where were its metrics seen?")),
    ("observability", "metrics", "port"): (INTEGER, _only(
        SEEN.metrics_port, "its metrics are there",
        {SEEN.port: f"{SEEN.metrics} answers 404 at {SEEN.port}: the platform collects nothing",
         "": "nothing listens at port {}: the platform collects nothing"}, _PORT)),
    ("observability", "logs", "format"): (choice("json", "key-value", "text"), _given(_FROM, {
        "stdout": _is("text", "the one line on stdout is text"),
        "file": _is("text", "the lines in the file are text"),
    }, _only(
        "json", "each event is one JSON object",
        {"key-value": "the reader finds no key=value in its lines, and drops them",
         "text": "its fields can't be searched: the reader takes each event for one piece of text"},
        "Look at the line that it wrote for a sold seat."))),
    ("observability", "logs", "from"): (choice("stdout", "stderr", "file"), _only(
        "stderr", "the platform collects it, as it does stdout",
        {"stdout": "there is one line there, from its start, and no event",
         "file": "no platform looks into its files, and they are gone with the container"},
        "Where does it write its events?")),
    ("observability", "traces"): (choice("otlp", "zipkin", "none"), _only(
        "zipkin", "its spans are understood",
        {"otlp": "its spans aren't sent in that format, and the collector drops them",
         "none": "a request's way ends where it enters this service, though it sends its spans"},
        "In which format does it send its spans?")),
    ("shutdown", "signal"): (choice("SIGHUP", "SIGINT", "SIGKILL", "SIGTERM"), _only(
        "SIGTERM", "the platform sends it, and it ends in good order",
        {"SIGHUP": "it reads its configuration anew, and doesn't end",
         "SIGINT": "it exits at once, and loses the requests in flight",
         "SIGKILL": "no process can handle SIGKILL: it is gone, with all requests in flight"},
        "After which signal did it finish its requests?")),
    ("shutdown", "accepts-for"): (PERIOD, _given(_SIGNAL, {
        signal: _less(SEEN.proxies_hear, _AT_ONCE) for signal in ("SIGINT", "SIGKILL")
    }, _between(
        (SEEN.proxies_hear, f"proxies send new requests for up to {format_duration(SEEN.proxies_hear)}, and this promises to turn them away sooner",
         "How long may it take until the last proxy has heard?"),
        (SEEN.accepts_for, f"it closes its port after {_ACCEPTS}: whoever sends a request later is turned away", "When does it close its port?"),
        f"it takes requests for {_ACCEPTS}, and every proxy has heard by then"))),
    ("shutdown", "grace-period"): (PERIOD, _given(_SIGNAL, {
        signal: _less(SEEN.accepts_for, _AT_ONCE) for signal in ("SIGINT", "SIGKILL")
    }, _between(
        (SEEN.done_by, f"it may need {_DONE_BY}: it is killed with requests in flight", "Add up what it does after the signal."),
        (SEEN.node_emptied, "a node that is repaired waits for one pod for {}", "How soon must a node be empty?"),
        f"it is done after {_DONE_BY} at most"))),
    ("shutdown", "exit-code"): (INTEGER, _given(_SIGNAL, {
        "SIGINT": _is(SEEN.interrupted_code, "it is the code after SIGINT"),
        "SIGKILL": _is(KILLED_CODE, "it is the code of a process that was killed"),
    }, _only(
        SEEN.exit_code, "an end in good order is told from a crash",
        {"": f"it ends in good order with {SEEN.exit_code}: each of its good ends is reported as a failure"},
        "With which code did it exit after it had finished everything?"))),
}  # fmt: skip
FORM = Form({term: field for term, (field, _) in TERMS.items()})
LADDERS: Mapping[Term, Ladder] = {
    ("compute", "requests", "cpu"): (
        "A request is set aside for the pod at every hour, and the node has four such pods to hold.",
        "It is at least what it uses on a usual day, and at most a quarter of the node's cores."),
    ("compute", "requests", "memory"): (
        "A request is set aside for the pod at every hour, and the node has four such pods to hold.",
        "It is at least what it takes on a usual day, and at most a quarter of the node's memory."),
    ("compute", "limits", "cpu"): (
        "Above this figure it is slowed down. When would that hurt most?",
        "The facts have a figure for the half hour in which sales open: it is at least that."),
    ("compute", "limits", "memory"): (
        "Above this figure it is killed. So it must never get there by its work, and a leak must get there soon.",
        "It lies above what it takes when sales open, and not above a quarter of the node's memory."),
    ("health", "liveness"): (
        "After a no the container is restarted. What does a restart help against, and what not?",
        "One path says no only when the process hangs, whatever the database does."),
    ("health", "readiness"): (
        "After a no the pod gets no traffic, and nothing else happens. When can it serve nobody?",
        "One path was made for this: it says no while the plans are loading and while the database is away."),
    ("health", "startup"): (
        "It is asked until it says yes once. What has to be done by then, and what has nothing to do with it?",
        "One path says no until the plans are loaded, and looks at nothing else."),
    ("health", "startup-within"): (
        "Two facts about its start bound this figure: one from below, one from above.",
        "It is at least the longest start, on the first of a month, and at most the time after which a start that hangs must be noticed."),
    ("observability", "metrics", "path"): (
        "The facts have a row for its metrics. Other services have theirs elsewhere.",
        "It is the path of the request in that row."),
    ("observability", "metrics", "port"): (
        "The row about its metrics names two ports. One of them answers 404.",
        "It is the port that answers in Prometheus format."),
    ("observability", "logs", "format"): (
        "The facts show an event as it was written. What do its braces and quotes say?",
        "A curly bracket, names in quotes, colons: every program can read that."),
    ("observability", "logs", "from"): (
        "It writes to three places. The platform collects two of them. Where are the events?",
        "Of the two streams, one has a single line, from the start; the events are in the other."),
    ("observability", "traces"): (
        "The facts have a row for its traces; what other services send says nothing of it.",
        "It sends its spans in one format and knows no other. The row has its name."),
    ("shutdown", "signal"): (
        "The facts have a row for each signal. After which of them does nobody lose a request?",
        "It accepts, closes its port, finishes, closes its database: that row begins with the signal."),
    ("shutdown", "accepts-for"): (
        "Two facts bound this figure: how soon the proxies hear, and when it closes its port.",
        "It is at least as long as the proxies need, and not longer than its port is open."),
    ("shutdown", "grace-period"): (
        "After the signal it accepts, then finishes what it has, then closes. A request of the last moment may be the slowest one.",
        "It is at least the three of these one after the other, and at most the time in which a node must be empty."),
    ("shutdown", "exit-code"): (
        "It exits with another code after each signal. Which signal begins an end in good order?",
        "The code stands at the end of that signal's row; it isn't 0."),
}  # fmt: skip
"""The second and the third hint on each field."""

CRITERIA: tuple[Criterion[Filled, FormEvidence], ...] = (
    Criterion(
        name="compute", points=1, title="Compute: what a pod reserves, and what it may take", judge=part("compute"),
        expected="requests for its usual day, limits for its busiest hour, and neither above its share of a node",
        why="Without agreed figures the platform can't plan its nodes, and one leak takes the neighbors down.",
        docs_url=READ + "configuration/manage-resources-containers/",
        hints=(
            "A request is set aside for every hour; a limit has to hold in the busiest one.",
            "Two measurements stand in the facts, a usual one and a highest one. Which figure comes from which?",
            "A limit for memory lies above the highest measurement, and not above a quarter of the node.",
        ),
    ),
    Criterion(
        name="health", points=1, title="Health: three questions, three paths", judge=part("health"),
        expected="for each question the path that says no when the platform should act, and time for the longest start",
        why="Asked at the wrong path, the platform restarts what is healthy or sends traffic to what isn't ready.",
        docs_url=READ + "configuration/liveness-readiness-startup-probes/",
        hints=(
            "For each question: what does the platform do after a no, and when does that help?",
            "A restart helps where a process hangs. It helps nothing where a database is away.",
            "One path knows only the process, one knows the database too, one changes its answer once. Who gets which?",
        ),
    ),
    Criterion(
        name="observability", points=1, title="Observability: metrics, logs, traces", judge=part("observability"),
        expected="where its metrics, logs and traces are, and in which format",
        why="At three in the morning the platform team reads what a stranger's service says. It has to know where that is.",
        docs_url=READ + "cluster-administration/observability/",
        hints=(
            "For each signal the platform has to know two things: where it is, and in which format.",
            "Look for where something was seen, and not for where other services have it.",
            "A container has two streams, and the platform collects both. In which of them are the events?",
        ),
    ),
    Criterion(
        name="shutdown", points=1, title="Graceful shutdown: an end in good order", judge=part("shutdown"),
        expected="the signal that begins an orderly end, enough time for all of it, and the code that it ends with",
        why="Every update stops pods. What they drop then, a customer sees.",
        docs_url=READ + "workloads/pods/pod-lifecycle/",
        hints=(
            "Draw a line from the signal to the exit, and write on it what happens when.",
            "A request that gets in at the last moment may be the slowest one.",
            "The grace period holds three things one after the other: accepting, finishing, closing.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Filled, FormEvidence] = closed_form(
    name="contract",
    title="The terms for another service",
    kind="contract",
    section="05-contract",
    minutes=10,
    criteria=CRITERIA,
    form=FORM,
    observe=observer(
        {term: rule for term, (_, rule) in TERMS.items()},
        "Your terms held against the service",
        "what it does",
        LADDERS,
    ),
    judged_by="holding each term against what the service does",
    sample=Sample(__file__, 2.1),
    facts=facts,
)
