"""Recordings of a real cluster's answers and runs, in ``recorded/MINOR/deployments/``, and a world that replays them."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cluster import Cluster
from cluster.admission.response import Admission, Cause
from cluster.errors import WorldError
from cluster.kubernetes import CURRENT
from cluster.manifests.documents import Document
from cluster.train.stops import Scenario
from cluster.train.timeline import Event, EventKind, Timeline, Watch
from tests.corpus.recording import write_whole

RECORDED = Path(__file__).parent / "recorded"


def deployments(minor: str = CURRENT) -> Path:
    """The folder with a minor version's recordings, one file a case."""
    return RECORDED / minor / "deployments"


FOLDER = deployments()


@dataclass(frozen=True)
class Recording:
    """A manifest, the server's verdicts on its documents, and the timeline of its run (None where it didn't run).

    ``version`` is the server's minor version as people write it, ``server`` its full version with the patch; empty
    if unknown.
    """

    manifest: str
    version: str
    admissions: tuple[Admission, ...]
    timeline: Timeline | None
    server: str = ""

    def write(self, path: Path) -> None:
        """Write the recording, one event a line: completely or not at all."""
        ran = self.timeline
        events = [[e.at, e.stop, e.subject, e.kind.value, e.detail, e.value] for e in ran.events] if ran else None
        said = {
            "version": self.version,
            "server": self.server,
            "note": ran.note if ran else "",
            "world": ran.world if ran else "",
            "admissions": [asdict(a) for a in self.admissions],
            "manifest": self.manifest,
        }
        lines = ",\n".join("  " + json.dumps(event, ensure_ascii=False) for event in events or ())
        head = json.dumps(said, ensure_ascii=False, indent=1).removesuffix("\n}")
        write_whole(
            path, f'{head},\n "events": {f"[{chr(10)}{lines}{chr(10)} ]" if events is not None else "null"}\n}}\n'
        )

    @classmethod
    def read(cls, path: Path) -> Recording:
        """Read a recording."""
        said = json.loads(path.read_text())
        timeline = None
        if said["events"] is not None:
            events = tuple(Event(at, stop, subject, EventKind(kind), detail, value)
                           for at, stop, subject, kind, detail, value in said["events"])  # fmt: skip
            timeline = Timeline(said["world"], said["version"], events, note=said["note"])
        admissions = tuple(_admission(one) for one in said["admissions"])
        return cls(said["manifest"], said["version"], admissions, timeline, said.get("server", ""))


def _admission(said: dict[str, Any]) -> Admission:
    causes, pointers, ignored = (
        tuple(Cause(**one) for one in said.get(part, ())) for part in ("causes", "pointers", "ignored")
    )
    return Admission(said["status"], said["message"], causes, tuple(said["warnings"]), pointers, ignored)


class Recorder:
    """A world that forwards to another world and records its results. ``ended`` is set to stop a run."""

    def __init__(self, world: Cluster, ended: threading.Event | None = None) -> None:
        self._world = world
        self._ended = ended or threading.Event()
        self.admissions: tuple[Admission, ...] = ()
        self.timeline: Timeline | None = None

    @property
    def name(self) -> str:
        return self._world.name

    @property
    def version(self) -> str:
        return self._world.version

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        self.admissions = self._world.admit(documents)
        return self.admissions

    def admit_text(self, text: str) -> tuple[Admission, ...]:
        return self._world.admit_text(text)

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        def watched(so_far: Timeline) -> None:
            if self._ended.is_set():
                raise WorldError("The recording was ended.", "Start it again: it goes on where it was.")
            if watch is not None:
                watch(so_far)

        self.timeline = self._world.run(scenario, watched)
        return self.timeline

    def start_job(self, documents: Sequence[Document], watch: Watch | None = None) -> Timeline:
        return self._world.start_job(documents, watch)


class Replayed:
    """A world that replays a recording."""

    name = "kind"

    def __init__(self, recording: Recording) -> None:
        self.version = recording.version
        self._recording = recording

    def admit(self, documents: Sequence[Document]) -> tuple[Admission, ...]:
        assert len(documents) == len(self._recording.admissions)
        return self._recording.admissions

    def admit_text(self, text: str) -> tuple[Admission, ...]:
        raise NotImplementedError

    def run(self, scenario: Scenario, watch: Watch | None = None) -> Timeline:
        assert self._recording.timeline is not None
        return self._recording.timeline

    def start_job(self, documents: Sequence[Document], watch: Watch | None = None) -> Timeline:
        raise NotImplementedError
