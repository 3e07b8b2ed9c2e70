"""Exercise ``contract``: the terms for a service that leaves the golden path, from observations of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cluster.text.amounts import format_duration, format_size
from graders.application_platform.exercises.contract.observed_service import SEEN, facts
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
from graders.families.form.fields import CPU, INTEGER, PATH, SIZE, TIME, FieldType, amount, choice
from graders.families.form.reading import Filled, Form, Term

KILLED_CODE = 137
"""The exit code of a process that SIGKILL ended: 128 plus the number of the signal."""

READ = "kubernetes.io/docs/concepts/"
CORES, MEMORY, PERIOD = amount(CPU, "40m", bare="cores"), amount(SIZE, "30 MB"), amount(TIME, "45 s")

# --- compute


def _request_cpu(cores: float, answer: Filled) -> RuleResult:
    if cores < SEEN.usual_cpu:
        return bad(f"it uses {SEEN.usual_cpu:g} cores on a usual day, and other pods take what isn't reserved for it",
                   "How many cores does it use on a usual day?")  # fmt: skip
    return _fits(
        cores, SEEN.share_cpu, answer.value("compute", "limits", "cpu"), "its usual work has the cores that it needs"
    )


def _request_memory(size: float, answer: Filled) -> RuleResult:
    if size < SEEN.usual_memory:
        return bad(f"it uses {format_size(SEEN.usual_memory)} on a usual day; when its node runs out of memory, it is evicted first",
                   "How much memory does it use on a usual day?")  # fmt: skip
    return _fits(
        size,
        SEEN.share_memory,
        answer.value("compute", "limits", "memory"),
        "its usual work has the memory that it needs",
    )


def _fits(request: float, share: float, limit: float | None, holds: str) -> RuleResult:
    if request > share:
        return bad("four such pods don't fit on a node, so the fourth pod stays Pending",
                   "How much of a node can each of the four pods have?")  # fmt: skip
    if limit is not None and request > limit:
        return bad("it is more than the limit, so the API server refuses the pod", "Compare request and limit.")
    return good(holds)


# --- health

_HANGS, _RESTARTS = (
    "a process that hangs is never restarted",
    "while the database is down every healthy pod is restarted",
)
_TOO_SOON, _NO_START = (
    "traffic goes to pods that can't serve it",
    "while the database is down no pod completes its start",
)
_TELLS: Mapping[str, Mapping[str, str]] = {
    "liveness": {"/state": _RESTARTS, "/seats": _RESTARTS, "/loaded": _HANGS, "": "every healthy pod is restarted again and again"},
    "readiness": {"/ping": _TOO_SOON, "/loaded": _TOO_SOON, "/seats": "the platform's probes put load on its database",
                  "": "no pod ever gets traffic"},
    "startup": {"/ping": "a start that hangs while it loads its plans is never noticed", "/state": _NO_START, "/seats": _NO_START,
                "": "no pod ever completes its start"},
}  # fmt: skip
"""The consequence of a wrong path; the empty text stands for a path that the service doesn't have."""


def _probe(name: str) -> Rule:
    def judge(path: str, _answer: Filled) -> RuleResult:
        does = SEEN.paths.get(path, "answers 404")
        consequence = _TELLS[name].get(path if path in SEEN.paths else "", "")
        if consequence:
            return bad(f"{path} {does}, so {consequence}", "Which path fails exactly when the platform should act?")
        return good(f"{path} {does}")

    return judge


def _limit_memory(size: float, _answer: Filled) -> RuleResult:
    most, share = SEEN.most_memory, SEEN.share_memory
    if size < most:
        return bad(f"it uses {format_size(most)} when sales open, so the kernel kills it then",
                   "How much does it use in its busiest time?")  # fmt: skip
    if size == most:
        return bad(f"when sales open it uses {format_size(most)}, exactly this limit; with one byte more, the kernel kills it",
                   "The next peak may be a little higher. How much room does your limit leave?")  # fmt: skip
    if size > share:
        return bad(f"if it leaks, it takes memory from other pods; each pod's share of the node is {format_size(share)}",
                   "How much of a node is each pod's share?")  # fmt: skip
    return good("its usual work never reaches it, and a leak can't exceed its share of the node")


Bound = tuple[float, str, str]
"""A figure, the consequence of a value beyond it, and the next step. ``{}`` is the value as a duration."""


def _between(least: Bound, most: Bound, holds: str) -> Rule:
    """A rule for a figure between two bounds, both included."""

    def judge(figure: float, _answer: Filled) -> RuleResult:
        beyond = least if figure < least[0] else most if figure > most[0] else None
        return good(holds) if beyond is None else bad(beyond[1].format(format_duration(figure)), beyond[2])

    return judge


def _only(right: object, holds: str, told: Mapping[object, str], hint: str) -> Rule:
    """A rule for one right value; ``told`` has the consequence of other values, and by the empty text that of the rest."""
    return lambda value, _answer: (
        good(holds) if value == right else bad(told.get(value) or told[""].format(value), hint)
    )


def _given(other: Term, values: Mapping[object, Callable[[Any], str]], rule: Rule) -> Rule:
    """The rule, except for a value that follows from a wrong value of another field.

    ``values`` maps each wrong value there to a function: the consequence if a value here follows from it, else an empty text.
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
_AT_ONCE = "after that signal it exits at once"
_PORT = "Which port has its metrics?"
_DONE_BY, _ACCEPTS = format_duration(SEEN.done_by), format_duration(SEEN.accepts_for)
TERMS: Mapping[Term, tuple[FieldType, Rule]] = {
    ("compute", "requests", "cpu"): (CORES, _request_cpu),
    ("compute", "requests", "memory"): (MEMORY, _request_memory),
    ("compute", "limits", "cpu"): (CORES, _between(
        (SEEN.most_cpu, f"it uses {SEEN.most_cpu:g} cores when sales open, so it is throttled when most people wait",
         "How many cores does it use in its busiest time?"),
        (SEEN.node_cpu, f"its node has {SEEN.node_cpu:g} cores, so this limits nothing", "How many cores does its node have? A number without a unit means whole cores."),
        "it isn't throttled when sales open")),
    ("compute", "limits", "memory"): (MEMORY, _limit_memory),
    ("health", "liveness"): (PATH, _probe("liveness")),
    ("health", "readiness"): (PATH, _probe("readiness")),
    ("health", "startup"): (PATH, _probe("startup")),
    ("health", "startup-within"): (PERIOD, _between(
        (SEEN.longest_start, f"on the first of a month its start takes {format_duration(SEEN.longest_start)}, so it is restarted again and again",
         "How long does its longest start take?"),
        (SEEN.start_noticed, "a start that hangs is noticed after {}", "How soon must a start that hangs be noticed?"), "its longest start is shorter")),
    ("observability", "metrics", "path"): (PATH, _only(
        SEEN.metrics, "it answers there in Prometheus format", {"": "{} has no metrics, so the platform collects none"},
        "Which path has its metrics?")),
    ("observability", "metrics", "port"): (INTEGER, _only(
        SEEN.metrics_port, "its metrics are there",
        {SEEN.port: f"{SEEN.metrics} answers 404 at {SEEN.port}, so the platform collects nothing",
         "": "nothing listens at port {}, so the platform collects nothing"}, _PORT)),
    ("observability", "logs", "format"): (choice("json", "key-value", "text"), _given(_FROM, {
        "stdout": _is("text", "the one line on stdout is text"),
        "file": _is("text", "the lines in the file are text"),
    }, _only(
        "json", "each event is one JSON object",
        {"key-value": "the reader finds no key=value in its lines, and drops them",
         "text": "the reader treats each event as one text, so you can't search its fields"},
        "Look at the log line for a sold seat."))),
    ("observability", "logs", "from"): (choice("stdout", "stderr", "file"), _only(
        "stderr", "the platform collects it, like stdout",
        {"stdout": "it has one line, from the start, and no event",
         "file": "the platform doesn't read its files, and they are lost with the container"},
        "Where does it write its events?")),
    ("observability", "traces"): (choice("otlp", "zipkin", "none"), _only(
        "zipkin", "the collector understands its spans",
        {"otlp": "it doesn't send its spans in that format, so the collector drops them",
         "none": "the trace of a request ends at this service, although it sends spans"},
        "In which format does it send its spans?")),
    ("shutdown", "signal"): (choice("SIGHUP", "SIGINT", "SIGKILL", "SIGTERM"), _only(
        "SIGTERM", "the platform sends it, and the service shuts down in order",
        {"SIGHUP": "the service reads its configuration again, and doesn't end",
         "SIGINT": "the service exits at once, and loses the requests in flight",
         "SIGKILL": "no process can handle SIGKILL, so the service ends at once and loses all requests in flight"},
        "After which signal does it finish its requests?")),
    ("shutdown", "accepts-for"): (PERIOD, _given(_SIGNAL, {
        signal: _less(SEEN.proxies_hear, _AT_ONCE) for signal in ("SIGINT", "SIGKILL")
    }, _between(
        (SEEN.proxies_hear, f"proxies send new requests for up to {format_duration(SEEN.proxies_hear)}, but the service refuses them sooner",
         "How long may it take until the last proxy stops sending?"),
        (SEEN.accepts_for, f"it closes its port after {_ACCEPTS}, and refuses later requests", "When does it close its port?"),
        f"it accepts requests for {_ACCEPTS}, and by then every proxy has stopped sending"))),
    ("shutdown", "grace-period"): (PERIOD, _given(_SIGNAL, {
        signal: _less(SEEN.accepts_for, _AT_ONCE) for signal in ("SIGINT", "SIGKILL")
    }, _between(
        (SEEN.done_by, f"it may need {_DONE_BY}, so it is killed while requests are in flight", "Add up what it does after the signal."),
        (SEEN.node_emptied, "the repair of a node waits {} for one pod", "How soon must a node be empty?"),
        f"it is done after {_DONE_BY} at most"))),
    ("shutdown", "exit-code"): (INTEGER, _given(_SIGNAL, {
        "SIGINT": _is(SEEN.interrupted_code, "it is the code after SIGINT"),
        "SIGKILL": _is(KILLED_CODE, "it is the code of a process that was killed"),
    }, _only(
        SEEN.exit_code, "the platform can distinguish an orderly shutdown from a crash",
        {"": f"an orderly shutdown ends with {SEEN.exit_code}, so the platform reports each one as a failure"},
        "With which code does it exit after an orderly shutdown?"))),
}  # fmt: skip
FORM = Form({term: field for term, (field, _) in TERMS.items()})
LADDERS: Mapping[Term, Ladder] = {
    ("compute", "requests", "cpu"): (
        "A request is reserved for the pod at every hour, and a node must hold four such pods.",
        "It is at least the cores of a usual day, and at most a quarter of the node's cores."),
    ("compute", "requests", "memory"): (
        "A request is reserved for the pod at every hour, and a node must hold four such pods.",
        "It is at least the memory of a usual day, and at most a quarter of the node's memory."),
    ("compute", "limits", "cpu"): (
        "Above this figure it is throttled. When would that hurt most?",
        "The facts have a figure for the half hour when sales open; the limit is at least that."),
    ("compute", "limits", "memory"): (
        "Above this figure it is killed. Its usual work must stay below, and a leak must reach it soon.",
        "It is more than the memory when sales open, and at most a quarter of the node's memory."),
    ("health", "liveness"): (
        "After a failed probe the container is restarted. Which problems does a restart solve?",
        "One path fails only when the process hangs, whatever the database does."),
    ("health", "readiness"): (
        "After a failed probe the pod gets no traffic, and nothing else happens. When can the pod not serve?",
        "One path fails while the plans are loading and while the database is down."),
    ("health", "startup"): (
        "The platform requests it until it succeeds once. What must be ready by then, and what doesn't matter?",
        "One path fails until the plans are loaded, and checks nothing else."),
    ("health", "startup-within"): (
        "Two facts about its start limit this figure: one from below, one from above.",
        "It is at least the longest start, on the first of a month, and at most the time after which a start that hangs must be noticed."),
    ("observability", "metrics", "path"): (
        "The facts have a row for its metrics. Other services may have them at another path.",
        "It is the path of the request in that row."),
    ("observability", "metrics", "port"): (
        "The row about its metrics names two ports. One of them answers 404.",
        "It is the port that answers in Prometheus format."),
    ("observability", "logs", "format"): (
        "The facts show an event as it is in the log. Which format has such braces and quotes?",
        "It has braces, names in quotes, and colons. Every program can read that format."),
    ("observability", "logs", "from"): (
        "It writes to three places. The platform collects two of them. Where are the events?",
        "One of the two streams has a single line, from the start; the other one has the events."),
    ("observability", "traces"): (
        "The facts have a row for its traces. The format of other services doesn't matter.",
        "It sends its spans in one format only. The row names it."),
    ("shutdown", "signal"): (
        "The facts have a row for each signal. After which of them is no request lost?",
        "One row has these steps: it accepts, closes its port, finishes, closes its database. The row begins with the signal."),
    ("shutdown", "accepts-for"): (
        "Two facts limit this figure: when the proxies stop sending, and when it closes its port.",
        "It is at least the time that the proxies need, and at most the time that its port is open."),
    ("shutdown", "grace-period"): (
        "After the signal it accepts requests, then finishes them, then closes. The last request may be the slowest one.",
        "It is at least the sum of these three times, and at most the time in which a node must be empty."),
    ("shutdown", "exit-code"): (
        "It exits with a different code after each signal. Which signal begins an orderly shutdown?",
        "The code is at the end of that signal's row; it isn't 0."),
}  # fmt: skip
"""The second and the third hint on each field."""

CRITERIA: tuple[Criterion[Filled, FormEvidence], ...] = (
    Criterion(
        name="compute", points=1, title="Compute: what a pod reserves, and what it may use", judge=part("compute"),
        expected="requests for a usual day, limits for the busiest hour, and both within its share of a node",
        why="Without agreed figures the platform can't plan its nodes, and one leak affects all pods of a node.",
        docs_url=READ + "configuration/manage-resources-containers/",
        hints=(
            "A request is reserved at every hour; a limit must be enough for the busiest hour.",
            "The facts have two measurements, a usual one and a highest one. Which one decides the request, and which one the limit?",
            "The memory limit is above the highest measurement, and at most a quarter of the node.",
        ),
    ),
    Criterion(
        name="health", points=1, title="Health: three questions, three paths", judge=part("health"),
        expected="for each probe the path that fails when the platform should act, and enough time for the longest start",
        why="With a wrong path, the platform restarts healthy pods or sends traffic to pods that aren't ready.",
        docs_url=READ + "configuration/liveness-readiness-startup-probes/",
        hints=(
            "What does the platform do after each probe fails, and when does that help?",
            "A restart helps when the process hangs. It doesn't help when the database is down.",
            "One path checks only the process, one also the database, and one changes its answer once. Which probe needs which?",
        ),
    ),
    Criterion(
        name="observability", points=1, title="Observability: metrics, logs, traces", judge=part("observability"),
        expected="where its metrics, logs and traces are, and in which format",
        why="At three in the morning the platform team looks for signals of a service that it doesn't know. The contract says where they are.",
        docs_url=READ + "cluster-administration/observability/",
        hints=(
            "For each signal the platform has to know two things: where it is, and in which format.",
            "Use the observations of this service, not the places of other services.",
            "A container has two streams, and the platform collects both. In which of them are the events?",
        ),
    ),
    Criterion(
        name="shutdown", points=1, title="Graceful shutdown: an orderly end", judge=part("shutdown"),
        expected="the signal that begins an orderly shutdown, enough time for it, and its exit code",
        why="Every update stops pods. Customers notice each request that is dropped then.",
        docs_url=READ + "workloads/pods/pod-lifecycle/",
        hints=(
            "Draw a timeline from the signal to the exit, and mark what happens when.",
            "The last request that is accepted may be the slowest one.",
            "The grace period covers three steps: accept, finish, close.",
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
        "Your terms, compared with the service",
        "what it does",
        LADDERS,
    ),
    judged_by="comparing each term with the behavior of the service",
    sample=Sample(__file__, 2.1),
    facts=facts,
)
