"""Compare the simulated cluster with the recordings of a real one, at a minor of Kubernetes."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cluster.admission import rules
from cluster.admission.rules import JUDGED
from cluster.admission.schema import inner
from cluster.manifests.documents import read
from cluster.pods.podspec import read_deployment
from cluster.simulated.world import SimulatedCluster
from cluster.train.stops import Scenario
from graders.core.registry import exercise
from tests import corpus
from tests.contract.agreement import times, tolerance, verdicts
from tests.corpus.dry_run import simulated
from tests.corpus.recording import same
from tools.renew.changes import Difference, Wording, dropped, grouped, replayed, seconds, words
from tools.renew.recorded import Recorded, Row
from tools.renew.schema import Schema

_SERVERS_OWN = "status"


def disagreements(recorded: Recorded) -> tuple[tuple[Difference, ...], tuple[Wording, ...]]:
    """Return the corpora's manifests that only one side accepts, and the different wordings on the others.

    In a wording, ``was`` is the simulated cluster's text and ``now`` the server's.
    """
    verdict, worded = [], []
    for name in corpus.NAMES:
        for row in corpus.manifests(name):
            key = f"{name} {row['id']}"
            if (theirs := recorded.verdicts.get(key)) is None:
                continue
            ours = simulated(row["manifest"], recorded.minor)
            if (ours["verdict"] == "accepted") != (theirs["verdict"] == "accepted") or ours["status"] != theirs[
                "status"
            ]:
                verdict.append(Difference(key, "verdict", _described(ours), _described(theirs)))
            elif not same({"warnings": ours["warnings"], **theirs}, ours):
                worded.append((key, ours, theirs))
    return tuple(verdict), grouped(worded)


def contract_differences(recorded: Recorded) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """Return the criteria on which the worlds disagree, and the times that differ by more than the tolerance.

    ``was`` is the simulated cluster's, ``now`` the real one's.
    """
    verdict: list[Difference] = []
    apart: list[Difference] = []
    world = SimulatedCluster(kubernetes=recorded.minor)
    for name, recording in sorted(recorded.cases.items()):
        theirs, ours = replayed(recording), verdicts(exercise("deployment").judge(recording.manifest, world))
        verdict += [Difference(name, what, words(ours.get(what)), words(theirs.get(what)))
                    for what in theirs | ours if ours.get(what) != theirs.get(what)]  # fmt: skip
        if recording.timeline is None:
            continue
        documents = tuple(read(recording.manifest))
        spec = read_deployment(next(d for d in documents if d.get("kind") == "Deployment"))
        here, there = times(world.run(Scenario(documents))), times(recording.timeline)
        for what in sorted(here.keys() | there.keys()):
            one, other = here.get(what), there.get(what)
            if one is None or other is None or abs(one - other) > tolerance(what, spec):
                apart.append(Difference(name, what, seconds(one), seconds(other)))
    return tuple(verdict), tuple(apart)


def unread_fields(new: Schema, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the fields that belong to judged kinds, that the server reads, and that no rule mentions."""
    within, dropped_ones, named = set(_types_within(new)), dropped(new), _named_by_rules()
    return tuple(
        field for field in fields
        if field.rpartition(".")[0] in within and field not in dropped_ones and field.rpartition(".")[2] not in named
    )  # fmt: skip


def _types_within(schema: Schema) -> Iterator[str]:
    judged = [schema["kinds"][f"{version}/{kind}"]["type"] for version, kind in JUDGED]
    queue, seen = deque(judged), set[str]()
    while queue:
        name = queue.popleft()
        if name not in seen and name in schema["types"]:
            seen.add(name)
            yield name
            ignored = schema.get("ignored", {}).get(name, {})
            written = (
                spec for field, spec in schema["types"][name].items() if field != _SERVERS_OWN and field not in ignored
            )
            queue.extend(inner(spec) for spec in written)


@cache
def _named_by_rules() -> frozenset[str]:
    """Return all string constants in the rules."""
    files = Path(rules.__file__).parent.glob("*.py")
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return frozenset(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _described(row: Row) -> str:
    return f"{row['status']} {row['message']}".strip()
