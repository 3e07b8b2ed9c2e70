# ruff: noqa: S310, S311, T201  a tool: it asks the caller's own cluster, at random, and prints
"""Ask a real API server and the embedded one about random edits of manifests, and tell where they differ.

A tool for whoever works on admission, not a test::

    kubectl proxy --port 8001 &
    python -m tests.cluster.simulated.admission.compare http://127.0.0.1:8001 --edits 2000 --seed 7
    python -m tests.cluster.simulated.admission.compare http://127.0.0.1:8001 --edits 500 --record FILE

Every edit is made by the recorded schema: a field taken away, set to null, misspelt, doubled, or filled with a value
of its type or of another. Nothing is created: all requests are dry runs.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from cluster.kubernetes import CURRENT
from cluster.manifests import Path as Where
from cluster.simulated.admission import admit_text
from cluster.simulated.admission.schema import Kind, Schema, schema
from tests import corpus

TEXTS = (
    "", "Foo", "a_b", "x" * 64, "-a", "10%", "Always", "None", "Never", "/abs", "../x", "a/../b", "1.2.3.4", "::1",
    "app", "orders", "http", "80", "a.b", "example.com/x", "TCP", "File", "In", "Exists", "DoNotSchedule", "linux",
    "Equal", "NoSchedule", "x y", "é", "metadata.name", "limits.cpu", "RuntimeDefault", "Localhost", "25%", "200%",
    "OnFailure", "RollingUpdate", "Recreate", "v1", "cpu", "ClusterIP", "kubernetes.io/hostname", "Directory", "data",
    "Indexed", "Cluster", "Local", "SingleStack", "IPv4", "0 2 * * *", "60 * * * *", "Europe/Paris", "europe/paris",
)  # fmt: skip
NUMBERS = (0, -1, 1, 2, 5, 30, 100, 101, 493, 511, 512, 600, 8080, 70000, 2**31 - 1, 2**31)
AMOUNTS = ("1", "100m", "0", "-1", "1Gi", "1.5", "abc", "1e3", "0.5Gi", "2Mi", "128MB")
KEYS = ("app", "a/b", "Bad Key", "cpu", "memory", "x" * 64, "nvidia.com/gpu", "hugepages-2Mi", "disk", "pods")
ODD: tuple[Any, ...] = (5, "s", True, [], {}, [1], {"a": 1}, 1.5)
_SUMMARY = re.compile(r' \([0-9a-zA-Z{"].* ?\.*\)$')
_INDEX = re.compile(r"\[\d+\]")
_QUOTED = re.compile(r'"[^"]*"|-?\d+|\{.*\}')
_RANDOM = re.compile(r"generateName|not auto-generated|uid|allocated|nodePort|does not match the namespace")


def value(spec: str, rng: random.Random, known: Schema, depth: int = 0) -> Any:
    """Some value for a field of this type; now and then one of no such type."""
    chance = rng.random()
    if chance < 0.06:
        return None if chance < 0.03 else rng.choice(ODD)
    simple: dict[str, tuple[Any, ...]] = {
        "string": TEXTS, "int32": NUMBERS, "int64": NUMBERS, "bool": (True, False), "float64": (1.5,), "any": ({},),
        "IntOrString": (*NUMBERS, "25%", "0%", "http", "1"), "Quantity": AMOUNTS, "[]byte": ("YQ==", "!!"),
        "Time": ("2020-01-01T00:00:00Z", "today"), "MicroTime": ("today",),
    }  # fmt: skip
    if spec in simple:
        return rng.choice(simple[spec])
    if spec.startswith("[]"):
        return [value(spec[2:], rng, known, depth + 1) for _ in range(rng.choice((0, 1, 1, 2)))]
    if spec.startswith("map[string]"):
        inner = spec.removeprefix("map[string]")
        return {rng.choice(KEYS): value(inner, rng, known, depth + 1) for _ in range(rng.choice((0, 1, 1, 2)))}
    names = list(known.fields(spec))
    chosen = rng.sample(names, min(rng.choice((0, 1, 1, 2, 2, 3, 4)), len(names))) if depth < 7 else []
    return {name: value(known.fields(spec)[name], rng, known, depth + 1) for name in chosen}


def places(written: Any, spec: str, known: Schema, path: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every place in a manifest with its recorded type."""
    yield path, spec
    if isinstance(written, dict):
        for key, inner in written.items():
            own = spec.removeprefix("map[string]") if spec.startswith("map[string]") else known.fields(spec).get(key)
            if own is not None:
                yield from places(inner, own, known, (*path, key))
    elif isinstance(written, list):
        for index, inner in enumerate(written):
            yield from places(inner, spec.removeprefix("[]"), known, (*path, index))


def edited(manifest: Any, kind: Kind, rng: random.Random, known: Schema) -> tuple[str, Any]:
    """A copy of the manifest with one edit, and what was done to it."""
    changed = copy.deepcopy(manifest)
    every = [(p, s) for p, s in places(changed, kind.type, known) if p and p[0] not in ("apiVersion", "kind", "status")]
    path, spec = rng.choice(every)
    parent = _at(changed, path[:-1])
    what = rng.choice(("value", "delete", "insert", "insert", "insert", "null", "double", "typo"))
    if what == "double" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[int(path[-1])]))
    elif what == "typo" and isinstance(parent, dict):
        parent[_misspelt(str(path[-1]), rng)] = parent.pop(path[-1])
    elif what in ("value", "null"):
        parent[path[-1]] = value(spec, rng, known) if what == "value" else None
    elif what == "delete":
        del parent[path[-1]]
    else:
        what = "insert"
        where, owner = rng.choice([(p, s) for p, s in every if known.fields(s) and isinstance(_at(changed, p), dict)])
        name = rng.choice(
            [f for f in known.fields(owner) if f not in ("namespace", "managedFields", "deletionTimestamp")]
        )
        _at(changed, where)[name] = value(known.fields(owner)[name], rng, known)
    return what, changed


def _at(written: Any, path: Where) -> Any:
    for step in path:
        written = written[step]
    return written


def _misspelt(name: str, rng: random.Random) -> str:
    at = rng.randrange(len(name))
    return rng.choice((name[:at] + name[at + 1 :], name.capitalize(), name + "s", name[:at] + name[at:].swapcase()))


def ask(server: str, kind: Kind, manifest: str) -> dict[str, Any]:
    """The real server's verdict, as the corpus has it."""
    group = "api" if kind.api_version == "v1" else "apis"
    path = f"{group}/{kind.api_version}/namespaces/default/{kind.plural}?dryRun=All&fieldValidation=Strict"
    request = urllib.request.Request(
        f"{server}/{path}", manifest.encode(), {"Content-Type": "application/yaml"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, said, warnings = answer.status, {}, answer.headers.get_all("Warning") or []
    except urllib.error.HTTPError as error:
        status, said, warnings = error.code, json.load(error), []
    causes = (said.get("details") or {}).get("causes", [])
    return {
        "verdict": "accepted" if status == 201 else "rejected",
        "status": status,
        "message": _SUMMARY.sub("", said.get("message", "")) if status == 400 else said.get("message", ""),
        "causes": [{"field": c.get("field", ""), "reason": c["reason"], "message": c["message"]} for c in causes],
        "warnings": [json.loads(warning.split(" ", 2)[2]) for warning in warnings],
    }


def bases() -> list[Any]:
    """The manifests that are edited."""
    every = list(yaml.safe_load_all((corpus.FOLDER / "manifests.yaml").read_text()))
    accepted = [row for row in corpus.rows("admission") if row["verdict"] == "accepted"]
    firsts = (next(row["manifest"] for row in accepted if row["id"].startswith(name)) for name in ("orders", "cron"))
    return [*every, *map(yaml.safe_load, firsts)]


def _telling(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows that show a refusal, a warning or an acceptance of a kind that none before them showed."""
    known: set[str] = set()
    for row in rows:
        causes = (f"{_INDEX.sub('', c['field'])[-60:]} {c['message']}" for c in row["causes"])
        told = [*causes, *row["warnings"]] or [row["message"] or row["id"].rpartition("/")[0]]
        shown = {_QUOTED.sub("_", text)[:140] for text in told}
        if shown - known:
            known |= shown
            yield row


def main() -> None:
    """Edit, ask both, compare; record where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server")
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", type=Path, help="keep the rows that show something new")
    parser.add_argument("--minor", default=CURRENT, help="the minor version that the server is of")
    options = parser.parse_args()
    known = schema(options.minor)
    rng, manifests, rows, seen = random.Random(options.seed), bases(), [], Counter[str]()
    for number in range(options.edits):
        manifest = rng.choice(manifests)
        kind = known.kinds[manifest["apiVersion"], manifest["kind"]]
        what, changed = edited(manifest, kind, rng, known)
        text = yaml.safe_dump(changed, sort_keys=False, allow_unicode=True)
        verdict = ask(options.server, kind, text)
        if _RANDOM.search(text + verdict["message"]):
            continue
        rows.append({"id": f"{kind.name}/{what}/{number}", "category": what, "manifest": text, **verdict})
        ours = admit_text(text, options.minor)[0]
        agree = (ours.status == verdict["status"], ours.message == verdict["message"],
                 Counter(ours.warnings) == Counter(verdict["warnings"]))  # fmt: skip
        seen.update(name for name, same in zip(("status", "message", "warnings"), agree, strict=True) if same)
        if not all(agree):
            print(f"{rows[-1]['id']}\n  server {verdict['status']} {verdict['message']} {verdict['warnings']}\n"
                  f"  ours   {ours.status} {ours.message} {list(ours.warnings)}")  # fmt: skip
    print(f"of {len(rows)} edits the same: {dict(seen)}")
    if options.record:
        lines = (json.dumps(row, ensure_ascii=False) for row in _telling(rows))
        options.record.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
