"""Manifests with one to three random, reproducible mistakes: from the schema, and from what people get wrong.

A mutation is made from its seed and its number alone, so one that is told of can be made again.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from cluster.admission.rules import JUDGED
from cluster.admission.schema import Schema, ServedKind, inner, schema
from cluster.kubernetes import MINORS
from cluster.manifests.documents import Path as Where
from tests import corpus

TEXTS = (
    "", "Foo", "a_b", "x" * 64, "-a", "10%", "Always", "None", "Never", "/abs", "../x", "a/../b", "1.2.3.4", "::1",
    "app", "orders", "http", "80", "a.b", "example.com/x", "TCP", "File", "In", "Exists", "DoNotSchedule", "linux",
    "Equal", "NoSchedule", "x y", "é", "metadata.name", "limits.cpu", "RuntimeDefault", "Localhost", "25%", "200%",
    "OnFailure", "RollingUpdate", "Recreate", "v1", "cpu", "ClusterIP", "kubernetes.io/hostname", "Directory", "data",
    "Indexed", "Cluster", "Local", "SingleStack", "IPv4", "0 2 * * *", "60 * * * *", "Europe/Paris", "europe/paris",
    "2nd", "UDP", "tcp", "LoadBalancer", "Lt", "Forbid", "Utilization", "windows", "Gt", "HTTPS", "true", "null", "\t",
    "Container", "Pod", "User", "Group", "Role", "ClusterRole", "pods", "*", "rbac.authorization.k8s.io", "BestEffort",
    "Terminating", "VolumeAttributesClass", "DoesNotExist", "Retain", "Recycle", "ReadWriteOnce", "ReadWriteOncePod", "Block", "/",
)  # fmt: skip
NAMES = (
    "Orders",
    "orders_api",
    "orders-",
    "-orders",
    "2orders",
    "orders.api",
    "ordérs",
    "orders api",
    "",
    "o" * 64,
    "o" * 254,
    "a" * 63,
)
NUMBERS = (0, -1, 1, 2, 3, 5, 30, 100, 101, 493, 511, 512, 600, 8080, 65535, 65536, 70000, 2**31 - 1, 2**31, 2**63)
AMOUNTS = (
    "1",
    "100m",
    "0",
    "-1",
    "1Gi",
    "1.5",
    "abc",
    "1e3",
    "0.5Gi",
    "2Mi",
    "128MB",
    "128m",
    "1 Gi",
    "500mb",
    "2G",
    "0.1m",
    "",
    "1Ki",
    ".5",
)
UNITS = ("30s", "1m", "5 minutes", "10ms", "1h", "80%", "8080/TCP", "0x1F", "1_000", "one", "1,5", "3.0")
KEYS = (
    "app",
    "a/b",
    "Bad Key",
    "cpu",
    "memory",
    "x" * 64,
    "nvidia.com/gpu",
    "hugepages-2Mi",
    "disk",
    "pods",
    "a/b/c",
    "A.example/x",
    "storage",
    "requests.cpu",
    "limits.memory",
    "requests.hugepages-2Mi",
    "count/jobs.batch",
    "ephemeral-storage",
)
ODD: tuple[Any, ...] = (5, "s", True, [], {}, [1], {"a": 1}, 1.5, "true", "5", [None], "yes")

_SIMPLE: Mapping[str, tuple[Any, ...]] = {
    "string": TEXTS, "int32": NUMBERS, "int64": NUMBERS, "bool": (True, False), "float64": (1.5,), "any": ({},),
    "IntOrString": (*NUMBERS, "25%", "0%", "http", "1", "150%", "10", "a_b", "-5%"), "Quantity": AMOUNTS,
    "[]byte": ("YQ==", "!!", "YQ", "Y Q="), "Time": ("2020-01-01T00:00:00Z", "today"), "MicroTime": ("today",),
}  # fmt: skip
_TOO_DEEP = 7

NOT_WRITTEN = frozenset((
    "namespace", "managedFields", "deletionTimestamp", "uid", "generateName", "resourceVersion", "creationTimestamp", "selfLink",
    "nodePort", "healthCheckNodePort", "clusterIP", "clusterIPs", "serviceAccountName", "serviceAccount", "priorityClassName",
    "runtimeClassName", "deletionGracePeriodSeconds", "generation", "status",
))  # fmt: skip
"""Fields whose verdict depends on what else is in the cluster, or that the server itself writes: no edit adds them."""

EDITS = (1, 1, 1, 2, 2, 3)
"""How many edits a mutation has: most have one, as most manifests that are wrong have one mistake."""


class Doubled(dict[Any, Any]):
    """A mapping in which one key is written twice, the second time with the value ``again``."""

    again: tuple[Any, Any] = ("", None)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A manifest with its edits. ``seed`` and ``number`` reproduce it."""

    seed: int
    number: int
    kind: ServedKind
    edits: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        """Its name in reports, which reproduces it: ``7/412``."""
        return f"{self.seed}/{self.number}"


@dataclass(slots=True)
class _Editing:
    """A manifest that is being edited, with its kind, the schema, and the random numbers."""

    written: Any
    kind: ServedKind
    known: Schema
    new: frozenset[tuple[str, str]]
    chance: random.Random

    def places(self) -> list[tuple[Where, str]]:
        """Every place that may be edited, with its type."""
        return [(p, s) for p, s in places(self.written, self.kind.type, self.known) if p and not _identity(p)]


Edit = Callable[[_Editing], str]
"""Makes one edit, and says where; raises _NowhereError where there is no place for it."""


class _NowhereError(Exception):
    """The manifest has no place for this edit."""


def mutation(seed: int, number: int, minor: str) -> Mutation:
    """The mutation of that number. The kinds take turns."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311  no secret
    known, every = schema(minor), bases()
    of_kind = sorted(every)
    named = of_kind[number % len(of_kind)]
    kind = known.kinds[named]
    editing = _Editing(copy.deepcopy(chance.choice(every[named])), kind, known, new_fields(minor), chance)
    wanted, edits = chance.choice(EDITS), list[str]()
    while len(edits) < wanted:
        name, edit = chance.choice(_EDITS)
        try:
            edits.append(f"{name} {edit(editing)}")
        except _NowhereError:
            continue
    return Mutation(seed, number, kind, tuple(edits), dumped(editing.written))


@cache
def bases() -> Mapping[tuple[str, str], Sequence[Any]]:
    """The manifests that are edited, by apiVersion and kind: those of every kind that has rules."""
    every = list(yaml.safe_load_all((corpus.FOLDER / "manifests.yaml").read_text(encoding="utf-8")))
    accepted = [row["manifest"] for row in corpus.rows("admission") if row["verdict"] == "accepted"]
    every += [
        next(yaml.safe_load_all(text)) for text in accepted if "\n---" not in text and not text.startswith("---")
    ][::8]
    found: dict[tuple[str, str], list[Any]] = {}
    for one in every:
        if (named := (one["apiVersion"], one["kind"])) in JUDGED:
            found.setdefault(named, []).append(one)
    assert found.keys() == JUDGED, JUDGED - found.keys()
    return found


@cache
def new_fields(minor: str) -> frozenset[tuple[str, str]]:
    """The fields that the minor before doesn't have, each with its type."""
    before = [one for one in MINORS if MINORS.index(one) < MINORS.index(minor)] if minor in MINORS else list(MINORS)
    if not before:
        return frozenset()
    older, newer = schema(before[-1]), schema(minor)
    return frozenset(
        (owner, name) for owner in _types(newer) for name in newer.fields(owner).keys() - older.fields(owner).keys()
    )


def places(written: Any, spec: str, known: Schema, path: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every place in a manifest with its recorded type."""
    yield path, spec
    if isinstance(written, dict):
        for key, within in written.items():
            own = spec.removeprefix("map[string]") if spec.startswith("map[string]") else known.fields(spec).get(key)
            if own is not None:
                yield from places(within, own, known, (*path, key))
    elif isinstance(written, list):
        for index, within in enumerate(written):
            yield from places(within, spec.removeprefix("[]"), known, (*path, index))


def value(spec: str, chance: random.Random, known: Schema, depth: int = 0) -> Any:
    """A random value for a field of this type; sometimes of another type."""
    luck = chance.random()
    if luck < 0.05:
        return None if luck < 0.02 else copy.deepcopy(chance.choice(ODD))
    if spec in _SIMPLE:
        return copy.deepcopy(chance.choice(_SIMPLE[spec]))
    if spec.startswith("[]"):
        return [value(spec[2:], chance, known, depth + 1) for _ in range(chance.choice((0, 1, 1, 2)))]
    if spec.startswith("map[string]"):
        within = spec.removeprefix("map[string]")
        return {
            chance.choice(KEYS): value(within, chance, known, depth + 1) for _ in range(chance.choice((0, 1, 1, 2)))
        }
    names = [name for name in known.fields(spec) if name not in NOT_WRITTEN]
    chosen = chance.sample(names, min(chance.choice((0, 1, 1, 2, 2, 3, 4)), len(names))) if depth < _TOO_DEEP else []
    return {name: value(known.fields(spec)[name], chance, known, depth + 1) for name in chosen}


def dumped(written: Any) -> str:
    """A manifest as text, with a doubled key written twice."""
    return yaml.dump(written, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out, because a value that occurs twice by chance is no alias."""
        return True


def _twice(dumper: _Dumper, data: Doubled) -> yaml.MappingNode:
    node: yaml.MappingNode = dumper.represent_mapping("tag:yaml.org,2002:map", [*data.items(), data.again])
    return node


_Dumper.add_representer(Doubled, _twice)


def _identity(path: Where) -> bool:
    """Whether a place identifies the object, or isn't set by authors."""
    return path in (("apiVersion",), ("kind",)) or path[0] == "status"


def _types(known: Schema) -> Iterator[str]:
    waiting, seen = [kind.type for kind in known.kinds.values()], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen and known.knows(name):
            seen.add(name)
            yield name
            waiting += [inner(spec) for spec in known.fields(name).values()]


def _at(written: Any, path: Where) -> Any:
    for step in path:
        written = written[step]
    return written


def _dotted(path: Where) -> str:
    return ".".join(map(str, path))


def _pick(it: _Editing, fits: Callable[[Where, str, Any], bool]) -> tuple[Where, str, Any]:
    """A random place, its type, and its parent."""
    found = [(p, s) for p, s in it.places() if fits(p, s, _at(it.written, p))]
    if not found:
        raise _NowhereError
    path, spec = it.chance.choice(found)
    return path, spec, _at(it.written, path[:-1])


def _any(_path: Where, _spec: str, _value: Any) -> bool:
    return True


def _keyed(path: Where, _spec: str, _value: Any) -> bool:
    return isinstance(path[-1], str)


def _replace(it: _Editing) -> str:
    path, spec, holder = _pick(it, _any)
    holder[path[-1]] = value(spec, it.chance, it.known)
    return _dotted(path)


def _wrong_type(it: _Editing) -> str:
    path, _, holder = _pick(it, _any)
    holder[path[-1]] = copy.deepcopy(it.chance.choice(ODD))
    return _dotted(path)


def _null(it: _Editing) -> str:
    path, _, holder = _pick(it, _any)
    holder[path[-1]] = None
    return _dotted(path)


def _remove(it: _Editing) -> str:
    path, _, holder = _pick(it, _any)
    del holder[path[-1]]
    return _dotted(path)


def _repeat(it: _Editing) -> str:
    path, _, holder = _pick(it, lambda p, _s, _v: isinstance(p[-1], int))
    holder.append(copy.deepcopy(holder[int(path[-1])]))
    return _dotted(path)


def _double(it: _Editing) -> str:
    path, spec, _ = _pick(it, _keyed)
    holder = Doubled(_at(it.written, path[:-1]))
    holder.again = (path[-1], it.chance.choice((holder[path[-1]], value(spec, it.chance, it.known))))
    if len(path) == 1:
        it.written = holder
    else:
        _at(it.written, path[:-2])[path[-2]] = holder
    return _dotted(path)


def _insert(it: _Editing) -> str:
    return _put(it, lambda owner: [(owner, name) for name in it.known.fields(owner) if name not in NOT_WRITTEN])


def _insert_new(it: _Editing) -> str:
    return _put(it, lambda owner: [(owner, name) for name in it.known.fields(owner) if (owner, name) in it.new])


def _put(it: _Editing, offered: Callable[[str], list[tuple[str, str]]]) -> str:
    holders = [((), it.kind.type), *it.places()]
    found = [(p, s) for p, s in holders if isinstance(_at(it.written, p), dict) and offered(s)]
    if not found:
        raise _NowhereError
    path, owner = it.chance.choice(found)
    name = it.chance.choice(sorted(offered(owner)))[1]
    if not path and name in ("apiVersion", "kind"):
        raise _NowhereError
    _at(it.written, path)[name] = value(it.known.fields(owner)[name], it.chance, it.known)
    return _dotted((*path, name))


def _misspell(it: _Editing) -> str:
    path, _, holder = _pick(it, _keyed)
    name = str(path[-1])
    at = it.chance.randrange(len(name)) if name else 0
    spelled = it.chance.choice((
        name[:at] + name[at + 1 :], name[:at] + name[at : at + 1] + name[at:], name[: at - 1] + name[at : at + 1] + name[at - 1 : at] + name[at + 1 :]
        if at else name.swapcase(), name[:1].swapcase() + name[1:], name + "s", name.removesuffix("s"), name.lower(),
        "".join(f"_{c.lower()}" if c.isupper() else c for c in name), "".join(f"-{c.lower()}" if c.isupper() else c for c in name), f"{name} ",
    ))  # fmt: skip
    if spelled == name:
        raise _NowhereError
    _rename(holder, name, spelled)
    return f"{_dotted(path)} as {spelled!r}"


def _rename(holder: dict[str, Any], name: str, spelled: str) -> None:
    every = [(spelled if key == name else key, one) for key, one in holder.items()]
    holder.clear()
    holder.update(every)


def _lift(it: _Editing) -> str:
    path, _, holder = _pick(it, lambda p, _s, _v: len(p) > 1 and isinstance(p[-1], str) and isinstance(p[-2], str))
    if not isinstance(above := _at(it.written, path[:-2]), dict):
        raise _NowhereError
    above[path[-1]] = holder.pop(path[-1])
    return _dotted(path)


def _sink(it: _Editing) -> str:
    path, _, holder = _pick(it, _keyed)
    beside = [name for name, one in holder.items() if isinstance(one, dict) and name != path[-1]]
    if not beside:
        raise _NowhereError
    into = it.chance.choice(beside)
    holder[into][path[-1]] = holder.pop(path[-1])
    return f"{_dotted(path)} into {into}"


def _swap(it: _Editing) -> str:
    path, _, holder = _pick(it, _keyed)
    others = [
        name
        for name, one in holder.items()
        if name != path[-1] and not isinstance(one, dict | list) and not _identity((*path[:-1], name))
    ]
    if not others:
        raise _NowhereError
    other = it.chance.choice(others)
    holder[path[-1]], holder[other] = holder[other], holder[path[-1]]
    return f"{_dotted(path)} and {other}"


def _misname(it: _Editing) -> str:
    def named(path: Where, spec: str, _value: Any) -> bool:
        return spec == "string" and (
            str(path[-1]) in ("name", "key") or str(path[-1]).endswith("Name") or "abels" in str(path[-2:-1])
        )

    path, _, holder = _pick(it, named)
    was = str(holder[path[-1]])
    holder[path[-1]] = it.chance.choice((*NAMES, was.capitalize(), was.upper(), f"{was}_1", f" {was}", f"{was}.{was}"))
    return _dotted(path)


def _mismeasure(it: _Editing) -> str:
    path, spec, holder = _pick(it, lambda _p, spec, _v: spec in ("Quantity", "int32", "int64", "IntOrString"))
    holder[path[-1]] = it.chance.choice((*AMOUNTS, *UNITS) if spec == "Quantity" else (*UNITS, *map(str, NUMBERS)))
    return _dotted(path)


def _shift(it: _Editing) -> str:
    path, _, holder = _pick(it, lambda _p, spec, v: spec in ("int32", "int64", "IntOrString") and isinstance(v, int))
    was = int(holder[path[-1]])
    holder[path[-1]] = it.chance.choice((0, -was, was * 10, was * 1000, was + 0.5, float(was), was - 1, *NUMBERS))
    return _dotted(path)


def _respell(it: _Editing) -> str:
    path, _, holder = _pick(it, lambda _p, spec, v: spec == "string" and isinstance(v, str) and bool(v))
    was = holder[path[-1]]
    at = it.chance.randrange(len(was))
    holder[path[-1]] = it.chance.choice(
        (was.lower(), was.upper(), was[:1].swapcase() + was[1:], was[:at] + was[at + 1 :], f"{was} ", was + was[at:])
    )
    return _dotted(path)


def _unwrap(it: _Editing) -> str:
    path, _, holder = _pick(it, lambda _p, spec, v: spec.startswith("[]") and isinstance(v, list) and bool(v))
    holder[path[-1]] = holder[path[-1]][0]
    return _dotted(path)


def _wrap(it: _Editing) -> str:
    path, _, holder = _pick(it, _any)
    holder[path[-1]] = [holder[path[-1]]]
    return _dotted(path)


def _empty(it: _Editing) -> str:
    path, _, holder = _pick(it, lambda _p, _s, v: isinstance(v, dict | list) and bool(v))
    holder[path[-1]] = type(holder[path[-1]])() if not isinstance(holder[path[-1]], Doubled) else {}
    return _dotted(path)


_EDITS: tuple[tuple[str, Edit], ...] = (
    *[("insert", _insert)] * 6, *[("insert a new field", _insert_new)] * 2, *[("replace", _replace)] * 3, *[("misspell", _misspell)] * 3,
    *[("another type for", _wrong_type)] * 2, *[("remove", _remove)] * 3, *[("respell", _respell)] * 2, *[("misname", _misname)] * 2,
    *[("another unit for", _mismeasure)] * 2, *[("another number for", _shift)] * 2, ("null", _null), ("repeat", _repeat),
    ("double", _double), ("lift", _lift), ("sink", _sink), ("swap", _swap), ("unwrap", _unwrap), ("wrap", _wrap), ("empty", _empty),
)  # fmt: skip
"""What is done to manifests, the more often the more ways there are to do it."""
