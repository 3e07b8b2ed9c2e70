"""Criteria on liveness and readiness probes: what the kubelet requests, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster.manifests.documents import Path
from cluster.pods.container_commands import missing_program, succeeds
from cluster.pods.probing import requested_path
from cluster.shop.releases import MISSING_PROGRAMS, PATHS
from graders.application_platform.contract import LIVENESS, PORT, READINESS
from graders.application_platform.exercises.deployment import environment, probe_hints
from graders.core.exercise import Criterion, Verdict, failed, follows, partly, passed
from graders.families.manifest.deployment import Manifest
from graders.families.manifest.documents import curly
from graders.reading.text import shown

READ = "kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"
HANDLERS = ("httpGet", "exec", "tcpSocket", "grpc")


def liveness(answer: Manifest, _evidence: object) -> Verdict:
    """The container has a liveness probe that requests GET /healthz at the application's port."""
    return _probe(answer, "livenessProbe", LIVENESS, READINESS)


def readiness(answer: Manifest, _evidence: object) -> Verdict:
    """The container has a readiness probe that requests GET /readyz at the application's port."""
    return _probe(answer, "readinessProbe", READINESS, LIVENESS)


def _probe(answer: Manifest, field: str, path: str, other: str) -> Verdict:
    probe = answer.of(field)
    if not isinstance(probe, dict) or not probe:
        return _absent(answer, field, path)
    line = answer.line(field)
    get = probe.get("httpGet")
    if not isinstance(get, dict):
        handler = next((h for h in HANDLERS if probe.get(h) is not None), None)
        return partly(
            1 / 3,
            _handled(field, handler),
            f"Write httpGet:, and below it, indented, path: {path} and port: {PORT}.",
            line=line,
            hints=probe_hints.HANDLER,
        )
    asked = str(get.get("path") or "/")
    if requested_path(asked) != path:
        return _wrong_path(field, asked, path, other, answer.line(field, "httpGet", "path"))
    if str(get.get("scheme") or "HTTP").upper() != "HTTP":
        return partly(2 / 3, f"{field} requests {path} with the scheme {shown(get['scheme'])}", "The shop uses plain HTTP: delete scheme.",
                      line=answer.line(field, "httpGet", "scheme"), hints=probe_hints.SCHEME)  # fmt: skip
    port = get.get("port")
    if _number(answer, port) != PORT:
        observed, hint = _wrong_port(answer, field, path, port)
        return partly(2 / 3, observed, hint, line=answer.line(field, "httpGet", "port"), hints=probe_hints.PORT)
    return passed(f"{field} requests GET {path} at port {PORT}")


def _wrong_port(answer: Manifest, field: str, path: str, port: Any) -> tuple[str, str]:
    hint = f"The application listens at {PORT}; name that port."
    if port is None:
        return f"{field} requests {path} but doesn't name a port", hint
    observed = f"{field} requests {path} at port {shown(port)}"
    listens, said = environment.port(answer)
    if said is not None and _number(answer, port) == listens:
        return (
            f"{observed}, where PORT makes the shop listen",
            f"Delete PORT, and use port {PORT}, to which requests are sent.",
        )
    is_known = isinstance(port, int) or _named(answer, port)
    return observed if is_known else f"{observed}, but no port of the container has that name", hint


def _handled(field: str, handler: str | None) -> str:
    if handler is None:
        return f"{field} has no handler, so it requests nothing"
    if handler == "tcpSocket" and field == "livenessProbe":
        return f"{field} uses tcpSocket, which succeeds while the process hangs"
    return f"{field}'s httpGet has no path and no port" if handler == "httpGet" else f"{field} uses {handler}"


def _wrong_path(field: str, asked: str, path: str, other: str, line: int) -> Verdict:
    requested = requested_path(asked)
    said = f"{field} requests {shown(requested)}"
    hint, why = f"The contract's path is {path}.", ""
    if curly(asked):
        said, hint, hints = (
            f"{field} requests {shown(asked)}, with curly quotes in it",
            f"Write {path} without quotes.",
            probe_hints.CURLY,
        )
    elif requested not in PATHS:
        said, why, hints = (
            f"{said}; the shop has no such path and answers 404",
            _NEVER[field],
            probe_hints.not_found(field, requested),
        )
    elif requested != other:
        hints = probe_hints.OTHER[field]
    elif path == LIVENESS:
        said = f"{said}, so an outage of the database restarts every pod"
        hint, hints = f"Liveness checks only whether the process hangs. Request {path}.", probe_hints.SWAPPED[field]
    else:
        said = f"{said}, so a pod that has lost its database keeps getting orders"
        hint, hints = f"Readiness checks whether the pod can serve now. Request {path}.", probe_hints.SWAPPED[field]
    return partly(1 / 3, said, hint, line=line, why=why, hints=hints)


_NEVER = {
    "livenessProbe": "With a liveness probe that never succeeds, the kubelet restarts every pod again and again.",
    "readinessProbe": "A readiness probe that never succeeds keeps every pod out of the Service.",
}


@dataclass(frozen=True, slots=True)
class Failing:
    """Why a probe of the application never succeeds, the next step, and the path of the wrong field in the Deployment.

    ``asked`` is false if the kubelet can't run the probe: it ignores such results, and restarts nothing for them.
    """

    observed: str
    hint: str
    path: Path
    asked: bool = True


def failing(answer: Manifest, field: str) -> Failing | None:
    """Return why a probe of the application's container can't succeed; None if it can, or if the probe is missing."""
    probe, at = answer.of(field), (*answer.path, field)
    if not isinstance(probe, dict):
        return None
    get, socket, command = probe.get("httpGet"), probe.get("tcpSocket"), probe.get("exec")
    if isinstance(get, dict):
        return _failing_get(answer, field, get, (*at, "httpGet"))
    if isinstance(socket, dict):
        return _closed(answer, field, socket.get("port"), (*at, "tcpSocket", "port"))
    if isinstance(command, dict):
        within = probe.get("timeoutSeconds")
        within = float(within) if isinstance(within, (int, float)) and within else 1.0
        return _failing_command(field, command.get("command"), within, (*at, "exec", "command"))
    if probe.get("grpc") is not None:
        return Failing(f"{field} uses gRPC, which the shop doesn't support", _AS_CONTRACT, (*at, "grpc"))
    return None


_AS_CONTRACT = "Use httpGet with the path in the contract."


def _failing_get(answer: Manifest, field: str, get: dict[str, Any], at: Path) -> Failing | None:
    if str(get.get("scheme") or "HTTP").upper() != "HTTP":
        return Failing(f"{field} uses {shown(get['scheme'])}, but the shop uses plain HTTP", "Delete scheme.",
                       (*at, "scheme"))  # fmt: skip
    if get.get("host"):
        return Failing(f"{field} sends its requests to the host {shown(get['host'])}, not to the pod", "Delete host: the kubelet then uses the pod's address.",
                       (*at, "host"))  # fmt: skip
    if closed := _closed(answer, field, get.get("port"), (*at, "port")):
        return closed
    path = requested_path(str(get.get("path") or "/"))
    if path in PATHS:
        return None
    return Failing(f"{field} requests {shown(path)}, and the shop answers 404", "Request the path in the contract.",
                   (*at, "path"))  # fmt: skip


def _closed(answer: Manifest, field: str, port: Any, at: Path) -> Failing | None:
    asked = _number(answer, port)
    listens, said = environment.port(answer)
    if asked == listens:
        return None
    where = f"port {shown(port) if asked is None else asked}"
    if said is not None and asked == PORT:
        listening = (
            f"makes the shop listen at port {listens}" if listens else f"is {shown(said.value)}, which isn't a port"
        )
        return Failing(f"PORT {listening}, but {field} uses {where}", f"Delete PORT: the shop then listens at {PORT}.",
                       said.path)  # fmt: skip
    name_it = f"The application listens at {PORT}; name that port."
    if asked is None and isinstance(port, str):
        return Failing(
            f"{field} uses port {shown(port)}, but no port of the container has that name, so it never runs",
            name_it,
            at,
            asked=False,
        )
    return Failing(f"{field} uses {where}, where no program listens", name_it, at)


def _failing_command(field: str, command: Any, within: float, at: Path) -> Failing | None:
    words = command if isinstance(command, list) else []
    if succeeds(words, within):
        return None
    missing = missing_program(words) or next(
        (part for word in words for part in str(word)[:2000].split() if part.rpartition("/")[2] in MISSING_PROGRAMS), ""
    )
    why = (
        f"{shown(missing)}, which isn't in the shop's image"
        if missing
        else f"{shown(' '.join(map(str, words[:20])))}, which fails"
    )
    if missing_program(words):
        return Failing(f"{field} runs {why}, so it never succeeds or fails", _AS_CONTRACT, at, asked=False)
    return Failing(f"{field} runs {why}", _AS_CONTRACT, at)


def _absent(answer: Manifest, field: str, path: str) -> Verdict:
    if answer.container is None:
        return follows("there is no container in spec.template.spec.containers")
    elsewhere = [c.get("name") for _, c in answer.others() if isinstance(c.get(field), dict)]
    if elsewhere:
        return failed(
            f"{field} is on “{shown(elsewhere[0])}”, but “{shown(answer.name)}” has none",
            "Each container has its own probes: put this one on the container that runs the orders API.",
            line=answer.line(),
        )
    if answer.deployment.get("spec", "template", "spec", field) is not None:
        return failed(
            f"{field} is beside containers, not in a container",
            f"Indent it, so that {field} belongs to the container.",
            line=answer.deployment.line("spec", "template", "spec", field),
        )
    if field == "readinessProbe" and isinstance(answer.of("startupProbe"), dict):
        return failed(
            "a startupProbe but no readinessProbe: after its start the pod always counts as ready",
            f"Add a readinessProbe that requests {path}.",
            line=answer.line("startupProbe"),
        )
    return failed(f"“{shown(answer.name)}” has no {field}", f"Add a {field} that requests {path}.", line=answer.line())


def _named(answer: Manifest, name: Any) -> int | None:
    ports = answer.of("ports")
    for port in ports if isinstance(ports, list) else []:
        if isinstance(port, dict) and port.get("name") == name and isinstance(port.get("containerPort"), int):
            return int(port["containerPort"])
    return None


def _number(answer: Manifest, port: Any) -> int | None:
    if isinstance(port, float) and port.is_integer():
        return int(port)
    if isinstance(port, int) and not isinstance(port, bool):
        return port
    return _named(answer, port) if isinstance(port, str) else None


CRITERIA: tuple[Criterion[Manifest, object], ...] = (
    Criterion(
        name="liveness", points=3, title="Liveness requests /healthz", judge=liveness,
        expected=f"livenessProbe with httpGet {LIVENESS} at port {PORT}",
        why="The kubelet restarts a container whose liveness probe fails. It should check only whether the process "
        "hangs: a restart repairs nothing else.",
        docs_url=READ,
        hints=(
            "What notices that the process hangs, and what does a restart repair?",
            "A container has a field livenessProbe; the contract names its path in the row “health”.",
            "The probe's handler is httpGet with two fields, path and port; the path is the one that ends in z and "
            "is named after health.",
        ),
    ),
    Criterion(
        name="readiness", points=3, title="Readiness requests /readyz", judge=readiness,
        expected=f"readinessProbe with httpGet {READINESS} at port {PORT}",
        why="Only pods whose readiness probe succeeds are in the Service's endpoints. Without one, a pod gets orders "
        "that it can't serve.",
        docs_url=READ,
        hints=(
            "What tells the Service that a pod can't accept orders now?",
            "A container has a field readinessProbe, and the contract has a path that answers 200 only when the "
            "service is ready for traffic.",
            "Write it like the liveness probe, with the same handler and port, and the contract's other path.",
        ),
    ),
)  # fmt: skip
