"""Exercise ``contract``: the terms for a service that leaves the golden path, from what was seen of it."""

from __future__ import annotations

from collections.abc import Mapping

from graders.answers.manifest import begun
from graders.exercises.exercise import Criterion, Exercise
from graders.exercises.form.fields import CPU, INTEGER, PATH, SIZE, TIME, Field, amount, choice, format_duration
from graders.exercises.form.judging import FormEvidence, Rule, Told, bad, good, notes, observer, part
from graders.exercises.form.reading import Filled, Form, Term
from graders.plans.service import MIB, SEEN

READ = "kubernetes.io/docs/concepts/"
CORES, MEMORY, PERIOD = amount(CPU, "40m"), amount(SIZE, "30 MB"), amount(TIME, "45 s")
FIELDS: Mapping[Term, Field] = {
    ("compute", "requests", "cpu"): CORES,
    ("compute", "requests", "memory"): MEMORY,
    ("compute", "limits", "cpu"): CORES,
    ("compute", "limits", "memory"): MEMORY,
    ("health", "liveness"): PATH,
    ("health", "readiness"): PATH,
    ("health", "startup"): PATH,
    ("health", "startup-within"): PERIOD,
    ("observability", "metrics", "path"): PATH,
    ("observability", "metrics", "port"): INTEGER,
    ("observability", "logs", "format"): choice("json", "key-value", "text"),
    ("observability", "logs", "from"): choice("stdout", "stderr", "file"),
    ("observability", "traces"): choice("otlp", "zipkin", "none"),
    ("shutdown", "signal"): choice("SIGHUP", "SIGINT", "SIGKILL", "SIGTERM"),
    ("shutdown", "accepts-for"): PERIOD,
    ("shutdown", "grace-period"): PERIOD,
    ("shutdown", "exit-code"): INTEGER,
}
FORM = Form(FIELDS)

# --- compute


def _mib(size: float) -> str:
    return f"{size / MIB:.4g} MiB"


def _request_cpu(cores: float, answer: Filled) -> Told:
    if cores < SEEN.usual_cpu:
        return bad(f"it uses {SEEN.usual_cpu:g} cores on a usual day: its neighbors take what wasn't set aside for it",
                   "What does it use on a usual day?")  # fmt: skip
    return _fits(
        cores, SEEN.share_cpu, answer.value("compute", "limits", "cpu"), "its usual work has the cores that it needs"
    )


def _request_memory(size: float, answer: Filled) -> Told:
    if size < SEEN.usual_memory:
        return bad(f"it takes {_mib(SEEN.usual_memory)} on a usual day: when its node runs out of memory, it is evicted first",
                   "What does it take on a usual day?")  # fmt: skip
    return _fits(
        size,
        SEEN.share_memory,
        answer.value("compute", "limits", "memory"),
        "its usual work has the memory that it needs",
    )


def _fits(request: float, share: float, limit: float | None, holds: str) -> Told:
    if request > share:
        return bad("four such pods don't fit on a node: the fourth one stays Pending",
                   "How much of a node is there for each of four pods?")  # fmt: skip
    if limit is not None and request > limit:
        return bad("it is more than the limit below it: the API server refuses the pod", "Compare request and limit.")
    return good(holds)


def _limit_cpu(cores: float, _answer: Filled) -> Told:
    if cores < SEEN.most_cpu:
        return bad(f"it uses {SEEN.most_cpu:g} cores when sales open: it is slowed down just when most people wait",
                   "How much does it use when it has most to do?")  # fmt: skip
    return good("it isn't slowed down when sales open")


def _limit_memory(size: float, _answer: Filled) -> Told:
    if size <= SEEN.most_memory:
        return bad(f"it takes {_mib(SEEN.most_memory)} when sales open: the kernel kills it just then",
                   "How much does it take when it has most to do?")  # fmt: skip
    if size > SEEN.share_memory:
        return bad("if it leaks, it takes the memory of its neighbors first", "How much of a node is each pod's share?")
    return good("it is never killed for its work, and a leak ends at its share of the node")


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
    def judge(path: str, _answer: Filled) -> Told:
        does = SEEN.paths.get(path, "isn't there: it answers 404")
        consequence = _TELLS[name].get(path if path in SEEN.paths else "", "")
        if consequence:
            return bad(f"{path} {does}; so {consequence}", "Which path says no exactly when the platform should act?")
        return good(f"{path} {does}")

    return judge


def _startup_within(time: float, _answer: Filled) -> Told:
    if time < SEEN.longest_start:
        return bad(f"on the first of a month it starts for {format_duration(SEEN.longest_start)}: it is restarted before it is up, again and again",
                   "How long does its longest start take?")  # fmt: skip
    if time > SEEN.start_noticed:
        return bad(
            f"a start that hangs is noticed after {format_duration(time)}",
            "How soon must a start that hangs be noticed?",
        )
    return good("its longest start fits in")


# --- observability


def _metrics_path(path: str, _answer: Filled) -> Told:
    if path != SEEN.metrics:
        return bad(f"at {path} there are no metrics: the platform collects none", "Where were its metrics seen?")
    return good("it answers there in Prometheus format")


def _metrics_port(port: int, _answer: Filled) -> Told:
    if port == SEEN.port:
        return bad(
            f"{SEEN.metrics} answers 404 at {port}: the platform collects nothing",
            "At which port were its metrics seen?",
        )
    if port != SEEN.metrics_port:
        return bad(
            f"nothing listens at port {port}: the platform collects nothing", "At which port were its metrics seen?"
        )
    return good("its metrics are there")


def _one_of(right: str, holds: str, told: Mapping[str, str], hint: str) -> Rule:
    return lambda word, _answer: good(holds) if word == right else bad(told[word], hint)


# --- shutdown


def _accepts_for(time: float, _answer: Filled) -> Told:
    if time > SEEN.accepts_for:
        return bad(f"it closes its port after {format_duration(SEEN.accepts_for)}: whoever sends a request later is turned away",
                   "When does it close its port?")  # fmt: skip
    if time < SEEN.proxies_hear:
        return bad(f"proxies send new requests for up to {format_duration(SEEN.proxies_hear)}, and nobody promised to take them",
                   "How long may it take until the last proxy has heard?")  # fmt: skip
    return good(f"it takes requests for {format_duration(SEEN.accepts_for)}, and every proxy has heard by then")


def _grace_period(time: float, _answer: Filled) -> Told:
    if time < SEEN.done_by:
        return bad(f"it may need {format_duration(SEEN.done_by)}: it is killed with requests in flight",
                   "Add up what it does after the signal.")  # fmt: skip
    if time > SEEN.node_emptied:
        return bad(
            f"a node that is repaired waits for one pod for {format_duration(time)}", "How soon must a node be empty?"
        )
    return good(f"it is done after {format_duration(SEEN.done_by)} at most")


def _exit_code(code: int, _answer: Filled) -> Told:
    if code != SEEN.exit_code:
        return bad(f"it ends in good order with {SEEN.exit_code}: each of its good ends is reported as a failure",
                   "With which code did it exit after it had finished everything?")  # fmt: skip
    return good("an end in good order is told from a crash")


RULES: Mapping[Term, Rule] = {
    ("compute", "requests", "cpu"): _request_cpu,
    ("compute", "requests", "memory"): _request_memory,
    ("compute", "limits", "cpu"): _limit_cpu,
    ("compute", "limits", "memory"): _limit_memory,
    ("health", "liveness"): _probe("liveness"),
    ("health", "readiness"): _probe("readiness"),
    ("health", "startup"): _probe("startup"),
    ("health", "startup-within"): _startup_within,
    ("observability", "metrics", "path"): _metrics_path,
    ("observability", "metrics", "port"): _metrics_port,
    ("observability", "logs", "format"): _one_of(
        "json", "each event is one JSON object",
        {"key-value": "the reader finds no key=value in its lines, and drops them",
         "text": "its fields can't be searched: the reader takes each event for one piece of text"},
        "Look at the line that it wrote for a sold seat.",
    ),
    ("observability", "logs", "from"): _one_of(
        "stderr", "the platform collects it, as it does stdout",
        {"stdout": "there is one line there, from its start, and no event",
         "file": "no platform looks into its files, and they are gone with the container"},
        "Where does it write its events?",
    ),
    ("observability", "traces"): _one_of(
        "zipkin", "its spans are understood",
        {"otlp": "its spans aren't sent in that format, and the collector drops them",
         "none": "a request's way ends where it enters this service, though it sends its spans"},
        "In which format does it send its spans?",
    ),
    ("shutdown", "signal"): _one_of(
        "SIGTERM", "the platform sends it, and it ends in good order",
        {"SIGHUP": "it reads its configuration anew, and doesn't end",
         "SIGINT": "it exits at once, and loses the requests in flight",
         "SIGKILL": "no process can handle SIGKILL: it is gone, with all requests in flight"},
        "After which signal did it finish its requests?",
    ),
    ("shutdown", "accepts-for"): _accepts_for,
    ("shutdown", "grace-period"): _grace_period,
    ("shutdown", "exit-code"): _exit_code,
}  # fmt: skip

CRITERIA: tuple[Criterion[Filled, FormEvidence], ...] = (
    Criterion(
        name="compute", points=1, title="Compute: what a pod reserves, and what it may take", judge=part("compute"),
        expected="requests for its usual day, limits for its busiest hour, and neither above its share of a node",
        why="Without agreed figures the platform can't plan its nodes, and one leak takes the neighbors down.",
        read=READ + "configuration/manage-resources-containers/",
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
        read=READ + "configuration/liveness-readiness-startup-probes/",
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
        read=READ + "cluster-administration/observability/",
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
        read=READ + "workloads/pods/pod-lifecycle/",
        hints=(
            "Draw a line from the signal to the exit, and write on it what happens when.",
            "A request that gets in at the last moment may be the slowest one.",
            "The grace period holds three things one after the other: accepting, finishing, closing.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Filled, FormEvidence] = Exercise(
    name="contract",
    title="The terms for another service",
    kind="contract",
    section="05-contract",
    minutes=10,
    criteria=CRITERIA,
    parse=FORM.read,
    observe=observer(FORM, RULES, "Your terms held against the service", "what it does"),
    begun=begun,
    notes=notes,
)
