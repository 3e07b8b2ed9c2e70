"""Criteria on a container's requests and limits, from the document alone.

They judge the learner's text and not a pod, because a LimitRange fills in missing values.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cluster.manifests.quantity import quantity
from graders.application_platform.contract import LIMITS, REQUESTS
from graders.core.exercise import Criterion, Verdict, failed, follows, partly, passed
from graders.families.manifest.deployment import Manifest
from graders.reading.text import shown

READ = "kubernetes.io/docs/concepts/configuration/manage-resources-containers/"
PLAUSIBLE: Mapping[str, tuple[Decimal, Decimal]] = {
    "cpu": (Decimal("0.001"), Decimal(16)),
    "memory": (Decimal(2**20), Decimal(64 * 2**30)),
}
"""Plausible values; outside of them the unit is missing or wrong: a hundred cores, 128 thousandths of a byte."""


def requests(answer: Manifest, _evidence: object) -> Verdict:
    """Both requests exist and are plausible."""
    return _both(answer, "requests", REQUESTS)


def limits(answer: Manifest, _evidence: object) -> Verdict:
    """Both limits exist and are plausible."""
    return _both(answer, "limits", LIMITS)


def figures(answer: Manifest, _evidence: object) -> Verdict:
    """The written requests and limits equal the contract's figures."""
    written = [
        (kind, name, quantity(value), contract[name])
        for kind, contract in (("requests", REQUESTS), ("limits", LIMITS))
        for name in contract
        if (value := answer.of("resources", kind, name)) is not None
    ]
    if not written:
        return follows("the container has no requests and limits to compare with the contract")
    # An unreadable amount isn't a figure of the contract either.
    off = [
        (kind, name, expected)
        for kind, name, value, expected in written
        if value is None or value != quantity(expected)
    ]
    if not off:
        return passed("the contract's figures")
    kind, name, expected = off[0]
    observed = ", ".join(f"{k}.{n}: {shown(answer.of('resources', k, n))}" for k, n, _ in off)
    return partly(
        (len(written) - len(off)) / len(written), observed, f"Set resources.{kind}.{name} to {expected}.",
        expected=", ".join(f"{k}.{n}: {e}" for k, n, e in off), line=answer.line("resources", kind, name),
    )  # fmt: skip


def _both(answer: Manifest, kind: str, contract: Mapping[str, str]) -> Verdict:
    written = answer.of("resources", kind)
    if not isinstance(written, dict) or not any(written.get(name) is not None for name in contract):
        return _absent(answer, kind)
    problems = [p for name in contract if (p := _problem(name, written.get(name), contract[name])) is not None]
    observed = ", ".join(f"{name}: {shown(written[name])}" for name in contract if written.get(name) is not None)
    if not problems:
        return passed(observed)
    name, saw_of_it, hint = problems[0]
    line = answer.line("resources", kind, name)
    if len(problems) == len(contract):
        return failed("; ".join(p[1] for p in problems), hint, line=line)
    return partly(1 / len(contract), saw_of_it, hint, line=line)


def _absent(answer: Manifest, kind: str) -> Verdict:
    if answer.container is None:
        return follows("there is no container in spec.template.spec.containers")
    where = f"the container “{shown(answer.name)}”"
    if kind == "requests" and isinstance(answer.of("resources", "limits"), dict):
        return failed(
            f"{where} has limits and no requests, so the server copies the limits: it reserves five times the CPU",
            "Add resources.requests beside resources.limits.",
            line=answer.line("resources"),
        )
    elsewhere = [
        c.get("name") for _, c in answer.others() if isinstance(c.get("resources"), dict) and c["resources"].get(kind)
    ]
    if elsewhere:
        return failed(
            f"{kind} are on “{shown(elsewhere[0])}”, and {where} has none",
            f"Give the container that runs the orders API its own resources.{kind}.",
            line=answer.line(),
        )
    return failed(f"{where} has no {kind}", f"Add resources.{kind} with cpu and memory.", line=answer.line())


def _problem(name: str, written: Any, expected: str) -> tuple[str, str, str] | None:
    if written is None:
        return name, f"no {name}", f"Add {name}: {expected} beside the other."
    value = quantity(written)
    if value is None:
        hint = f"Write it like the contract: {name}: {expected}."
        if str(written).endswith("B"):
            hint = f"Kubernetes writes Mi for mebibytes and M for megabytes, without a B: {name}: {expected}."
        return name, f"{name}: {shown(written)} is not a quantity", hint
    low, high = PLAUSIBLE[name]
    if low <= value <= high:
        return None
    return name, f"{name}: {shown(written)} is {_in_words(name, value)}", (
        f"A unit is missing or wrong. The contract says {name}: {expected}."
    )  # fmt: skip


def _in_words(name: str, value: Decimal) -> str:
    if name == "cpu":
        return (
            f"{float(value):,.10g} cores, more than any node has"
            if value > 1
            else f"{float(value):,.10g} cores, almost none"
        )
    return f"{float(value):,.10g} bytes, {'more than a node has' if value > PLAUSIBLE['memory'][1] else 'almost none'}"


CRITERIA: tuple[Criterion[Manifest, object], ...] = (
    Criterion(
        name="requests", points=3.5, title="CPU and memory are requested", judge=requests,
        expected="requests of 100m CPU and 128Mi memory on the container that runs the orders API",
        why="The scheduler reserves what a pod requests. Without requests it can't plan, and under "
        "pressure your pod is evicted first.",
        docs_url=READ,
        hints=(
            "How does the scheduler know how much room a pod needs?",
            "Look at the contract's row “compute”, and at the container's field resources.",
            "Write requests below the container's resources, and below it cpu and memory, each with "
            "the contract's figure and its unit.",
        ),
    ),
    Criterion(
        name="limits", points=3.5, title="CPU and memory are limited", judge=limits,
        expected="limits of 500m CPU and 512Mi memory on the container that runs the orders API",
        why="Without a memory limit a leak in one pod takes memory from every pod on its node.",
        docs_url=READ,
        hints=(
            "What should happen to other pods when one pod leaks memory?",
            "The contract has two more figures for compute. They are larger than the requests.",
            "Write limits beside requests, with the same two names and the contract's larger figures.",
        ),
    ),
    Criterion(
        name="figures", points=1.0, title="The contract's figures", judge=figures,
        expected="requests 100m and 128Mi, limits 500m and 512Mi; any notation of the same amount counts",
        why="The platform plans its nodes by these figures.",
        docs_url="the contract, quoted in the exercise",
        hints=(
            "Compare each figure and its unit with the exercise's table.",
            "m is a thousandth of a core; Mi is 1,048,576 bytes.",
            "The card names the figure that differs, with its line.",
        ),
    ),
)  # fmt: skip
