"""Probes, lifecycle hooks, and the handlers in both.

Source: validateProbe, validateHandler and validateLifecycle in pkg/apis/core/validation/validation.go; the defaults
are SetDefaults_Probe's and SetDefaults_HTTPGetAction's.
"""

from __future__ import annotations

from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.problems import Problems, each_invalid, forbidden, invalid, required, unsupported
from cluster.admission.rules.metadata import nonnegative
from cluster.manifests.documents import Path

_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOK_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")
_NUMBERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
_SCHEMES = ("HTTP", "HTTPS")


def probes(container: Object, path: Path, grace: int) -> Problems:
    """A container's three probes; ``grace`` is the pod's grace period in seconds."""
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if (probe := container.get(name)) is not None:
            yield from _probe(name, probe, (*path, name), grace)


def lifecycle(hooks: Object, path: Path, grace: int) -> Problems:
    """Source: validateLifecycle; a stopSignal is dropped before validation while its feature is alpha."""
    for name in ("postStart", "preStop"):
        if (hook := hooks.get(name)) is not None:
            yield from _handler(hook, (*path, name), _HOOK_HANDLERS, grace)


def port_number_or_name(port: int | str, path: Path) -> Problems:
    """ValidatePortNumOrName."""
    yield from each_invalid(
        path, port, name_rules.port_name(port) if isinstance(port, str) else name_rules.port_number(port)
    )


def _probe(name: str, probe: Object, path: Path, grace: int) -> Problems:
    yield from _handler(probe, path, _PROBE_HANDLERS, grace)
    for number in _NUMBERS:
        yield from nonnegative(probe.get(number), (*path, number))
    own_grace = probe.get("terminationGracePeriodSeconds")
    grace_path = (*path, "terminationGracePeriodSeconds")
    if own_grace is not None and own_grace <= 0:
        yield invalid(grace_path, own_grace, "must be greater than 0")
    if name == "readinessProbe":
        if own_grace is not None:
            yield invalid(grace_path, own_grace, "must not be set for readinessProbes")
        return
    threshold = probe.get("successThreshold") or 1
    if threshold != 1:
        yield invalid((*path, "successThreshold"), threshold, "must be 1")


def _handler(handlers: Object, path: Path, known: tuple[str, ...], grace: int) -> Problems:
    """Source: validateHandler: exactly one handler."""
    found = [name for name in known if name in handlers]
    for name in found[:1]:
        yield from _one_handler(name, handlers[name], (*path, name), grace)
    for name in found[1:]:
        yield forbidden((*path, name), "may not specify more than 1 handler type")
    if not found:
        yield required(path, "must specify a handler type")


def _one_handler(name: str, handler: Object, path: Path, grace: int) -> Problems:
    match name:
        case "exec":
            if not handler.get("command"):
                yield required((*path, "command"))
        case "httpGet":
            yield from _http_get(handler, path)
        case "tcpSocket" | "grpc":
            yield from port_number_or_name(handler.get("port", 0), (*path, "port"))
        case _:
            seconds: Any = handler.get("seconds", 0)
            if seconds < 0 or seconds > grace:
                yield invalid(
                    path, seconds, f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
                )


def _http_get(action: Object, path: Path) -> Problems:
    yield from port_number_or_name(action.get("port", 0), (*path, "port"))
    scheme = action.get("scheme") or "HTTP"
    if scheme not in _SCHEMES:
        yield unsupported((*path, "scheme"), scheme, _SCHEMES)
    for header in action.get("httpHeaders", []):
        name = header.get("name", "")
        yield from each_invalid((*path, "httpHeaders"), name, name_rules.header_name(name))
