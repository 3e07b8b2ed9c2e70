"""A contract as a learner wrote it: the terms of four parts, by whatever names people give them.

The schema is a small one of our own::

    compute:        requests {cpu, memory}, limits {cpu, memory}
    health:         liveness, readiness, startup
    observability:  metrics {path, format}, logs {format, to}, traces
    shutdown:       signal, new-requests, finish-within, exit-code
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster.errors import AnswerError
from cluster.manifests import Document, Path, read
from graders.answers.text import shown

Term = tuple[str, ...]
"""A term's place in the schema, such as ``("compute", "requests", "cpu")``."""

TERMS: tuple[Term, ...] = (
    ("compute", "requests", "cpu"), ("compute", "requests", "memory"),
    ("compute", "limits", "cpu"), ("compute", "limits", "memory"),
    ("health", "liveness"), ("health", "readiness"), ("health", "startup"),
    ("observability", "metrics", "path"), ("observability", "metrics", "format"),
    ("observability", "logs", "format"), ("observability", "logs", "to"), ("observability", "traces"),
    ("shutdown", "signal"), ("shutdown", "new-requests"), ("shutdown", "finish-within"), ("shutdown", "exit-code"),
)  # fmt: skip
_PLACES = frozenset(term[:end] for term in TERMS for end in range(1, len(term) + 1))
_SENTENCES = (("observability", "metrics"), ("observability", "logs"))
"""Terms that people also write as one sentence: “/metrics in Prometheus format”."""

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "compute": ("resources", "resource"),
    "requests": ("request",),
    "limits": ("limit",),
    "cpu": ("cpus", "cores"),
    "memory": ("mem", "ram"),
    "health": ("healthchecks", "probes", "healthprobes"),
    "liveness": ("livenessprobe", "live", "alive"),
    "readiness": ("readinessprobe", "ready"),
    "startup": ("startupprobe", "started"),
    "observability": ("monitoring", "telemetry"),
    "metrics": ("metric",),
    "path": ("get", "endpoint"),
    "format": ("as", "kind", "type"),
    "logs": ("log", "logging"),
    "to": ("on", "true", "output", "stream", "destination"),  # an unquoted “on” is true in YAML
    "traces": ("trace", "tracing"),
    "shutdown": ("gracefulshutdown", "termination", "graceful"),
    "signal": ("handle", "handles", "on"),
    "new-requests": (
        "accept", "acceptnew", "acceptnewrequests", "stopaccepting", "stopacceptingnew", "stopacceptingnewrequests",
        "refusenewrequests", "requests", "new",
    ),
    "finish-within": (
        "finish", "finishinflight", "finishinflightwithin", "inflight", "inflightwithin", "inflightrequests", "drain",
        "drainwithin", "within", "graceperiod", "timeout", "deadline", "terminationgraceperiodseconds",
        "finishwithinseconds", "seconds",
    ),
    "exit-code": ("exit", "code", "exitwith", "exitswith"),
}  # fmt: skip
_BLANKS = frozenset(("", "...", "…", "?", "??", "???", "todo", "tbd", "___"))


@dataclass(frozen=True, slots=True)
class Written:
    """What stands for a term: its value, the key as it was written, and the learner's line."""

    value: Any
    key: str
    line: int


@dataclass(frozen=True, slots=True)
class Stranger:
    """A key that is no term, with its line and the name that was probably meant, or none."""

    key: str
    line: int
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """The terms that were written, and the keys that are none. A term that was left blank isn't there."""

    terms: Mapping[Term, Written]
    strangers: tuple[Stranger, ...]

    @property
    def kept(self) -> str:
        """How the answer was read, in a few words."""
        return f"{len(self.terms)} of {len(TERMS)} terms"


def parse(text: str) -> Contract:
    """Read a contract. Raises AnswerError for a text that is no YAML, no mapping, a manifest, or doubles a key."""
    document = _the_one(read(text))
    for path, line in document.duplicates:
        raise AnswerError(
            f"“{shown(path[-1])}” stands twice in one part, the second time on line {line}.",
            "Keep the line that is to count.", line=line,
        )  # fmt: skip
    wrapped = list(document.data) == ["contract"] and isinstance(document.get("contract"), dict)
    base: Path = ("contract",) if wrapped else ()
    terms: dict[Term, Written] = {}
    strangers: list[Stranger] = []
    for found in _walk(document, base, ()):
        if isinstance(found, Stranger):
            strangers.append(found)
            continue
        term, written = found
        if term in terms:
            raise AnswerError(
                f"The term {' '.join(term[1:])} stands twice, on lines {terms[term].line} and {written.line}.",
                "Keep the line that is to count.", line=written.line,
            )  # fmt: skip
        terms[term] = written
    return Contract({term: written for term, written in terms.items() if not _blank(written.value)}, tuple(strangers))


def _the_one(documents: tuple[Document, ...]) -> Document:
    if len(documents) != 1:
        raise AnswerError(
            f"There are {len(documents)} documents in your answer; a contract is one.", "Take the lines “---” out."
        )
    (document,) = documents
    if not isinstance(document.data, dict):
        raise AnswerError(
            "Your answer is no contract: it has no parts.",
            "A contract is a mapping that begins with a part, such as “compute:”.", line=document.line(),
        )  # fmt: skip
    if document.get("apiVersion") or document.get("kind"):
        raise AnswerError(
            f"This is a {shown(document.get('kind') or 'manifest')}; the exercise asks for the contract itself.",
            "Start with the part “compute:”, as in the example above the answer.", line=document.line("kind"),
        )  # fmt: skip
    return document


def _walk(document: Document, at: Path, place: Term) -> Iterator[tuple[Term, Written] | Stranger]:
    value = document.get(*at) if at else document.data
    for key, inner in value.items():
        here, line = (*at, key), document.line(*at, key)
        found = _place(key, place)
        if found is None:
            yield Stranger(shown(key), line, _meant(key, place))
        elif found in TERMS:
            yield found, Written(inner, str(key), line)
        elif isinstance(inner, dict):
            yield from _walk(document, here, found)
        elif found in _SENTENCES and isinstance(inner, str):
            yield from ((term, Written(inner, str(key), line)) for term in TERMS if term[: len(found)] == found)
        elif not _blank(inner):
            yield Stranger(f"{shown(key)}: {shown(inner)}", line)


def _place(key: str, place: Term) -> Term | None:
    """The place in the schema that a key names below another, or anywhere if only one has that name."""
    below = [p for p in _PLACES if p[:-1] == place and _named(key, p[-1])]
    if below:
        return below[0]
    anywhere = [p for p in _PLACES if _named(key, p[-1], only_own=True)]
    return anywhere[0] if len(anywhere) == 1 else None


def _named(key: str, name: str, *, only_own: bool = False) -> bool:
    bare = _bare(key)
    return bare == _bare(name) or (not only_own and bare in _OTHER_NAMES[name])


def _bare(key: str) -> str:
    return "".join(c for c in str(key)[:80].casefold() if c.isalnum())


def _meant(key: str, place: Term) -> str:
    near = [p[-1] for p in _PLACES if p[:-1] == place] or [p[-1] for p in _PLACES]
    found = difflib.get_close_matches(str(key)[:60].casefold(), near, n=1, cutoff=0.7)
    return found[0] if found else ""


def _blank(value: Any) -> bool:
    return value is None or value in ({}, []) or (isinstance(value, str) and value.strip().casefold() in _BLANKS)
