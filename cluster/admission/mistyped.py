"""The message about a value of the wrong type, for a learner: what it is, and what to write instead."""

from __future__ import annotations

import json
import re
from typing import Any

from cluster.manifests.documents import Path
from cluster.manifests.quantity import FORMAT_WRONG, NUMERIC_WRONG, SUFFIX_WRONG, QuantityError, parse
from cluster.manifests.yaml_slips import tight

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_COUNTED = re.compile(r"([0-9]{1,18})\s*([A-Za-z]{1,20})")
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)")
_UNITS = {
    "kb": "Ki", "kib": "Ki", "k": "Ki", "ki": "Ki", "mb": "Mi", "mib": "Mi", "mi": "Mi", "meg": "Mi", "gb": "Gi",
    "gib": "Gi", "gi": "Gi", "g": "Gi", "tb": "Ti", "tib": "Ti", "cpu": "", "cpus": "", "core": "", "cores": "",
    "millicores": "m", "millicpu": "m", "mcpu": "m", "b": "",
}  # fmt: skip
_LONGEST = 60
_PATH = re.compile(r"/[\w./-]{0,60}")
_PORT = re.compile(r":(\d{2,5})\b")
_PAIR = re.compile(r"\s*([\w./-]{1,60})\s*[=:]\s*([\w.-]{1,60})\s*")
_NEEDS = {
    "int32": "a whole number", "int64": "a whole number", "bool": "true or false", "string": "text",
    "IntOrString": "a whole number or a percentage",
}  # fmt: skip
_BLOCK = "a block of fields"
_PORT_NEEDS = "a number or a port's name"
_WRITE = {
    "a whole number": "write one whole number there", "true or false": "write true or false there", "text": "write one text there",
    "a whole number or a percentage": "write one whole number there, or a percentage such as 25%",
    _PORT_NEEDS: "write one whole number there, or a port's name", "a list": "write a list below it, and begin each entry with “- ”",
    _BLOCK: "write each of its fields on its own line below it, indented",
}  # fmt: skip
"""What to write for a field's type, if nothing more specific is known."""
_FORMS = {
    # The text is usually the path; a port is needed beside it.
    "httpGet": "write path: and port: on two lines below httpGet, indented",
    "ports": "write below it: - containerPort: 8080",
    "requests": "write cpu: and memory: below it, each with an amount",
    "limits": "write cpu: and memory: below it, each with an amount",
    "resources": "write requests: and limits: below it, and cpu: and memory: below each",
    "containers": "write below it: - name: and, under the name, image:",
}
"""How to write a field that has a text or a number in place of its own fields."""
_YES, _NO = ("true", "yes", "on", "y"), ("false", "no", "off", "n")


def mistyped(error: str, spec: str, path: Path, value: Any, written: str = "") -> tuple[str, str]:
    """Return the problem and what to write instead.

    ``error`` is the decoding error for the field at ``path``, of the recorded type ``spec``; ``written`` is
    the value as the learner wrote it.
    """
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the document")
    if error in (FORMAT_WRONG, SUFFIX_WRONG, NUMERIC_WRONG):
        return f"{name}: {_shown(value)} is not a quantity", _amount(name, value)
    if spec in ("Time", "MicroTime", "[]byte") or (spec == "any" and not error.startswith("json: ")):
        return f"{name}: {error[:_LONGEST]}", ""
    needs = _PORT_NEEDS if spec == "IntOrString" and name.lower().endswith("port") else _NEEDS.get(spec, "")
    needs = needs or ("a list" if spec.startswith("[]") else _BLOCK)
    suggestion = _instead(name, spec, needs, value, written) or _WRITE[needs]
    return f"{name} is {_kind(value, written)}; it must be {needs}", suggestion


def _instead(name: str, spec: str, needs: str, value: Any, written: str) -> str:
    if isinstance(value, str):
        return _instead_of_text(name, spec, needs, value)
    if isinstance(value, dict):
        return _instead_of_mapping(name, needs)
    if isinstance(value, list):
        return f"{name} isn't a list: delete the “- ”" if needs == _BLOCK else ""
    if needs == "text":
        return f'put it in quotes: "{_cut(written or json.dumps(value))}"'
    if spec.startswith("[]") and not isinstance(value, bool):
        return _FORMS.get(name, "")
    whole = spec in ("int32", "int64") and not isinstance(value, bool)
    return "it must be whole, and not larger than the field can hold" if whole else ""


def _instead_of_mapping(name: str, needs: str) -> str:
    if needs == "a list":
        return "begin each entry with “- ”"
    return "write the labels here, without matchLabels" if name == "matchLabels" else ""


def _instead_of_text(name: str, spec: str, needs: str, value: str) -> str:
    if needs == "a whole number":
        return _number_instead(name, value)
    if needs == "true or false" and value.lower() in (*_YES, *_NO):
        return f"write it without quotes: {str(value.lower() in _YES).lower()}"
    if needs == "true or false":
        return "write true or false"
    if spec == "[]string":
        return f"write a list: {json.dumps(value.split()[:6], ensure_ascii=False)}"
    if needs in (_BLOCK, "a list") and (pair := tight(value)):
        return f"write it on its own line, with a space after the colon: {pair[0]}: {pair[1].split()[0]}"
    if spec.endswith("LocalObjectReference"):
        return f"write - name: {value[:_LONGEST]}"
    if spec.endswith("Strategy"):
        return f"write type: {value[:_LONGEST]} below it"
    if spec.endswith(".Probe"):
        path, port = _PATH.search(value.rpartition("://")[2]), _PORT.search(value)
        asked = f"path: {path[0] if path else '/…'}, port: {port[1] if port else '8080'}"
        return f"write below it, indented: httpGet: {{{asked}}}"
    return _pairs_instead(name, spec, value) or _FORMS.get(name, "")


def _number_instead(name: str, value: str) -> str:
    """Suggest how to write a whole number that is in a text: ``"3"``, ``10s``."""
    if _INTEGER.fullmatch(value):
        return f"write it without quotes: {int(value)}"  # a leading zero would make YAML read it as octal
    counted = _COUNTED.fullmatch(value.strip())
    if counted and (counted[2] == "s" or not name.endswith("Seconds")):
        return f"write the number alone: {int(counted[1])}"
    return "write a whole number of seconds, with nothing beside it" if counted else "write it in digits"


def _pairs_instead(name: str, spec: str, value: str) -> str:
    """Suggest how to write names and values that are in one text: ``app=orders``."""
    key, equals, rest = value.partition("=")
    if name == "env" and equals:
        return f"write - name: {key[:_LONGEST]} and below it value: {json.dumps(rest[:_LONGEST])}"
    pair = _PAIR.fullmatch(value) if spec == "map[string]string" else None
    return f"write below it, indented: {pair[1]}: {pair[2]}" if pair else ""


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


def _kind(value: Any, written: str = "") -> str:
    if isinstance(value, (dict, list)):
        return "a list" if isinstance(value, list) else _BLOCK
    if isinstance(value, str):
        return f"the text {_shown(value)}"
    bare = json.dumps(value)
    what = f"a bare {bare}" if isinstance(value, bool) else f"the number {_shown(value)}"
    if written.lower() in ("", bare):
        return what
    return f"“{_cut(written)}”, which YAML reads as {bare if isinstance(value, bool) else what}"


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return _kind(value)
    return _cut(json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
