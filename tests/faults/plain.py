"""The shortest right Deployment with changes, and its report."""

from __future__ import annotations

from cluster import world
from graders.core.registry import exercise
from graders.core.report import Report, State
from tests.corpus.faults import fault

PLAIN = fault("S14").replace("/healtz", "/healthz")
"""The shortest right answer: probes by number, one line a field."""


APP = "        - name: orders\n"


SPEC = "    spec:\n      containers:"


def simulated(text: str, name: str = "deployment") -> Report:
    return exercise(name).judge(text, world())


def in_the_container(field: str) -> str:
    """The plain answer with one more field in the application's container."""
    return PLAIN.replace(
        "          image: shop/orders:1.0.0\n", f"          image: shop/orders:1.0.0\n          {field}\n"
    )


def in_the_pod(field: str) -> str:
    """The plain answer with one more field in the pod's spec."""
    return PLAIN.replace(SPEC, f"    spec:\n      {field}\n      containers:")


def beside(container: str) -> str:
    """The plain answer with one more container."""
    return f"{PLAIN}        - {container}\n"


def named(report: Report) -> list[str]:
    """The criteria with their own finding, which doesn't follow from another one."""
    return [f.criterion for f in report.findings if f.state is not State.PASS and not f.follows]
