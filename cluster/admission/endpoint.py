"""The endpoint of a document: its kind or the probably intended one, and the server's refusal of unknown kinds.

Source: ``Interpret`` and ``Decode`` in apimachinery's serializer/json, ``transformDecodeError`` and ``createHandler`` in
k8s.io/apiserver. A create request goes to the path of one kind, which replaces a missing kind or apiVersion; without
a path we assume the kind whose fields fit best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster.admission.foreign import foreign, near_other
from cluster.admission.minor import Minor
from cluster.admission.response import Cause
from cluster.admission.rules import JUDGED
from cluster.admission.schema import Schema, ServedKind
from cluster.manifests.documents import Document
from cluster.manifests.go_text import quoted
from cluster.text.names import is_near, nearest

_BAD_REQUEST, _NOT_FOUND = 400, 404
_FORMER = frozenset((
    ("apps/v1beta1", "Deployment"), ("apps/v1beta2", "Deployment"), ("extensions/v1beta1", "Deployment"),
    ("apps/v1beta1", "StatefulSet"), ("apps/v1beta2", "StatefulSet"), ("apps/v1beta2", "ReplicaSet"),
    ("apps/v1beta2", "DaemonSet"), ("extensions/v1beta1", "DaemonSet"), ("extensions/v1beta1", "ReplicaSet"),
    ("batch/v1beta1", "CronJob"), ("policy/v1beta1", "PodDisruptionBudget"), ("extensions/v1beta1", "Ingress"),
    ("networking.k8s.io/v1beta1", "Ingress"), ("extensions/v1beta1", "NetworkPolicy"),
))  # fmt: skip
"""Versions that the server can still decode but no longer serves."""

_GO_VALUE = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
_LONGEST = 200
_NAMED = {"array": "a list", "string": "plain text", "bool": "a bare true or false", "number": "a number"}
_BEGIN = "begin with apiVersion and kind, in the first column"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The kind as which a document is created."""

    kind: ServedKind


class EndpointError(Exception):
    """The server refuses before decoding: ``status``, the message, and our pointers to the lines.

    ``unjudged`` says in a sentence why a kind that may exist elsewhere isn't judged here; it is empty for a kind that can't exist.
    """

    def __init__(self, status: int, message: str, pointers: tuple[Cause, ...] = (), unjudged: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.pointers = pointers
        self.unjudged = unjudged


def endpoint(document: Document, minor: Minor) -> Endpoint:
    """Return the kind that a document is created as. Raises RefusedError if there is no such kind, or it isn't known."""
    data, schema = document.data, minor.schema
    if not isinstance(data, dict):
        what = {list: "array", str: "string", bool: "bool"}.get(type(data), "number")
        raise EndpointError(
            _BAD_REQUEST,
            "the object provided is unrecognized (must be of type Deployment): couldn't get version/kind; "
            f"json parse error: json: cannot unmarshal {what} into Go value of type {_GO_VALUE}",
            (Cause("", "", f"the document is {_NAMED[what]}, not a mapping", document.line(), _BEGIN),),
        )
    version, name = _text(document, "apiVersion", schema), _text(document, "kind", schema)
    if (version, name) in schema.kinds:
        return Endpoint(schema.kinds[version, name])
    if unjudged := foreign(version, name, schema):
        field = "apiVersion" if "/" in version else "kind"
        pointer = Cause(field, "", unjudged, document.line(field))
        raise EndpointError(_NOT_FOUND, "the server could not find the requested resource", (pointer,), unjudged)
    meant = _meant(version, name, data, schema)
    incomplete = not version or not name
    if incomplete and (version or meant.api_version, name or meant.name) == (meant.api_version, meant.name):
        return Endpoint(meant)
    if (version, name) == ("v1", "List"):
        _refuse_list(document, schema)
    _refuse(document, version, name, meant, schema)
    return Endpoint(meant)


def _text(document: Document, field: str, schema: Schema) -> str:
    value = document.data.get(field)
    if value is None or isinstance(value, str):
        return value or ""
    what = {list: "array", dict: "object", bool: "bool"}.get(type(value), "number")
    raise EndpointError(
        _BAD_REQUEST,
        f"the object provided is unrecognized (must be of type {_meant('', '', document.data, schema).name}): couldn't get "
        f"version/kind; json parse error: json: cannot unmarshal {what} into Go struct field .{field} of type string",
        (Cause(field, "", f"{field} is text", document.line(field)),),
    )


def _meant(version: str, name: str, data: dict[str, Any], schema: Schema) -> ServedKind:
    """Return the probably intended kind of a document: the one whose fields, then whose name, fit best."""
    close = nearest(name, sorted({kind.name for kind in schema.kinds.values()}))
    alike = {name.lower(), close.lower() if close else ""}
    candidates = [kind for kind in schema.kinds.values() if kind.api_version == version or kind.name.lower() in alike]

    def likelihood(kind: ServedKind) -> tuple[int, bool, bool, bool, bool]:
        named = kind.name.lower() in alike
        likely = (kind.api_version, kind.name) in JUDGED
        return _fit(kind, data, schema), named, likely, kind.api_version == version, kind.name == "Deployment"

    return max(candidates or schema.kinds.values(), key=likelihood)


def _fit(kind: ServedKind, data: dict[str, Any], schema: Schema) -> int:
    spec = data.get("spec")
    own = schema.fields(kind.type)
    fitting = sum(1 if key in own else -1 for key in data)
    if isinstance(spec, dict):
        inner = schema.fields(own.get("spec", ""))
        fitting += sum(1 if key in inner else -1 for key in spec)
    return fitting


def _refuse(document: Document, version: str, name: str, meant: ServedKind, schema: Schema) -> None:
    """Raise the server's refusal of a kind that it doesn't serve."""
    shown_version, shown_name = version[:_LONGEST], (name or meant.name)[:_LONGEST]
    if version.count("/") > 1:
        raise EndpointError(
            _BAD_REQUEST,
            f"the object provided is unrecognized (must be of type {meant.name}): "
            f"unexpected GroupVersion string: {shown_version}",
            (
                Cause(
                    "apiVersion", "", "is a group and a version", document.line("apiVersion"), _did(meant.api_version)
                ),
            ),
        )
    pointer = _pointer(document, version, name, meant, schema)
    if (version, name) in _FORMER:
        raise EndpointError(
            _BAD_REQUEST,
            f"the API version in the data ({shown_version}) does not match the expected API version "
            f"({meant.api_version})",
            (pointer,),
        )
    if not _ours(version, name, schema):
        raise EndpointError(_NOT_FOUND, "the server could not find the requested resource", (pointer,))
    raise EndpointError(
        _BAD_REQUEST,
        f"{shown_name} in version {quoted(version.rpartition('/')[2][:_LONGEST])} cannot be handled as a {meant.name}: "
        f"no kind {quoted(shown_name)} is registered for version {quoted(shown_version)} in scheme {quoted(schema.scheme)}",
        (pointer,),
    )


def _pointer(document: Document, version: str, name: str, meant: ServedKind, schema: Schema) -> Cause:
    """Return the field that names no kind, with a suggestion by its name or by fields that identify a kind."""
    if not name:
        return Cause("kind", "", "kind isn't set", document.line("kind"), "say what this is, such as kind: Deployment")
    right_version, right_name = near_other(version, name, schema) or (meant.api_version, meant.name)
    if not version:
        known = f"write apiVersion: {right_version}" if name == right_name else ""
        return Cause("apiVersion", "", "apiVersion isn't set", document.line("apiVersion"), known)
    field, seen, right = ("kind", name, right_name) if name != right_name else ("apiVersion", version, right_version)
    certain = is_near(name, right_name) or _fit(meant, document.data, schema) > len(_EVERY)
    words = (
        f"the server has no kind “{seen[:_LONGEST]}”"
        if field == "kind"
        else f"“{seen[:_LONGEST]}” has no kind “{name[:_LONGEST]}”"
    )
    return Cause(field, "", words, document.line(field), _did(right) if certain and right != seen else "")


_EVERY = ("apiVersion", "kind", "metadata", "spec")
"""Fields that nearly every kind has."""


def _refuse_list(document: Document, schema: Schema) -> None:
    """Raise the server's refusal of a List, which only kubectl can split."""
    first = document.get("items", 0)
    known = None
    if isinstance(first, dict):
        known = schema.kinds.get((str(first.get("apiVersion")), str(first.get("kind"))))
    kind = known or schema.kinds["apps/v1", "Deployment"]
    group = kind.api_version.rpartition("/")[0].partition(".")[0] or "core"
    raise EndpointError(
        _BAD_REQUEST,
        f'List in version "v1" cannot be handled as a {kind.name}: converting (v1.List) to ({group}.{kind.name}): '
        "unknown conversion",
        (Cause("kind", "", "a List isn't an object of its own", document.line("kind"), "write the items as documents "
               "with --- between them"),),
    )  # fmt: skip


def _ours(version: str, name: str, schema: Schema) -> bool:
    """Whether one of the server's own kinds was intended, not a custom resource."""
    groups = {kind.api_version.rpartition("/")[0] for kind in schema.kinds.values()}
    known = {kind.name.lower() for kind in schema.kinds.values()}
    return version.rpartition("/")[0].lower() in groups or name.lower() in known


def _did(meant: str) -> str:
    return f"did you mean {meant}?"
