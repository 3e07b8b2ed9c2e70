"""Compare the recordings of two servers. Pure functions: recordings in, facts out."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graders.core.registry import exercise
from tests.contract.agreement import times, verdicts
from tests.contract.recording import Recording, Replayed
from tests.corpus.recording import same
from tests.graders.application_platform.exercises.diagram.drawings import by_wiring
from tools.renew.recorded import Recorded, Row
from tools.renew.schema import Schema

ANOTHER_ORDER = "(the same causes in another order)"
TWICE, ONCE = "(a cause twice)", "(the same cause once)"
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|\w+|\W')
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+')


@dataclass(frozen=True, slots=True)
class Flip:
    """A manifest that one server accepts and the other refuses; ``why`` is the refusal's message."""

    manifest: str
    accepted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A changed wording: a piece of a message, its replacement, and the manifests whose verdicts have it.

    Pieces that differ only in values count as one; the first is shown. ``was`` is empty for an added piece, ``now`` for a
    removed one. ``example`` is the first manifest's whole message.
    """

    was: str
    now: str
    manifests: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class SchemaChanges:
    """Added and removed kinds and fields, fields with another type, fields that the server drops, and gates.

    Fields are written ``apps/v1.DeploymentSpec.replicas``; ``retyped`` has their old and new types. ``switched`` are the
    feature gates of both servers whose default changed, with the new default.
    """

    kinds_new: tuple[str, ...] = ()
    kinds_gone: tuple[str, ...] = ()
    fields_new: tuple[str, ...] = ()
    fields_gone: tuple[str, ...] = ()
    retyped: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)
    switched: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timing:
    """A stop's times in seconds: the medians over the cases that both servers ran, and the case with the largest difference."""

    what: str
    runs: int
    was: float
    now: float
    largest: float
    case: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A case and one difference: both sides' values."""

    name: str
    what: str
    was: str
    now: str


def flips(old: Recorded, new: Recorded) -> tuple[Flip, ...]:
    """Return the manifests with another verdict."""
    return tuple(
        Flip(key, _accepted(now), (was if _accepted(now) else now)["message"])
        for key, was, now in _both(old, new)
        if _accepted(was) != _accepted(now)
    )


def wordings(old: Recorded, new: Recorded) -> tuple[Wording, ...]:
    """Return changed wordings of unchanged verdicts, the most frequent first."""
    return grouped([both for both in _both(old, new) if _accepted(both[1]) == _accepted(both[2])])


def grouped(verdicts_of: Iterable[tuple[str, Row, Row]]) -> tuple[Wording, ...]:
    """Return the pieces of text that differ between two verdicts on a manifest, the most frequent first."""
    found: defaultdict[tuple[str, ...], dict[str, Wording]] = defaultdict(dict)
    for key, was, now in verdicts_of:
        for pair in reworded(was, now):
            example = now["message"] or "; ".join(now.get("warnings", ()))
            found[tuple(map(_generic, pair))].setdefault(key, Wording(*pair, (key,), example))
    groups = [replace(next(iter(one.values())), manifests=tuple(one)) for one in found.values()]
    return tuple(sorted(groups, key=lambda group: (-len(group.manifests), group.was, group.now)))


def reworded(was: Row, now: Row) -> Iterator[tuple[str, str]]:
    """Yield the changed pieces of a verdict's messages."""
    if was["causes"] and now["causes"]:
        one, other = (Counter((c["field"], c["message"]) for c in row["causes"]) for row in (was, now))
        if one != other and one.keys() == other.keys():
            yield (TWICE, ONCE) if one > other else (ONCE, TWICE)
            return
        yield from _paired(_by_field(was["causes"], now["causes"]), _by_field(now["causes"], was["causes"]))
        if was["message"] != now["message"] and same({**was, "warnings": ()}, {**now, "warnings": ()}):
            yield ANOTHER_ORDER, ANOTHER_ORDER
    elif was["message"] != now["message"]:
        yield edit(was["message"], now["message"])
    if "warnings" in was and "warnings" in now:
        warned, warns = (Counter[str](row["warnings"]) for row in (was, now))
        yield from _paired({"": sorted((warned - warns).elements())}, {"": sorted((warns - warned).elements())})


def edit(was: str, now: str) -> tuple[str, str]:
    """Return the differing middle parts of two texts, by whole words."""
    one, other = _TOKENS.findall(was), _TOKENS.findall(now)
    most = min(len(one), len(other))
    begin = next((i for i in range(most) if one[i] != other[i]), most)
    end = next((i for i in range(most - begin) if one[-1 - i] != other[-1 - i]), most - begin)
    first, second = ("".join(tokens[begin : len(tokens) - end]).strip() for tokens in (one, other))
    return first, second


def schema_changes(old: Schema, new: Schema) -> SchemaChanges:
    """Return what was added to the schema and removed from it."""
    if not old or not new:
        return SchemaChanges(dropped=dropped(new))
    kinds = [set(one["kinds"]) | set(one["others"]) for one in (old, new)]
    fields = [all_fields(one) for one in (old, new)]
    gates = [one.get("gates", {}) for one in (old, new)]
    return SchemaChanges(
        tuple(sorted(kinds[1] - kinds[0])), tuple(sorted(kinds[0] - kinds[1])),
        tuple(sorted(fields[1].keys() - fields[0].keys())), tuple(sorted(fields[0].keys() - fields[1].keys())),
        {name: (fields[0][name], fields[1][name]) for name in sorted(fields[0].keys() & fields[1].keys())
         if fields[0][name] != fields[1][name]},
        dropped(new),
        {name: on for name, on in sorted(gates[1].items()) if gates[0].get(name, on) != on},
    )  # fmt: skip


def all_fields(schema: Schema) -> dict[str, str]:
    """Return all fields of all types, with their types."""
    return {f"{owner}.{name}": spec for owner, fields in schema["types"].items() for name, spec in fields.items()}


def dropped(schema: Schema) -> dict[str, str]:
    """Return the fields that the server accepts and drops, each with its feature gate, or "" if that is unknown."""
    ignored: Mapping[str, Mapping[str, str]] = schema.get("ignored", {})
    return {f"{owner}.{name}": gate for owner, fields in ignored.items() for name, gate in fields.items()}


def timings(old: Recorded, new: Recorded) -> tuple[Timing, ...]:
    """Return the times of each stop in the cases that both servers ran."""
    apart: defaultdict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for name in sorted(old.cases.keys() & new.cases.keys()):
        one, other = (_times(recorded.cases[name]) for recorded in (old, new))
        for what in one.keys() & other.keys():
            apart[what][name] = one[what], other[what]
    found = []
    for what, pairs in sorted(apart.items()):
        case = max(pairs, key=lambda name: abs(pairs[name][1] - pairs[name][0]))
        was, now = (statistics.median(pair[side] for pair in pairs.values()) for side in (0, 1))
        found.append(Timing(what, len(pairs), was, now, pairs[case][1] - pairs[case][0], case))
    return tuple(found)


def case_differences(old: Recorded, new: Recorded) -> tuple[Difference, ...]:
    """Return the criteria with different verdicts, and events on only one server."""
    found = []
    for name in sorted(old.cases.keys() & new.cases.keys()):
        one, other = (replayed(recorded.cases[name]) for recorded in (old, new))
        found += [Difference(name, what, words(one.get(what)), words(other.get(what)))
                  for what in one | other if one.get(what) != other.get(what)]  # fmt: skip
        was, now = (_times(recorded.cases[name]) for recorded in (old, new))
        found += [Difference(name, what, seconds(was.get(what)), seconds(now.get(what)))
                  for what in sorted(was.keys() ^ now.keys())]  # fmt: skip
    return tuple(found)


def shop_differences(old: Recorded, new: Recorded) -> tuple[Difference, ...]:
    """Return the differences between shops with the same wiring."""
    drawings, found = by_wiring(), []
    for wiring in old.shops.keys() & new.shops.keys():
        one, other = ({**shop.steps, **{f"without {part}": seen for part, seen in shop.failures.items()}}
                      for shop in (old.shops[wiring].seen, new.shops[wiring].seen))  # fmt: skip
        name = drawings.get(wiring, ["+".join(sorted(wiring.parts))])[0]
        found += [Difference(name, what, str(one.get(what)), str(other.get(what)))
                  for what in one | other if one.get(what) != other.get(what)]  # fmt: skip
    return tuple(sorted(found, key=lambda d: (d.name, d.what)))


def replayed(recording: Recording) -> dict[str, tuple[str, float]]:
    """Return the verdict of each criterion on a recording."""
    return verdicts(exercise("deployment").judge(recording.manifest, Replayed(recording)))


def _both(old: Recorded, new: Recorded) -> Iterator[tuple[str, Row, Row]]:
    for key, now in new.verdicts.items():
        if (was := old.verdicts.get(key)) is not None:
            yield key, was, now


def _accepted(row: Row) -> bool:
    return bool(row["verdict"] == "accepted")


def _by_field(causes: list[dict[str, Any]], others: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the messages of causes that the others lack, by field."""
    left = Counter((c["field"], c["message"]) for c in causes) - Counter((c["field"], c["message"]) for c in others)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for where, message in sorted(left.elements()):
        found[where].append(message)
    return found


def _paired(was: Mapping[str, list[str]], now: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for where in sorted(was.keys() | now.keys()):
        one, other = was.get(where, []), now.get(where, [])
        yield from (edit(*pair) for pair in zip(one, other, strict=False))
        yield from ((left, "") for left in one[len(other) :])
        yield from (("", left) for left in other[len(one) :])


def _generic(text: str) -> str:
    """Return a text with quoted values and numbers replaced by one placeholder."""
    return _VALUE.sub("“…”", text)


def _times(recording: Recording) -> dict[str, float]:
    return times(recording.timeline) if recording.timeline is not None else {}


def words(verdict: tuple[str, float] | None) -> str:
    """Return a criterion's verdict in words."""
    return f"{verdict[0]}, {verdict[1]:g} points" if verdict else "nothing"


def seconds(took: float | None) -> str:
    """Return a time in words; None means that the event didn't happen."""
    return "didn't happen" if took is None else f"{took:.1f} s"
