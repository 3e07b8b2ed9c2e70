"""Answers to the open exercises: manifests, the event and the drawing. Most are right; a few have a mistake that many make."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any

import yaml

from graders.core.registry import exercise
from tests.support.lookalikes.phrases import comment_of, name_of, popular
from tests.support.solutions import solution

Manifest = dict[str, Any]


def deployment(chance: random.Random) -> Manifest:
    """A Deployment of the orders API with the student's own names, ports and extras."""
    name = name_of(chance)
    found: Manifest = yaml.safe_load(solution(exercise("deployment")))
    label = chance.choices((name, "orders"), (70, 30))[0]
    spec, pod = found["spec"], found["spec"]["template"]["spec"]
    found["metadata"] = {"name": name} | ({"labels": {"app": label}} if chance.random() < 0.5 else {})
    spec["selector"] = {"matchLabels": {"app": label}}
    spec["template"]["metadata"] = {"labels": {"app": label}}
    app = pod["containers"][0]
    app["name"] = chance.choices((name, "orders", "api", "app"), (50, 25, 15, 10))[0]
    port = chance.choices(("http", 8080), (40, 60))[0]
    app["ports"] = [{"name": "http", "containerPort": 8080} if port == "http" else {"containerPort": 8080}]
    for probe in ("livenessProbe", "readinessProbe"):
        app[probe]["httpGet"]["port"] = port
        if chance.random() < 0.3:
            app[probe]["periodSeconds"] = popular(chance, (10, 5, 15, 20))
        if chance.random() < 0.25:
            app[probe]["initialDelaySeconds"] = popular(chance, (5, 10, 3, 15))
    _slips(chance, spec, app)
    if chance.random() < 0.2:
        app["imagePullPolicy"] = "IfNotPresent"
    if chance.random() < 0.15:
        spec["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    pod["containers"][0] = in_order(chance, app, ("ports", "resources", "livenessProbe", "readinessProbe"))
    return found


def _slips(chance: random.Random, spec: Manifest, app: Manifest) -> None:
    slips: tuple[Callable[[], object], ...] = (
        lambda: app["livenessProbe"]["httpGet"].update(path="/readyz"),
        lambda: app["resources"]["limits"].update(memory="128Mi"),
        lambda: spec.update(replicas=2),
        lambda: app["resources"]["requests"].update(cpu="500m"),
        lambda: app.pop("readinessProbe"),
    )
    if chance.random() < 0.25:
        popular(chance, slips)()


def in_order(chance: random.Random, data: Manifest, movable: tuple[str, ...]) -> Manifest:
    """The same mapping, in three of ten cases with some of its keys in another order."""
    if chance.random() < 0.7:
        return data
    moved = [key for key in movable if key in data]
    chance.shuffle(moved)
    return {key: data[key] for key in data if key not in moved} | {key: data[key] for key in moved}


def daily_report(chance: random.Random) -> Manifest:
    """A CronJob; its optional fields differ."""
    found: Manifest = yaml.safe_load(solution(exercise("daily-report")))
    spec = found["spec"]
    if chance.random() < 0.2:
        found["metadata"]["name"] = popular(chance, ("report", "nightly-report"))
    for key in ("timeZone", "concurrencyPolicy", "startingDeadlineSeconds"):
        if chance.random() < 0.5:
            del spec[key]
    if chance.random() < 0.15:
        spec["schedule"] = popular(chance, ("0 14 * * *", "2 0 * * *", "* 2 * * *"))
    if chance.random() < 0.2:
        spec["successfulJobsHistoryLimit"] = popular(chance, (3, 1, 5))
    if chance.random() < 0.2:
        container = spec["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
        container["name"] = popular(chance, ("report", "daily-report"))
    found["spec"] = in_order(chance, spec, tuple(spec))
    return found


def event(chance: random.Random) -> Manifest:
    """An event with the student's own ids and time, and a schema."""
    found: Manifest = yaml.safe_load(solution(exercise("event")))
    said, schema = found["event"], found["schema"]
    identity = popular(chance, ("uuid", "example", "short"))
    if identity == "uuid":
        said["event_id"] = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    elif identity == "short":
        said["event_id"] = f"evt-{chance.choice(('001', '1', '123', '42', '0001'))}"
    said["order_id"] = popular(chance, ("123", "4711", "1", "42", str(chance.randint(100, 99999))))
    said["timestamp"] = (
        f"2026-0{chance.randint(1, 9)}-{chance.choice((1, 2, 15)):02}T{chance.choice((10, 12)):02}:{chance.choice((0, 15, 30)):02}:00Z"
    )
    if chance.random() < 0.15:
        schema["required"].remove(popular(chance, ("version", "timestamp")))
    if chance.random() < 0.3:
        schema["additionalProperties"] = False
    found["schema"] = in_order(chance, schema, ("required", "properties"))
    return found


PARTS = {
    "client": (("client", "user", "customer", "browser"), ("Client", "Customer", "User", "Browser")),
    "api": (("api", "orders", "orders_api", "order_api"), ("Orders API", "Order API", "API", "orders-api")),
    "worker": (("worker", "email_worker", "mailer", "w"), ("Email worker", "Worker", "E-mail worker", "Mailer")),
    "database": (("postgres", "db", "pg", "database"), ("PostgreSQL", "Postgres", "PostgreSQL database", "Orders DB (PostgreSQL)")),
    "cache": (("redis", "cache", "rc"), ("Redis cache", "Redis", "Cache (Redis)")),
    "queue": (("queue", "mq", "nats", "q"), ("Message queue", "Queue", "NATS queue", "RabbitMQ")),
}  # fmt: skip
EDGES = (("client", "api"), ("api", "database"), ("api", "cache"), ("api", "queue"), ("queue", "worker"))
SAID = {
    ("api", "database"): ("stores", "writes", "SQL", "saves orders"), ("api", "cache"): ("caches", "reads", "lookup"),
    ("api", "queue"): ("order.created", "publishes", "event"), ("queue", "worker"): ("consumes", "delivers", "reads"),
    ("client", "api"): ("HTTP", "POST /orders", "orders"),
}  # fmt: skip


def diagram(chance: random.Random) -> str:
    """A drawing of the shop with the student's own names, labels and layout."""
    ids = {part: popular(chance, names) for part, (names, _) in PARTS.items()}
    labels = {part: popular(chance, said) for part, (_, said) in PARTS.items()}
    end = chance.choices((";", ""), (80, 20))[0]
    indent = " " * chance.choices((2, 4), (75, 25))[0]
    pad = chance.random() < 0.15
    lines = [f"{indent}rankdir=LR{end}"] if chance.random() < 0.6 else []
    shapes = chance.random() < 0.25
    parts, edges = list(PARTS), list(EDGES)
    if chance.random() < 0.35:
        chance.shuffle(parts)
    if chance.random() < 0.35:
        chance.shuffle(edges)
    if chance.random() < 0.12:
        edges.remove(popular(chance, (("api", "cache"), ("queue", "worker"))))
    if chance.random() < 0.12:
        edges.append(popular(chance, (("api", "worker"), ("worker", "database"), ("worker", "cache"))))
    width = max(map(len, ids.values())) if pad else 0
    for part in parts:
        shape = popular(chance, (", shape=box", ", shape=cylinder", ", shape=ellipse")) if shapes else ""
        lines.append(f'{indent}{ids[part]:{width}} [label="{labels[part]}"{shape}]{end}')
    if chance.random() < 0.4:
        lines.append("")
    named = chance.random() < 0.4
    for tail, head in edges:
        if chance.random() < 0.06:
            lines.append(f"{indent}// {comment_of(chance)}")
        said = f' [label="{popular(chance, SAID[tail, head])}"]' if named and (tail, head) in SAID else ""
        lines.append(f"{indent}{ids[tail]} -> {ids[head]}{said}{end}")
    graph = popular(chance, ("shop", "G", "architecture", "", "orders"))
    return "\n".join((f"digraph {graph} {{".replace("  ", " "), *lines, "}")) + "\n"
