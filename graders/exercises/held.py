"""The shop held against a contract, term by term: whether the orders API keeps what is promised for it.

What the shop does comes from cluster/shop/releases.py; the figures that were agreed come from contract.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cluster.quantity import quantity
from cluster.shop.releases import FINISH_WITHIN as DONE_BY
from cluster.shop.releases import HEALTHZ, MEMORY, PATHS, READYZ, SERVES_ON, STARTUPZ
from graders.answers import figures
from graders.answers.terms import TERMS, Contract, Term, Written
from graders.answers.text import shown
from graders.exercises.contract import (
    EXIT_CODE,
    FINISH_WITHIN,
    LIMITS,
    LIVENESS,
    METRICS,
    READINESS,
    REQUESTS,
    SIGNAL,
    STARTUP,
)


class Holds(StrEnum):
    """Whether a term holds."""

    KEPT = "kept"
    BROKEN = "broken by the shop"
    OTHER = "not what was agreed"
    UNCHECKED = "nobody can check it"
    MISSING = "not in your contract"


@dataclass(frozen=True, slots=True)
class Held:
    """One term held against the shop: what was promised, what the shop does, and whether that agrees."""

    term: Term
    holds: Holds
    promised: str
    does: str
    line: int = 0

    @property
    def name(self) -> str:
        """The term without its part: ``requests cpu``."""
        return " ".join(self.term[1:])


Judged = tuple[Holds, str]
"""Whether it holds, and what the shop does."""

MOST_CORES = 64
"""More cores than these, and a unit was forgotten."""

_MIB = 2**20
_TAKES = f"takes {MEMORY // _MIB} MiB when all is well"
_NOT_THERE = "answers 404 there"
_ASKED: Mapping[str, str] = {
    HEALTHZ: "answers 200 there as long as the process isn't stuck, even while its database is away",
    READYZ: "answers 503 there while its database is away, and 200 when it is ready for traffic",
    STARTUPZ: "answers 200 there once it has initialised",
    "/metrics": "answers there with its metrics, whatever its state",
    "/orders": "reads the newest orders from its database there",
}
_CONSEQUENCE: Mapping[str, Mapping[str, str]] = {
    "liveness": {
        READYZ: "a database that is away would get every healthy pod restarted",
        "/orders": "a database that is away would get every healthy pod restarted",
        "": "the platform would restart a healthy pod for ever",
    },
    "readiness": {
        HEALTHZ: "traffic would go to pods that can't serve it",
        STARTUPZ: "traffic would go to pods that can't serve it",
        "/metrics": "traffic would go to pods that can't serve it",
        "": "no pod would ever get traffic",
    },
    "startup": {
        READYZ: "while the database is away no pod would ever start",
        "/orders": "while the database is away no pod would ever start",
        "": "no pod would ever be taken for started",
    },
}


def hold(contract: Contract) -> tuple[Held, ...]:
    """Every term of the schema, in its order, held against the shop."""
    return tuple(_held(term, contract.terms.get(term)) for term in TERMS)


def _held(term: Term, written: Written | None) -> Held:
    if written is None:
        return Held(term, Holds.MISSING, "", "")
    holds, does = _JUDGES[term](written, term)
    return Held(term, holds, shown(written.value), does, written.line)


def _compute(written: Written, term: Term) -> Judged:
    kind, name = term[1:]
    agreed = (REQUESTS if kind == "requests" else LIMITS)[name]
    amount = (figures.cores if name == "cpu" else figures.size)(written.value)
    if amount is None:
        return Holds.UNCHECKED, "a promise needs a figure with a unit, such as 250m or 64Mi"
    if amount == quantity(agreed):
        return Holds.KEPT, _kept_compute(kind, name)
    if name == "memory" and amount < MEMORY:
        end = "is killed at this limit" if kind == "limits" else "takes more than is set aside for it"
        return Holds.BROKEN, f"{_TAKES}, so it {end}{_unit(amount)}"
    if name == "cpu" and amount > MOST_CORES:
        return Holds.BROKEN, "finds no node with so many whole cores; the figure's unit is missing, m for thousandths"
    return Holds.OTHER, f"runs with it, but the agreed figure is another{_unit(amount) if name == 'memory' else ''}"


def _kept_compute(kind: str, name: str) -> str:
    if name == "memory":
        return _TAKES if kind == "requests" else "is killed and restarted if it ever leaks so far"
    return "has that much set aside for it" if kind == "requests" else "is slowed down above that, never killed"


def _unit(amount: Decimal) -> str:
    if amount < _MIB:
        return "; the figure says bytes, its unit is missing"
    return "; M counts in millions, Mi in 1024 times 1024" if amount % 10**6 == 0 and amount % _MIB else ""


def _probe(written: Written, term: Term) -> Judged:
    name = term[1]
    agreed = {"liveness": LIVENESS, "readiness": READINESS, "startup": STARTUP}[name]
    path = figures.path(written.value)
    if not path:
        return Holds.UNCHECKED, "no path is named, so there is nothing to ask"
    if path == agreed:
        return Holds.KEPT, _ASKED[path]
    consequence = _CONSEQUENCE[name].get(path if path in PATHS else "", "")
    does = _ASKED.get(path, _NOT_THERE)
    if consequence:
        return Holds.BROKEN, f"{does}: {consequence}"
    return Holds.OTHER, f"{does}, but another path was agreed for this question"


def _metrics_path(written: Written, _term: Term) -> Judged:
    path = figures.path(written.value)
    if path == METRICS:
        return Holds.KEPT, _ASKED[METRICS]
    if not path:
        return Holds.UNCHECKED, "no path is named, so there is nothing to collect"
    return Holds.BROKEN, "answers there, but not with metrics" if path in PATHS else _NOT_THERE


def _says(*words: str) -> Callable[[Any], bool]:
    def says(value: Any) -> bool:
        text = "".join(c for c in str(value)[:400].casefold() if c.isalnum())
        return any(word in text for word in words)

    return says


def _word(right: Callable[[Any], bool], kept: str, otherwise: Judged) -> Callable[[Written, Term], Judged]:
    def judge(written: Written, _term: Term) -> Judged:
        if isinstance(written.value, bool):
            return Holds.UNCHECKED, "yes or no isn't enough: the term has to say which"
        return (Holds.KEPT, kept) if right(written.value) else otherwise

    return judge


def _logs_to(written: Written, _term: Term) -> Judged:
    if _says("stdout", "standardout")(written.value):
        return Holds.KEPT, "writes its logs to stdout, where the platform collects them"
    return Holds.UNCHECKED, "writes to stdout; the platform collects nothing from anywhere else"


def _signal(written: Written, _term: Term) -> Judged:
    value = str(written.value).strip().upper()[:60]
    if SIGNAL in value or value in ("TERM", "15") or (written.value is True and "sigterm" in written.key.casefold()):
        return Holds.KEPT, "begins its shutdown on SIGTERM"
    if "KILL" in value or value == "9":
        return Holds.UNCHECKED, "no process can handle SIGKILL: it is simply gone"
    return Holds.BROKEN, f"waits for {SIGNAL}, which is what the platform sends"


def _new_requests(written: Written, _term: Term) -> Judged:
    key, value = written.key.casefold(), written.value
    stops = f"turns not ready at once, serves on for {SERVES_ON:g} s until every proxy has heard, then closes its port"
    refuses = _says("stop", "refus", "reject", "notaccept", "noton", "close", "none", "deny", "declin", "donot", "dont")
    if isinstance(value, bool):
        good = value == ("stop" in key or "refuse" in key)
    else:
        good = refuses(value) or str(value).strip().casefold() in ("no", "never", "0")
    return (Holds.KEPT, stops) if good else (Holds.BROKEN, stops)


def _finish_within(written: Written, _term: Term) -> Judged:
    time = figures.seconds(written.value)
    if time is None or time < 0:
        return Holds.UNCHECKED, "a promise needs a time, such as 12 s"
    if time == FINISH_WITHIN:
        return Holds.KEPT, f"is done after at most {DONE_BY:g} s"
    if time < DONE_BY:
        serves = f"serves on for {SERVES_ON:g} s and " if time <= SERVES_ON else ""
        return Holds.BROKEN, f"{serves}may take {DONE_BY:g} s in all: killed earlier, it loses the requests in flight"
    if time > FINISH_WITHIN:
        return Holds.UNCHECKED, f"is done after at most {DONE_BY:g} s; the platform kills before your time is over"
    return Holds.OTHER, f"is done after at most {DONE_BY:g} s, but the agreed time is another"


def _exit_code(written: Written, _term: Term) -> Judged:
    found = re.findall(r"[0-9]+", str(written.value)[:60])
    if not isinstance(written.value, bool) and found[:1] == [str(EXIT_CODE)]:
        return Holds.KEPT, f"exits with {EXIT_CODE}"
    return Holds.BROKEN, f"exits with {EXIT_CODE}; any other code reads as a failure"


_JUDGES: Mapping[Term, Callable[[Written, Term], Judged]] = {
    **dict.fromkeys((t for t in TERMS if t[0] == "compute"), _compute),
    **dict.fromkeys((t for t in TERMS if t[0] == "health"), _probe),
    ("observability", "metrics", "path"): _metrics_path,
    ("observability", "metrics", "format"): _word(
        _says("prometheus"), "writes them in Prometheus' text format",
        (Holds.BROKEN, "writes them in Prometheus' text format and no other"),
    ),
    ("observability", "logs", "format"): _word(
        _says("json"), "writes one JSON object a line", (Holds.BROKEN, "writes one JSON object a line and no other format"),
    ),
    ("observability", "logs", "to"): _logs_to,
    ("observability", "traces"): _word(
        _says("opentelemetry", "otel", "otlp"), "traces by the OpenTelemetry SDK",
        (Holds.BROKEN, "traces by the OpenTelemetry SDK and nothing else"),
    ),
    ("shutdown", "signal"): _signal,
    ("shutdown", "new-requests"): _new_requests,
    ("shutdown", "finish-within"): _finish_within,
    ("shutdown", "exit-code"): _exit_code,
}  # fmt: skip
