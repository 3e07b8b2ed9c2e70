"""Read the recordings of a minor, and list the recorded minors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from cluster.admission.schema import FOLDER, schema_file
from cluster.errors import UsageError
from cluster.kubernetes import number
from cluster.shop.wiring import Wiring
from tests import corpus
from tests.contract import shops
from tests.contract.recording import RECORDED, Recording, deployments
from tests.contract.shops import RecordedShop
from tools.renew import schema
from tools.renew.schema import Schema

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Recorded:
    """The recordings of a minor; missing ones are empty.

    ``verdicts`` has a corpus's rows by ``CORPUS ID``, ``cases`` has recordings by name, ``shops`` by wiring.
    """

    minor: str
    schema: Schema = field(default_factory=dict)
    verdicts: Mapping[str, Row] = field(default_factory=dict)
    cases: Mapping[str, Recording] = field(default_factory=dict)
    shops: Mapping[Wiring, RecordedShop] = field(default_factory=dict)

    @cached_property
    def version(self) -> str:
        """The server's version, with the patch if it is known."""
        return str(self.schema.get("version", "")) or f"v{self.minor}"


def read(minor: str) -> Recorded:
    """Read the recordings of a minor."""
    verdicts: dict[str, Row] = {}
    for name in corpus.NAMES:
        if corpus.verdicts_file(name, minor).exists():
            verdicts |= {f"{name} {row['id']}": row for row in corpus.verdicts(name, minor)}
    return Recorded(
        minor,
        schema.read(minor) or {},
        verdicts,
        {file.stem: Recording.read(file) for file in sorted(deployments(minor).glob("*.json"))},
        shops.read(minor),
    )


def folders(minor: str) -> tuple[Path, ...]:
    """Return the folders of a minor's recordings."""
    return schema_file(minor).parent, corpus.verdicts_file("", minor).parent, RECORDED / minor


def minors() -> tuple[str, ...]:
    """Return the recorded minors, the oldest first."""
    roots = {FOLDER, corpus.FOLDER / "verdicts", RECORDED}
    names = {path.name for root in roots if root.is_dir() for path in root.iterdir() if number(path.name)}
    return tuple(sorted(names, key=number))


def newest() -> str:
    """Return the newest recorded minor. Raises UsageError if nothing is recorded."""
    if not (every := minors()):
        raise UsageError("Nothing is recorded yet.", "Record a cluster first: python -m tools.renew")
    return every[-1]


def other(minor: str, named: str = "") -> str:
    """The minor to compare with: the one that is named, or the newest other one; empty where there is none.

    Raises UsageError for one of which nothing is recorded.
    """
    others = [one for one in minors() if one != minor]
    if named and named.removeprefix("v") not in others:
        raise UsageError(f"Nothing is recorded of {named}.", f"Recorded are {', '.join(minors())}.")
    older = [one for one in others if number(one) < number(minor)]
    return named.removeprefix("v") or (older or others or [""])[-1]
