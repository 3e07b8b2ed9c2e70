"""The decisions that a renewal leaves to a person, derived from the recordings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from cluster import kubernetes
from cluster.admission.minor import KNOWN
from cluster.kubernetes import number
from tests import corpus
from tests.contract.cases import cases
from tests.graders.application_platform.exercises.diagram.drawings import by_wiring
from tools.renew import recorded as recordings
from tools.renew import simulated
from tools.renew.changes import Difference, SchemaChanges, Wording, dropped
from tools.renew.recorded import Recorded

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: what it is, what to do, and the items that it is about."""

    what: str
    todo: str
    items: tuple[str, ...] = ()


def decisions(new: Recorded, old: Recorded | None, changes: SchemaChanges) -> tuple[Decision, ...]:
    """Return all open decisions, in the order of the work."""
    every = (_incomplete(new), _pins(new), _admission(new), _contract(new), _fields(new, old, changes), _older(new))
    return tuple(chain.from_iterable(every))


def _incomplete(new: Recorded) -> Iterator[Decision]:
    missing = [] if new.schema else ["the schema"]
    ids = {f"{name} {row['id']}" for name in corpus.NAMES for row in corpus.manifests(name)}
    left = {
        "manifests": sorted(ids - new.verdicts.keys()),
        "contract cases": [n for n, text in cases().items() if n not in new.cases or new.cases[n].manifest != text],
        "wirings": [names[0] for wiring, names in by_wiring().items() if wiring not in new.shops],
    }
    missing += [f"{len(names):,} {what}: {_some(names)}" for what, names in left.items() if names]
    if missing:
        todo = (
            "Run `python -m tools.renew` on a cluster of that version; the report below covers only what is recorded."
        )
        yield Decision(f"The recordings of {new.minor} are incomplete.", todo, tuple(missing))


def _pins(new: Recorded) -> Iterator[Decision]:
    pins = []
    if new.minor not in kubernetes.MINORS:
        pins.append(f"MINORS = {kubernetes.MINORS!r}: add {new.minor!r}")
    if number(kubernetes.CURRENT) < number(new.minor):
        pins.append(f"CURRENT = {kubernetes.CURRENT!r}: make it {new.minor!r}, once the rest below is settled")
    image = kubernetes.NODE_IMAGE.partition("@")[0]
    if number(image.rpartition(":")[2])[:2] < number(new.minor)[:2]:
        pins.append(f"NODE_IMAGE = {image}: the node image of {new.minor} in kind's release notes, with its digest")
    if new.minor not in KNOWN:
        yield Decision(
            f"The simulated cluster doesn't know {new.minor} yet, so it isn't compared with the recordings.",
            "Copy the entry of the minor before in the table of cluster/admission/minor.py; then report again.",
        )
    if pins:
        yield Decision(f"{new.minor} isn't pinned.", "Change cluster/kubernetes.py.", tuple(pins))


def _admission(new: Recorded) -> Iterator[Decision]:
    if not new.schema or new.minor not in KNOWN:
        return
    verdict, worded = simulated.disagreements(new)
    if verdict:
        yield Decision(
            f"The simulated cluster and the server disagree on {len(verdict)} manifests.",
            "Look up the rule in Kubernetes' source and change it in cluster/admission/rules/.",
            tuple(map(_difference, verdict)),
        )
    if worded:
        yield Decision(
            f"The simulated cluster words {len({m for w in worded for m in w.manifests})} verdicts differently from the server.",
            "Add the new words beside the old ones, by minor.",
            tuple(map(_wording, worded)),
        )


def _contract(new: Recorded) -> Iterator[Decision]:
    if not new.cases or not new.schema or new.minor not in KNOWN:
        return
    verdict, apart = simulated.contract_differences(new)
    if verdict:
        yield Decision(
            f"The worlds disagree in {len({d.name for d in verdict})} contract cases.",
            "Correct the simulation, never the recording; remove a case if only a probe's phase decides it.",
            tuple(map(_difference, verdict)),
        )
    if apart:
        yield Decision(
            f"{len(apart)} times differ by more than the tolerance.",
            "Record the case again to see whether it was chance; if it wasn't, correct the simulation.",
            tuple(map(_difference, apart)),
        )


def _fields(new: Recorded, old: Recorded | None, changes: SchemaChanges) -> Iterator[Decision]:
    unread = simulated.unread_fields(new.schema, changes.fields_new) if new.schema and old else ()
    if unread:
        yield Decision(
            f"No rule mentions {len(unread)} new fields of the judged kinds.",
            "They are decoded, and any value of their type is accepted. Find out what Kubernetes refuses.",
            unread,
        )
    if ignored := [field for field in changes.dropped if not old or field not in dropped(old.schema)]:
        yield Decision(
            f"The server accepts {len(ignored)} fields and drops them, because a feature gate is off.",
            "The simulated cluster warns about them by the schema; check that the warning reads well.",
            tuple(f"{field} {changes.dropped[field]}".strip() for field in ignored),
        )


def _older(new: Recorded) -> Iterator[Decision]:
    older = [minor for minor in recordings.minors() if number(minor) < number(new.minor)]
    for minor in older:
        schema, verdicts, runs = (folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder
                                  for folder in recordings.folders(minor))  # fmt: skip
        items = [f"{runs}: only this report reads it, once CURRENT is {new.minor}"] if _full(runs) else []
        if minor in kubernetes.MINORS:
            items.append(f"{schema} and {verdicts}: only after {minor!r} is removed from MINORS, because "
                         f"`workbook admit --kubernetes {minor}` needs them")  # fmt: skip
        else:
            items.append(f"{schema} and {verdicts}: nothing needs them")
        yield Decision(f"{minor} can be removed.", "Keep it as long as people have clusters of it.", tuple(items))


def _full(folder: Path) -> bool:
    return any((ROOT / folder).glob("*"))


def _difference(one: Difference) -> str:
    return f"{one.name}, {one.what}: simulated {one.was}; real {one.now}"


def _wording(one: Wording) -> str:
    said = f"ours {_shown(one.was)}, theirs {_shown(one.now)}"
    return f"{len(one.manifests)} × {said} ({_some(one.manifests)})"


def _shown(piece: str) -> str:
    return f"“{piece}”" if piece else "nothing"


def _some(names: Sequence[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")
