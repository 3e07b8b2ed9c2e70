"""Suggestions for values that validation refused: the server gives none, but they help a learner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from cluster.admission import name_rules
from cluster.admission.problems import Problem
from cluster.admission.rules.limit_ranges import TYPES
from cluster.admission.rules.resources import CONTAINER, IN_QUOTAS, STANDARD
from cluster.manifests.cron import zone_named
from cluster.manifests.documents import Document, Path
from cluster.manifests.quantity import Quantity
from cluster.manifests.yaml_slips import tight, without_blank
from cluster.text.names import nearest

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST, _SHOWN = 253, 63
_DIGITS = re.compile(r"[0-9]{1,18}")
_SUNDAY = re.compile(r"end of range \(7\) above maximum \(6\)")
_RULES: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    ("RFC 1123 label", name_rules.dns_label),
    ("must not contain dots", name_rules.dns_label),
    ("RFC 1123 subdomain", name_rules.dns_subdomain),
    ("DNS-1035 label", name_rules.dns_1035_label),
    ("must contain only alpha-numeric characters", name_rules.port_name),
)
_STANDARDS: tuple[tuple[str, Iterable[str]], ...] = (
    ("must be a standard resource for containers", CONTAINER),
    ("must be a standard resource for quota", sorted(IN_QUOTAS)),
    ("must be a standard resource type", sorted(STANDARD)),
    ("must be a standard limit type", TYPES),
)
"""The check or the values that each of these refusals requires."""


def suggestion(document: Document, problem: Problem) -> str:
    """Return one short suggestion, or an empty text."""
    value = problem.value
    if problem.supported:
        return _close(value, problem.supported)
    if problem.path[-1:] == ("timeZone",) and isinstance(value, str):
        zone = zone_named(value)
        return f"did you mean {zone}?" if zone else ""
    if "name part must consist of" in problem.message and isinstance(value, str) and (pair := tight(value)):
        return without_blank(pair)
    if _SUNDAY.search(problem.message):
        return "Sunday is 0 here"
    if "`selector` does not match template `labels`" in problem.message:
        return _unmatched(document)
    if "must contain at least one letter" in problem.message and isinstance(value, str) and _DIGITS.fullmatch(value):
        return f"write it without quotes: {int(value)}"
    if "cpu limit" in problem.message and isinstance(value, Quantity) and value.text.endswith("M"):
        return f"M is a million; did you mean {value.text[:-1]}m, thousandths of a core?"
    if problem.reason == "FieldValueNotFound":
        return _close(value, _volumes(document, problem.path))
    if problem.reason == "FieldValueInvalid" and isinstance(value, str):
        return _renamed(value, problem.message)
    return ""


def line(document: Document, problem: Problem) -> int:
    """The learner's line of a problem.

    Upstream names a map without its key, and a template's labels without their metadata; we return the line of the
    written value nevertheless.
    """
    path = problem.path
    if path[-2:-1] == ("template",) and path[-1] in ("labels", "annotations"):
        path = (*path[:-1], "metadata", path[-1])
    written = document.get(*path)
    if isinstance(written, dict) and isinstance(problem.value, str):
        if problem.value in written:
            return document.line(*path, problem.value)
        for key, value in written.items():
            if problem.value in (value, key.lower()):
                return document.line(*path, key)
    return document.line(*path)


def _close(value: object, known: Iterable[str]) -> str:
    if not isinstance(value, str) or not value:
        return ""
    options = [option for option in known if option]
    found = "" if value in options else nearest(value, options)  # an existing option is refused for another reason
    return f"did you mean {found}?" if found else ""


def _unmatched(document: Document) -> str:
    """Return the first label that a workload's selector requires and its pods lack."""
    asked = document.get("spec", "selector", "matchLabels")
    labels = document.get("spec", "template", "metadata", "labels")
    for key, value in (asked if isinstance(asked, dict) else {}).items():
        has = labels.get(key) if isinstance(labels, dict) else None
        names = labels if isinstance(labels, dict) else {}
        if has is None and (
            pair := next((pair for name in names if (pair := tight(str(name))) and pair[0] == key), None)
        ):
            return without_blank(pair)
        if has != value:
            wanted = f"{str(key)[:_SHOWN]}: {str(value)[:_SHOWN]}"
            return f"the selector asks for {wanted}, and the pods " + (
                f"have {str(key)[:_SHOWN]}: {str(has)[:_SHOWN]}"
                if has is not None
                else f"have no label {str(key)[:_SHOWN]}"
            )
    return ""


def _volumes(document: Document, path: Path) -> list[str]:
    """Return the names of the volumes of the pod that contains a path."""
    steps = [i for i, step in enumerate(path) if step in ("containers", "initContainers")]
    volumes = document.get(*path[: steps[-1]], "volumes") if steps else None
    return [str(v.get("name")) for v in volumes if isinstance(v, dict)] if isinstance(volumes, list) else []


def _renamed(value: str, message: str) -> str:
    for words, known in _STANDARDS:
        if words in message:
            return _close(value, known)
    for words, rule in _RULES:
        if words in message:
            separator = "." if rule is name_rules.dns_subdomain and "." in value else "-"
            parts = [_NOT_IN_NAMES.sub("-", part).strip("-") for part in value.lower()[:_LONGEST].split(".")]
            name = separator.join(part for part in parts if part)[:_LONGEST]
            return f"did you mean {name}?" if name and name != value and not rule(name) else ""
    if "a valid label must be" in message:
        name = _NOT_IN_KEYS.sub("-", value[:_LONGEST]).strip("-_.")
        return f"did you mean {name}?" if name and not name_rules.label_value(name) else ""
    return ""
