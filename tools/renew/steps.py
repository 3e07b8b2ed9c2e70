"""The four steps of a renewal, in order: schema, corpora, contract cases, shops.

A step knows the due items: those that aren't recorded, are recorded from another patch version, or have changed since. So an
interrupted renewal continues, and a complete one does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Protocol

from cluster.admission.record import record as record_schema
from cluster.admission.record import written
from cluster.admission.response import STRICT
from cluster.admission.schema import schema as as_recorded
from cluster.admission.schema import schema_file
from cluster.errors import WorldError
from cluster.kind import lifecycle
from cluster.kind.shop import KindShop
from cluster.shop import images
from tests import corpus
from tests.contract import record as contract
from tests.contract import shops
from tests.contract.recording import Recording, deployments
from tests.contract.server import Server
from tests.corpus import dry_run
from tests.corpus import recording as verdicts
from tools.renew import schema

OnRecorded = Callable[[int, int, str, str], object]
"""Called after each recorded item: the number done, the number of all, the item's name, and a note on a slow one."""

AGAIN = "Run `python -m tools.renew` again: it continues."


class Step(Protocol):
    """One step. An item takes about ``seconds``."""

    @property
    def name(self) -> str:
        """The name for ``--only`` and ``--again``."""

    @property
    def items(self) -> str:
        """The plural noun for its items."""

    @property
    def seconds(self) -> float:
        """The approximate seconds for an item."""

    def due(self, server: Server) -> list[str]:
        """Return the items to record."""

    def servers(self, minor: str) -> set[str]:
        """Return the known versions of the servers in the recordings."""

    def again(self, minor: str) -> Step:
        """Return the step with all items due. This deletes recordings of runs; git has them."""

    def record(self, server: Server, due: Sequence[str], on_recorded: OnRecorded) -> None:
        """Record the items, and save each at once. Raises WorldError."""


@dataclass(frozen=True, slots=True)
class SchemaStep:
    """The schema: kinds, fields, Go's names, and the fields that are ignored. One item, recorded from the start."""

    name: str = "schema"
    items: str = "schema"
    seconds: float = 15.0
    anew: bool = False

    def due(self, server: Server) -> list[str]:
        """Return the schema's item if it is another server's, or lacks parts that are recorded today."""
        recorded = schema.read(server.minor) or {}
        complete = recorded.keys() >= schema.PARTS and recorded["version"] == server.version
        return ["schema"] if self.anew or not complete else []

    def servers(self, minor: str) -> set[str]:
        """The server's version as the schema has it."""
        recorded = schema.read(minor)
        return {str(recorded["version"])} if recorded else set()

    def again(self, minor: str) -> Step:  # noqa: ARG002  the old one stays until the new one is whole
        """The step, with the schema due."""
        return replace(self, anew=True)

    def record(self, server: Server, due: Sequence[str], on_recorded: OnRecorded) -> None:
        """Ask for each field, and save the whole schema at the end."""

        def ask(method: str, path: str, body: Any) -> tuple[int, Any]:
            answer = server.api.ask(method, path, body, query=STRICT if method == "POST" else None)
            return answer.status, answer.body

        if due:
            try:
                recorded = record_schema(ask, lambda what, done, total: on_recorded(done, total, what, ""))
            except OSError as error:
                raise WorldError(f"The schema can't be recorded: {error}", AGAIN) from error
            written(recorded)


@dataclass(frozen=True, slots=True)
class CorporaStep:
    """The corpora's verdicts, a manifest each. Needs the schema, which says where a kind is created."""

    name: str = "corpora"
    items: str = "manifests"
    seconds: float = 0.01

    def due(self, server: Server) -> list[str]:
        """The manifests without a verdict of that server, as ``CORPUS ID``."""
        return [
            f"{name} {row['id']}" for name in corpus.NAMES for row in verdicts.due(name, server.minor, server.version)
        ]

    def servers(self, minor: str) -> set[str]:
        """The servers that the verdicts are of."""
        return set(verdicts.servers(minor).values())

    def again(self, minor: str) -> Step:
        """The step, with every manifest due."""
        for name in corpus.NAMES:
            verdicts.again(name, minor)
        return self

    def record(self, server: Server, due: Sequence[str], on_recorded: OnRecorded) -> None:
        """Ask for every verdict in a strict dry run."""
        if not schema_file(server.minor).exists():
            raise WorldError(
                f"The schema of {server.minor} isn't recorded yet.", "Record it first: --only schema,corpora."
            )
        kinds = as_recorded(server.minor).kinds
        done = count(1)

        def ask(manifest: str) -> dict[str, Any]:
            return dry_run.verdict(server.api, dry_run.address(manifest, kinds), manifest)

        for name in corpus.NAMES:
            if any(item.startswith(f"{name} ") for item in due):
                verdicts.record(
                    name,
                    server.minor,
                    server.version,
                    ask,
                    lambda identity: on_recorded(next(done), len(due), identity, ""),
                )


@dataclass(frozen=True, slots=True)
class ContractStep:
    """The contract's Deployments: each runs the whole train, two at once."""

    name: str = "contract"
    items: str = "cases"
    seconds: float = 50.0

    def due(self, server: Server) -> list[str]:
        """The cases' names."""
        return contract.due(server.minor, server.version)

    def servers(self, minor: str) -> set[str]:
        """The servers that the cases ran on."""
        return {Recording.read(file).server for file in deployments(minor).glob("*.json")} - {""}

    def again(self, minor: str) -> Step:
        """The step, with every case due."""
        for file in deployments(minor).glob("*.json"):
            file.unlink()
        return self

    def record(self, server: Server, due: Sequence[str], on_recorded: OnRecorded) -> None:
        """Run the cases."""
        _check_images(server)
        done = count(1)
        if failed := contract.record_all(
            due, server, lambda name, words: on_recorded(next(done), len(due), name, words)
        ):
            raise WorldError(f"{len(failed)} cases could not be recorded: {', '.join(failed)}", AGAIN)


@dataclass(frozen=True, slots=True)
class ShopsStep:
    """The shops of pods, a wiring each."""

    name: str = "shops"
    items: str = "wirings"
    seconds: float = 25.0

    def due(self, server: Server) -> list[str]:
        """The wirings, by the name of a drawing."""
        return list(shops.due(server.minor, server.version).values())

    def servers(self, minor: str) -> set[str]:
        """The servers that the shops ran on."""
        return {one.server for one in shops.read(minor).values()} - {""}

    def again(self, minor: str) -> Step:
        """The step, with every wiring due."""
        shops.file(minor).unlink(missing_ok=True)
        return self

    def record(self, server: Server, due: Sequence[str], on_recorded: OnRecorded) -> None:
        """Run the shops."""
        _check_images(server)
        shop = KindShop(server.context)
        wirings = {drawing: wiring for wiring, drawing in shops.due(server.minor, server.version).items()}
        for number, drawing in enumerate(due, 1):
            ran = shops.record(wirings[drawing], shop, server.minor, server.version)
            on_recorded(number, len(due), drawing, f"{ran.seconds:.0f} s")


STEPS: tuple[Step, ...] = (SchemaStep(), CorporaStep(), ContractStep(), ShopsStep())


def _check_images(server: Server) -> None:
    """Raise WorldError if the shop's images aren't on the cluster; otherwise each run would fail slowly."""
    if server.context:
        nodes = server.api.get("/api/v1/nodes")["items"]
        there = {
            name for node in nodes for image in node["status"].get("images", ()) for name in image.get("names") or ()
        }
        absent = [one.name for one in images.IMAGES if not {one.name, f"docker.io/{one.name}"} & there]
        load = f"kind load docker-image --name {server.context.removeprefix('kind-')} {' '.join(absent)}"
    else:
        absent, load = list(lifecycle.status().missing_images), "workbook cluster load"
    if absent:
        raise WorldError(f"The cluster lacks the shop's images: {', '.join(absent)}.", f"Load them: {load}")
