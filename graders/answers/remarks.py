"""A reviewer's remarks on a manifest: a list of fields, and the term of the contract that each of them breaks."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster.errors import AnswerError
from cluster.manifests import Document, Path, read
from graders.answers.text import shown

MOST = 20
"""Remarks in one answer: four for each violation that there is to find."""

EXAMPLE = "- {field: replicas, term: requests}"
_FIELD = ("field", "path", "line", "where")
_TERM = ("term", "breaks", "part", "why")
_LISTS = ("remarks", "violations", "review", "findings")

TERMS: Mapping[str, tuple[str, ...]] = {
    "requests": ("request",),
    "limits": ("limit",),
    "liveness": ("healthz",),
    "readiness": ("readyz",),
    "startup": ("startupz",),
    "metrics": ("prometheus", "metric"),
    "logs": ("logging", "json"),
    "traces": ("tracing", "trace", "opentelemetry", "otel"),
    "shutdown": ("sigterm", "inflight", "termination", "grace", "finishwithin", "exitcode", "newrequests", "30s"),
    "compute": ("resources",),
    "health": ("probes",),
    "observability": ("telemetry", "monitoring"),
}
"""The terms that a remark may name, with other words for them; the last three are parts, and so less exact."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: the field and the term as they were written, and the learner's line."""

    field: str
    term: str
    line: int


@dataclass(frozen=True, slots=True)
class Remarks:
    """All remarks, in the learner's order."""

    every: tuple[Remark, ...]

    @property
    def kept(self) -> str:
        """How the answer was read, in a few words."""
        return f"{len(self.every)} remark{'s' if len(self.every) != 1 else ''}"


def parse(text: str) -> Remarks:
    """Read a list of remarks. Raises AnswerError for a text that is no YAML, no list, or a remark without field or term."""
    documents = _read(text)
    if len(documents) != 1:
        raise AnswerError(f"There are {len(documents)} documents in your answer; a review is one list.",
                          "Take the lines “---” out.")  # fmt: skip
    (document,) = documents
    base = next(((name,) for name in _LISTS if isinstance(document.get(name), list)), ())
    items = document.get(*base) if base else document.data
    if not isinstance(items, list):
        raise AnswerError("Your answer is no list of remarks.", f"Write one remark a line, such as “{EXAMPLE}”.",
                          line=document.line())  # fmt: skip
    if len(items) > MOST:
        raise AnswerError(f"There are {len(items)} remarks in your answer; the manifest has five violations.",
                          "Keep the remarks that you are sure of.", line=document.line(*base, MOST))  # fmt: skip
    return Remarks(tuple(_remark(document, (*base, index), item) for index, item in enumerate(items)))


def _read(text: str) -> tuple[Document, ...]:
    try:
        return read(text)
    except AnswerError as error:
        # {field: env[0].name} is no YAML: in braces a bracket begins a list.
        if "{" in error.source_line and "[" in error.source_line:
            error.hint = "In braces, a field with brackets in its name needs quotes around it."
        raise


def _remark(document: Document, path: Path, item: Any) -> Remark:
    line = document.line(*path)
    if not isinstance(item, dict):
        raise AnswerError(f"“{shown(item)}” (line {line}) is no remark: it has no field and no term.",
                          f"Write it as “{EXAMPLE}”.", line=line)  # fmt: skip
    doubled = next((where for where, _ in document.duplicates if where[: len(path)] == path), None)
    if doubled is not None:
        raise AnswerError(f"A remark on line {line} has “{shown(doubled[-1])}” twice.",
                          "Begin each remark with a dash of its own.", line=line)  # fmt: skip
    field, term = (_value(item, names) for names in (_FIELD, _TERM))
    absent = [name for name, value in (("field", field), ("term", term)) if not value]
    if absent:
        near = difflib.get_close_matches(absent[0], [str(key)[:60] for key in item], n=1)
        raise AnswerError(f"The remark on line {line} has no {absent[0]}.",
                          f"It says “{near[0]}”; did you mean “{absent[0]}”?" if near else f"Write it as “{EXAMPLE}”.",
                          line=line)  # fmt: skip
    return Remark(field, term, line)


def _value(item: dict[str, Any], names: tuple[str, ...]) -> str:
    found = next((item[name] for name in names if item.get(name) is not None), "")
    return (
        found.strip()[:300] if isinstance(found, str) else "" if isinstance(found, (dict, list)) else str(found)[:300]
    )


def term_named(written: str) -> str:
    """The term of the contract that a remark names, or one of its parts; empty where there is no such term."""
    bare = "".join(c for c in written.casefold() if c.isalnum())
    for name, others in TERMS.items():
        if bare == name or bare in others:
            return name
    # “memory limit”, “shutdown.finish-within”: the words around the term are more exact than need be.
    inside = [name for name, others in TERMS.items() if any(word in bare for word in (name.rstrip("s"), *others))]
    exact = [name for name in inside if name not in ("compute", "health", "observability")]
    return next(iter(exact or inside), "") if len(exact or inside) == 1 else ""


def term_meant(written: str) -> str:
    """The term that a misspelled one is nearest to; empty where none is near."""
    return next(iter(difflib.get_close_matches(written.casefold()[:60], TERMS, n=1, cutoff=0.6)), "")


def located(manifest: Document, field: str) -> tuple[Path, ...]:
    """The paths in a manifest that a field may mean: by line, by whole path, or by the path's end."""
    if re.fullmatch(r"(?:line\s*)?[0-9]{1,4}", field.casefold()):
        line = int(re.sub(r"\D", "", field))
        return _innermost([path for path in manifest.lines if path and manifest.lines[path] == line])
    asked = _parts(field)
    if not asked:
        return ()
    every = [path for path in manifest.lines if path]
    exact = [path for path in every if _ends(_flat(path), asked)]
    bare = [part for part in asked if not part.isdigit()]
    loose = [path for path in every if _ends([p for p in _flat(path) if not p.isdigit()], bare)] if bare else []
    # Without its index an item of a list has its list's name; the list is what is meant.
    found = exact or [path for path in loose if not isinstance(path[-1], int)]
    return tuple(found or _env(manifest, field))


def nearest(manifest: Document, field: str) -> str:
    """The field of a manifest whose name is nearest to one that isn't there."""
    names = {_last_two(".".join(str(step) for step in path)): None for path in manifest.lines if path}
    found = difflib.get_close_matches(_last_two(field)[:100], names, n=1, cutoff=0.5)
    return found[0] if found else ""


def _last_two(field: str) -> str:
    return ".".join([part for part in re.split(r"[.\[\]/\s]+", field) if part and not part.isdigit()][-2:])


def _parts(field: str) -> list[str]:
    return [part for part in re.split(r"[.\[\]/\s\"']+", field.casefold().lstrip("$")) if part]


def _flat(path: Path) -> list[str]:
    return [part for step in path for part in _parts(str(step))]


def _ends(parts: list[str], end: list[str]) -> bool:
    return parts[-len(end) :] == end


def _innermost(paths: list[Path]) -> tuple[Path, ...]:
    longest = max((len(path) for path in paths), default=0)
    return tuple(path for path in paths if len(path) == longest)


def _env(manifest: Document, field: str) -> list[Path]:
    """The items of a list whose name is the last part of the field: variables are known by their names."""
    name = re.split(r"[.\[\]\s]+", field.rstrip("]"))[-1]
    return [path[:-1] for path in manifest.lines if path and path[-1] == "name" and manifest.get(*path) == name]
