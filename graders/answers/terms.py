"""A contract as a learner wrote it: the terms of four parts, by whatever names people give them.

The schema is a small one of our own::

    compute:        requests {cpu, memory}, limits {cpu, memory}
    health:         liveness, readiness, startup
    observability:  metrics {path, format}, logs {format, to}, traces
    shutdown:       signal, new-requests, finish-within, exit-code
"""

from __future__ import annotations

from collections.abc import Mapping

from graders.answers.places import Filled, Form, Stranger, Term, Written

Contract = Filled

TERMS: tuple[Term, ...] = (
    ("compute", "requests", "cpu"), ("compute", "requests", "memory"),
    ("compute", "limits", "cpu"), ("compute", "limits", "memory"),
    ("health", "liveness"), ("health", "readiness"), ("health", "startup"),
    ("observability", "metrics", "path"), ("observability", "metrics", "format"),
    ("observability", "logs", "format"), ("observability", "logs", "to"), ("observability", "traces"),
    ("shutdown", "signal"), ("shutdown", "new-requests"), ("shutdown", "finish-within"), ("shutdown", "exit-code"),
)  # fmt: skip
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
_SENTENCES = (("observability", "metrics"), ("observability", "logs"))
"""Terms that people also write as one sentence: “/metrics in Prometheus format”."""

parse = Form("contract", TERMS, _OTHER_NAMES, _SENTENCES).read

__all__ = ["TERMS", "Contract", "Stranger", "Term", "Written", "parse"]
