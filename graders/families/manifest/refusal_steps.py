"""The next step for a cause of a refusal, by its class.

The server uses the same words for a class in every kind and field, so the steps depend on the words. Their source is
apimachinery's pkg/util/validation (``field/errors.go``, ``validation.go``), and ``pkg/apis`` of Kubernetes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cluster.admission.response import Cause
from cluster.manifests.documents import Document, Path
from graders.families.manifest.mending import path_of, present
from graders.reading.text import shown

_LONGEST = 200
_LISTED = re.compile(r'"([^"]{1,40})"')


_POD, _CONTAINER = "the pod's spec, beside containers", "the container, beside its name and image"
_OF_PODS: Mapping[str, str] = {
    **dict.fromkeys(("restartPolicy", "terminationGracePeriodSeconds", "volumes", "serviceAccountName", "initContainers"), _POD),
    **dict.fromkeys(("image", "imagePullPolicy", "ports", "env", "resources", "livenessProbe", "readinessProbe", "startupProbe",
                     "lifecycle", "volumeMounts", "command", "args"), _CONTAINER),
    **dict.fromkeys(("replicas", "selector", "strategy"), "the Deployment's spec, beside template"),
}  # fmt: skip
_PORT, _PATH = "an entry of the Service's ports", "an entry of paths, below http"
_BELONGS: Mapping[str, Mapping[str, str]] = {
    "Service": {
        **dict.fromkeys(("selector", "ports", "type"), "the Service's spec"),
        **dict.fromkeys(("port", "targetPort", "protocol", "nodePort"), _PORT),
    },
    "Ingress": {
        **dict.fromkeys(("rules", "tls", "ingressClassName", "defaultBackend"), "the Ingress's spec"),
        **dict.fromkeys(("host", "http"), "an entry of rules"),
        **dict.fromkeys(("path", "pathType", "backend"), _PATH),
    },
}
"""The right level of fields that learners put on another level, by kind; for all other kinds see ``_OF_PODS``."""


def step(cause: Cause, document: Document) -> str:
    """The next step for a cause: what to write, and where."""
    path = path_of(cause.field)
    belongs = _BELONGS.get(str(document.get("kind")), _OF_PODS)
    if "unknown field" in cause.message and _name(path) in belongs:
        return f"{_name(path)} isn't allowed on this level: move it to {belongs[_name(path)]}."
    if "unknown field" in cause.message and path:
        return f"{_place(path[:-1])} has no field {_name(path)}: correct its name, or delete it."
    if cause.field in ("kind", "apiVersion"):
        return f"Write the {cause.field} that the exercise asks for."
    if cause.reason in _OF_REASON:
        return _OF_REASON[cause.reason](cause, path, document)
    return _of_invalid(cause, path, document) if path else f"Correct what the message names: {shown(cause.message)}."


# -- the reasons


def _required(cause: Cause, path: Path, document: Document) -> str:
    detail = _detail(cause)
    if "handler type" in detail:
        return f"Below {_name(path)}, indented, write what to request: httpGet: with path: and port: below it."
    values = _listed(detail) if "valid values" in detail else ""
    value = f", with {values}" if values else ""
    if present(document.data, path):
        return f"Write a value for {cause.field}: it is empty." if not values else f"Write {values} there."
    return f"Add {_name(path)} to {_place(path[:-1])}{value}."


def _repeated(cause: Cause, path: Path, document: Document) -> str:
    """The step for two equal entries of a list whose entries must differ."""
    field, places = _name(path), [at for at, one in enumerate(path) if isinstance(one, int)]
    if not places:
        return f"Keep one of the two: {cause.field}."
    entries = _name(path[: places[-1]])
    if isinstance(path[-1], int):
        return f"Two entries of {entries} are the same: change one of them, or delete it."
    value = shown(document.written(*path), 63)
    return f"Two entries of {entries} have the {field} “{value}”: give one of them another {field}, or delete it."


def _not_found(_cause: Cause, path: Path, document: Document) -> str:
    name = shown(document.written(*path), 63)
    if "volumeMounts" in path or "volumeDevices" in path:
        return f"Add a volume with the name “{name}” to the pod's volumes, or mount an existing one."
    return f"Nothing in the document has the name “{name}”: write an existing name, or add an entry with this name."


def _unsupported(cause: Cause, path: Path, _document: Document) -> str:
    values = _listed(cause.message.partition("supported values:")[2])
    return f"Write {values} there." if values else f"Leave {_name(path)} out: no value of it is supported here."


def _forbidden(cause: Cause, path: Path, document: Document) -> str:
    detail = _detail(cause)
    if "more than 1" in detail:
        return _keep_one(path, document)
    return f"Leave {_name(path)} out: {_of_it(detail)}."


def _too_long(cause: Cause, path: Path, _document: Document) -> str:
    return f"Shorten {_name(path)}: it {_detail(cause)}."


def _too_many(cause: Cause, path: Path, _document: Document) -> str:
    return f"Delete some of {_name(path)}: it {_detail(cause)}."


_OF_REASON: Mapping[str, Callable[[Cause, Path, Document], str]] = {
    "FieldValueRequired": _required, "FieldValueDuplicate": _repeated, "FieldValueNotFound": _not_found,
    "FieldValueNotSupported": _unsupported, "FieldValueForbidden": _forbidden, "FieldValueTooLong": _too_long,
    "FieldValueTooMany": _too_many,
}  # fmt: skip


def _keep_one(path: Path, document: Document) -> str:
    """The step for several fields that exclude each other."""
    place = path if isinstance(path[-1], int) else path[:-1]
    around = document.get(*place)
    names = [str(name) for name in (around if isinstance(around, dict) else {})]
    written = [shown(one, 40) for one in names if one != "name" and (one in _HANDLERS or not _HANDLERS & {*names})]
    which = f" of {', '.join(written[:-1])} and {written[-1]}" if len(written) > 1 else ""
    return f"Keep one{which} in {_place(place)}, and delete the others: they are alternatives."


_HANDLERS = frozenset({"httpGet", "exec", "tcpSocket", "grpc", "sleep"})
"""The actions of a probe or a hook; its other fields are settings."""

# -- invalid values, by the server's words

_INVALID: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(words), said) for words, said in (
    (r"must be less than or equal to (\S+) limit of (\S+)", "Lower the {0} request to {1} or less, or raise the {0} limit: a request can't be above its limit."),
    (r"must be equal to (\S+) (?:limit of )?(\S+)", "Write the same amount of {0} as request and as limit."),
    (r"must be between (\S+) and (\S+), inclusive", "Write a number from {0} to {1} as {name}."),
    (r"must be in the range (\d+)-(\d+)", "Write a number from {0} to {1} as {name}."),
    (r"must be greater than or equal to (\S+)", "Write {0} or more as {name}."),
    (r"must be non-negative and less than terminationGracePeriodSeconds \((\d+)\)", "Write fewer seconds than terminationGracePeriodSeconds, which is {0}."),
    (r"must be greater than minReadySeconds", "Write more as {name} than as minReadySeconds."),
    (r"must be greater than (\S+) and less than (\S+)", "Write a number between {0} and {1} as {name}."),
    (r"must be greater than (\d+)", "Write more than {0} as {name}."),
    (r"must be (\d+)$", "Write {0} as {name}, or leave {name} out."),
    (r"may not be 0 when `?maxSurge`? is 0", "Raise maxSurge or maxUnavailable: with 0 for both, no pod can be replaced."),
    (r"must be no more than (\d+) (?:characters|bytes)", "Shorten it to {0} characters at most."),
    (r"must have at most (\d+)", "Shorten it to {0} characters at most."),
    (r"must be unique", "Two entries have the same {name}: give one of them another {name}."),
    (r"(?:RFC 1123|DNS-1035) (?:label|subdomain)", "Write {name} in lowercase letters, digits and hyphens, with a letter or a digit at both ends."),
    (r"must contain (?:only alpha-numeric|at least one letter)|must not (?:begin or end with|contain consecutive) a? ?hyphen",
     "Write the port's number without quotes, or its name in lowercase letters, digits and single hyphens between them."),
    (r"(?:name|prefix) part must be non-empty", "Write a name there: it is empty."),
    (r"must consist of (?:alphanumeric|lower case)|consist of alphanumeric characters", "Write only letters, digits, hyphens, dots and underscores, with a letter or a digit at both ends."),
    (r"a valid percent string", "Write a whole number, or a percentage such as 25%."),
    (r"must be a valid (?:IP address|CIDR value).*?(?:e\.g\. )(\S+)", "Write an address such as {0}, or leave {name} out."),
    (r"empty selector is invalid", "Write matchLabels below selector, with a label that the pods have."),
    (r"`selector` does not match template `labels`", "Give the pods every label of the selector, in spec.template.metadata.labels."),
    (r"`selector` will be auto-generated", "Leave selector out: the server generates it."),
    (r"invalid label selector", "Correct the selector: its names, its operator, or its values."),
    (r"standard resource|extended resource name", "Write cpu or memory there: Kubernetes has no resource with that name."),
    (r"may not be specified when `value` is not empty", "Keep value or valueFrom, and delete the other."),
    (r"more than one field specified", "Keep one of them, and delete the others."),
    (r"must not contain '\.\.'", "Write a path without “..”."),
))  # fmt: skip
"""Pairs of a message's pattern and the next step; ``{0}`` and so on are the pattern's groups, ``{name}`` is the field."""

_GIVEN_BY_DEFAULT = re.compile(r"Invalid value: (?:0|\"\"|null):")


def _of_invalid(cause: Cause, path: Path, document: Document) -> str:
    name, message = _name(path), cause.message
    if "standard resource" in message and isinstance(path[-1], int):
        return "Write a decimal point in the number before it: a comma begins another entry."
    if (compared := _ABOVE.match(message)) and (bare := _without_unit(*compared.groups())):
        return bare
    for words, said in _INVALID:
        if found := words.search(message):
            if _GIVEN_BY_DEFAULT.match(message) and not present(document.data, path) and "number from" in said:
                return f"Add {name} to {_place(path[:-1])}, with a number from {found[1]} to {found[2]}."
            return said.format(*found.groups(), name=name)
    return f"Change {name}, or leave it out: {_of_it(_detail(cause))}."


_ABOVE = re.compile(r'Invalid value: "(\S+)": must be less than or equal to (\S+) limit of (\S+)')


def _without_unit(request: str, resource: str, limit: str) -> str:
    """The next step if only one of the two amounts has a unit; else empty."""
    for which, amount, other in ((f"{resource} limit", limit, request), (f"{resource} request", request, limit)):
        unit = other.lstrip("0123456789.")
        if unit and amount.isdecimal():
            return f"Write the {which} with its unit: {amount} isn't {amount}{unit}."
    return ""


def _detail(cause: Cause) -> str:
    """A message without the value that it quotes."""
    message = cause.message.rpartition("}: ")[2] if cause.message.startswith("Invalid value: {") else cause.message
    return shown(_BEFORE.sub("", message, count=1).replace("`", ""), 140).rstrip(".")


_BEFORE = re.compile(
    r"(?:Invalid value: (?:\"(?:[^\"\\]|\\.)*+\"|[^:]*+)|Required value|Forbidden|Too (?:long|many)(?:: \d++)?): "
)


def _of_it(detail: str) -> str:
    return f"it {detail}" if detail.startswith(("may ", "must ", "can ")) else detail


def _listed(text: str) -> str:
    """The quoted values of a message, as a list in words."""
    found = _LISTED.findall(text[:_LONGEST])
    return " or ".join((", ".join(found[:-1]), found[-1])) if len(found) > 1 else "".join(found)


def _name(path: Path) -> str:
    """The name of the last field of a path."""
    return next((shown(one, 63) for one in reversed(path) if isinstance(one, str)), "the document")


def _place(path: Path) -> str:
    """A path in the server's notation; the empty path is the document."""
    said = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path).lstrip(".")
    return shown(said, 120) if said else "the document"
