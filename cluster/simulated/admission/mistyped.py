"""A value of the wrong type in a learner's words: what it is, and how to write what was meant."""

from __future__ import annotations

import json
import re
from typing import Any

from cluster.manifests import Path
from cluster.quantity import FORMAT_WRONG, NUMERIC_WRONG, SUFFIX_WRONG, QuantityError, parse

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)")
_UNITS = {
    "kb": "Ki", "kib": "Ki", "k": "Ki", "ki": "Ki", "mb": "Mi", "mib": "Mi", "mi": "Mi", "meg": "Mi", "gb": "Gi",
    "gib": "Gi", "gi": "Gi", "g": "Gi", "tb": "Ti", "tib": "Ti", "cpu": "", "cpus": "", "core": "", "cores": "",
    "millicores": "m", "millicpu": "m", "mcpu": "m", "b": "",
}  # fmt: skip
_LONGEST = 60
_NEEDS = {
    "int32": "a whole number", "int64": "a whole number", "bool": "true or false", "string": "text",
    "IntOrString": "a whole number or a percentage",
}  # fmt: skip
_YES, _NO = ("true", "yes", "on", "y"), ("false", "no", "off", "n")


def mistyped(error: str, spec: str, path: Path, value: Any) -> tuple[str, str]:
    """The problem and what to write instead.

    ``error`` is decoding's own, of a field of the recorded type ``spec`` at a path where this value stands.
    """
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the document")
    if error in (FORMAT_WRONG, SUFFIX_WRONG, NUMERIC_WRONG):
        return f"{name}: {_shown(value)} is not a quantity", _amount(name, value)
    if spec in ("Time", "MicroTime", "[]byte") or (spec == "any" and not error.startswith("json: ")):
        return f"{name}: {error[:_LONGEST]}", ""
    needs = _NEEDS.get(spec) or ("a list" if spec.startswith("[]") else "a mapping")
    return f"{name} is {_kind(value)} and takes {needs}", _instead(name, spec, needs, value)


def _instead(name: str, spec: str, needs: str, value: Any) -> str:
    if isinstance(value, str):
        return _instead_of_text(name, spec, needs, value)
    if isinstance(value, dict):
        return _instead_of_mapping(name, needs)
    if isinstance(value, list):
        return f"{name} is no list: leave out the “- ”" if needs == "a mapping" else ""
    if needs == "text":
        return f'put it in quotes: "{json.dumps(value)}"'
    whole = spec in ("int32", "int64") and not isinstance(value, bool)
    return "it must be whole, and not larger than the field can hold" if whole else ""


def _instead_of_mapping(name: str, needs: str) -> str:
    if needs == "a list":
        return "begin each entry with “- ”"
    return "write the labels themselves here, without matchLabels" if name == "matchLabels" else ""


def _instead_of_text(name: str, spec: str, needs: str, value: str) -> str:
    key, equals, rest = value.partition("=")
    if needs == "a whole number" and _INTEGER.fullmatch(value):
        return f"write it without quotes: {value}"
    if needs == "true or false" and value.lower() in (*_YES, *_NO):
        return f"write it without quotes: {str(value.lower() in _YES).lower()}"
    if spec == "[]string":
        return f"write a list: {json.dumps(value.split()[:6], ensure_ascii=False)}"
    if name == "env" and equals:
        return f"write - name: {key[:_LONGEST]} and below it value: {json.dumps(rest[:_LONGEST])}"
    if spec.endswith("LocalObjectReference"):
        return f"write - name: {value[:_LONGEST]}"
    if name == "httpGet" and needs == "a mapping":
        # What stands there is usually the path; a port has to stand beside it.
        return "write path: and port: on lines of their own below httpGet, further in"
    return f"write type: {value[:_LONGEST]} below it" if spec.endswith("Strategy") else ""


def _amount(name: str, value: Any) -> str:
    match = _AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is not None:
        unit = "m" if name == "cpu" and match[2].lower() in ("m", "mi") else _UNITS.get(match[2].lower())
        if unit is not None:
            meant = match[1] + unit
            try:
                parse(meant)
            except QuantityError:
                return ""
            return f"did you mean {meant}?"
    return "write an amount such as 100m for cpu, 128Mi for memory"


def _kind(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "a list" if isinstance(value, list) else "a mapping"
    if isinstance(value, bool):
        return f"a bare {str(value).lower()}"
    return f"the text {_shown(value)}" if isinstance(value, str) else f"the number {_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return _kind(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
