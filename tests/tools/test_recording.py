"""Recording, without a cluster: the due items, interrupts, and repeated recordings."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from cluster.admission.response import ACCEPTED, Admission
from cluster.admission.schema import schema
from cluster.errors import UsageError, WorldError
from cluster.kind.api import Answer, Api
from cluster.kind.world import untested
from cluster.kubernetes import CURRENT, MINORS, number
from cluster.shop.story import ObservedStory
from cluster.simulated.world import SimulatedCluster
from cluster.train.timeline import Timeline
from tests import corpus
from tests.contract import record as contract
from tests.contract import recording as recordings
from tests.contract import shops
from tests.contract.cases import cases
from tests.contract.recording import Recorder, Recording
from tests.contract.server import Server
from tests.corpus import dry_run
from tests.corpus import recording as verdicts
from tests.graders.application_platform.exercises.diagram.drawings import by_wiring
from tests.support.patience import PATIENCE

PATCH, LATER = "v9.9.1", "v9.9.2"
MINOR = "9.9"
IDS = ["a", "b", "c", "d", "e"]


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of five manifests in a folder of its own."""
    monkeypatch.setattr(corpus, "FOLDER", tmp_path)
    write([{"id": one, "category": "x", "manifest": f"kind: {one}\n"} for one in IDS])
    return tmp_path


def write(manifests: list[dict[str, str]]) -> None:
    (corpus.FOLDER / "some.jsonl").write_text("".join(json.dumps(one) + "\n" for one in manifests))


def refused(*messages: str) -> dict[str, Any]:
    causes = [{"field": "spec", "reason": "FieldValueInvalid", "message": one} for one in messages]
    return {"verdict": "rejected", "status": 422, "message": ", ".join(messages), "causes": causes, "warnings": []}


def server_that(stops_at: str = "", asked: list[str] | None = None) -> Callable[[str], dict[str, Any]]:
    """A server that refuses everything, and is interrupted at one manifest."""

    def ask(manifest: str) -> dict[str, Any]:
        if stops_at and manifest == f"kind: {stops_at}\n":
            raise KeyboardInterrupt
        if asked is not None:
            asked.append(manifest)
        return refused(f"no {manifest.split()[1]}")

    return ask


def due(server: str = PATCH) -> list[str]:
    return [row["id"] for row in verdicts.due("some", MINOR, server)]


def ignore(*_: object) -> None:
    """A callback that does nothing."""


@pytest.mark.usefixtures("rows")
def test_verdicts_go_on_where_they_were() -> None:
    """An interrupted recording asks for no manifest twice, and is complete only with all of them."""
    asked: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        verdicts.record("some", MINOR, PATCH, server_that("c", asked), ignore)
    assert not corpus.verdicts_file("some", MINOR).exists()
    assert due() == ["c", "d", "e"]
    told: list[str] = []

    def kept(identity: str) -> None:
        told.append(identity)
        assert identity in due_no_more()  # on disk already: whatever ends the program now, it stays

    def due_no_more() -> list[str]:
        return [row["id"] for row in verdicts._waiting("some", MINOR, PATCH)]

    verdicts.record("some", MINOR, PATCH, server_that(asked=asked), kept)
    assert told == ["c", "d", "e"]
    assert asked == [f"kind: {one}\n" for one in IDS]
    assert [row["id"] for row in corpus.rows("some", MINOR)] == IDS
    assert [path.name for path in corpus.verdicts_file("some", MINOR).parent.iterdir() if "part" in path.name] == []
    assert due() == []
    assert verdicts.servers(MINOR) == {"some": PATCH}


@pytest.mark.usefixtures("rows")
def test_a_line_that_was_being_written_is_recorded_again() -> None:
    """Half a row at the end of the pending file is ignored."""
    with pytest.raises(KeyboardInterrupt):
        verdicts.record("some", MINOR, PATCH, server_that("d"), ignore)
    part = verdicts._part("some", MINOR)
    part.write_text(part.read_text()[:-20])
    assert due() == ["c", "d", "e"]
    verdicts.record("some", MINOR, PATCH, server_that(), ignore)
    assert [row["message"] for row in corpus.rows("some", MINOR)] == [f"no {one}" for one in IDS]


@pytest.mark.usefixtures("rows")
def test_what_waits_is_of_one_server() -> None:
    """Rows of another patch, or of changed manifests, are recorded again, also in the pending file."""
    with pytest.raises(KeyboardInterrupt):
        verdicts.record("some", MINOR, PATCH, server_that("d"), ignore)
    assert due(LATER) == IDS
    write([{"id": one, "category": "x", "manifest": f"kind: {one}{one}\n"} for one in IDS])
    assert due() == IDS
    verdicts.record("some", MINOR, PATCH, server_that(), ignore)
    assert due() == []
    assert due(LATER) == IDS
    write([{"id": one, "category": "x", "manifest": f"kind: {one}\n"} for one in IDS])
    assert due() == IDS


@pytest.mark.usefixtures("rows")
def test_another_order_is_no_change() -> None:
    """A repeated verdict with the same causes in another order doesn't replace the old one."""
    one, other = ["x: first", "y: second"], ["y: second", "x: first"]
    verdicts.record("some", MINOR, PATCH, lambda _: refused(*one), ignore)
    before = corpus.verdicts_file("some", MINOR).read_bytes()
    verdicts.again("some", MINOR)
    assert due() == IDS
    verdicts.record("some", MINOR, PATCH, lambda _: refused(*other), ignore)
    assert corpus.verdicts_file("some", MINOR).read_bytes() == before
    verdicts.record("some", MINOR, LATER, lambda _: refused(*other), ignore)
    assert corpus.verdicts_file("some", MINOR).read_bytes() != before


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("name", corpus.NAMES)
def test_the_corpora_are_recorded(name: str, minor: str) -> None:
    """Each minor has verdicts on all current manifests of the corpora, from a server of that minor."""
    server = verdicts.servers(minor)[name]
    assert Server(cast(Api, None), server).minor == minor
    assert verdicts.due(name, minor, server) == []
    assert len(corpus.rows(name, minor)) == len(corpus.manifests(name))


class Canned:
    """An API that answers with one thing, and remembers what it was asked."""

    context = "canned"

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.asked: list[tuple[str, bytes]] = []

    def ask(self, _method: str, path: str, body: bytes, **_: object) -> Answer:
        self.asked.append((path, body))
        return self._answer


def told(manifest: str, status: int, message: str) -> tuple[dict[str, Any], Canned]:
    api = Canned(Answer(status, {"message": message}))
    kind = dry_run.address(manifest, schema(CURRENT).kinds)
    return dry_run.verdict(cast(Api, api), kind, manifest), api


@pytest.mark.parametrize(
    ("manifest", "quoted"),
    [
        ("- 1\n", "2d20310a"),
        ("- a longer list than that is\n- yes\n", "2d2061206c6f6e676572206c697374207468616e20746861742069730a2d ..."),
        ('{"a": [1}', '{"a": [1}'),
        ("", "<empty>"),
    ],
)
def test_the_quoted_request_is_left_out(manifest: str, quoted: str) -> None:
    """A recorded refusal has the server's message, without the repeated beginning of the request."""
    said = "the object provided is unrecognized (must be of type Deployment): couldn't get version/kind (really)"
    row, _ = told(manifest, 400, f"{said} ({quoted})")
    assert row["message"] == said


def test_a_manifest_is_sent_as_it_is() -> None:
    """The text is the request's body, to the address of its kind, or else to Deployments."""
    service = "# mine\napiVersion: v1\nkind: Service\nmetadata: {name: ö}\nmetadata: {name: p}\n"
    assert told(service, 201, "")[1].asked == [("/api/v1/namespaces/default/services", service.encode())]
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n"
    assert told(namespace, 201, "")[1].asked[0][0] == "/api/v1/namespaces"
    listed = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: batch/v1, kind: Job}\n"
    assert told(listed, 400, "no")[1].asked[0][0] == "/apis/batch/v1/namespaces/default/jobs"
    for odd in ("", "- 1", "a: [", "kind: Deploymnet\napiVersion: apps/v1", "kind: [1]\n"):
        assert told(odd, 400, "no")[1].asked == [("/apis/apps/v1/namespaces/default/deployments", odd.encode())]


def test_empty_documents_before_the_first_are_left_out() -> None:
    """An empty document, which the server reads as null, isn't sent, as with every client."""
    text = "apiVersion: batch/v1\nkind: Job\n"
    (path, body), = told(f"---\n---\n{text}", 201, "")[1].asked  # fmt: skip
    assert (path, body.decode()) == ("/apis/batch/v1/namespaces/default/jobs", text)
    assert told(f"---\n{text}", 201, "")[1].asked[0][1].decode() == f"---\n{text}"


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for recordings of runs, empty."""
    for module in (recordings, shops):
        monkeypatch.setattr(module, "RECORDED", tmp_path)
    return tmp_path


def keep(name: str, server: str, manifest: str = "") -> None:
    recording = Recording(manifest or cases()[name], f"v{MINOR}", (Admission(ACCEPTED),), None, server)
    file = recordings.deployments(MINOR) / f"{name}.json"
    recording.write(file)
    assert Recording.read(file) == recording


@pytest.mark.usefixtures("recorded")
def test_cases_that_are_due() -> None:
    """A case is due if it isn't recorded, ran on another patch version, or has changed."""
    assert contract.due(MINOR, PATCH) == list(cases())
    keep("reference", PATCH)
    keep("recreate", "")
    keep("no-probes", LATER)
    keep("pre-stop", PATCH, "kind: Deployment\n")
    assert set(cases()) - set(contract.due(MINOR, PATCH)) == {"reference", "recreate"}


@pytest.mark.usefixtures("recorded")
def test_wirings_that_are_due() -> None:
    """A wiring is due if it isn't recorded, or ran on another patch version."""
    wirings = list(by_wiring())
    first, second, third = wirings[:3]
    one = shops.RecordedShop(first, ObservedStory({"stored": True}, {"api": (True, False)}), f"v{MINOR}", 1.0, PATCH)
    shops.write({first: one, second: replace(one, wiring=second, server="")}, MINOR)
    shops.write(shops.read(MINOR) | {third: replace(one, wiring=third, server=LATER)}, MINOR)
    assert shops.read(MINOR)[first] == one
    assert list(shops.due(MINOR, PATCH)) == wirings[2:]


class Riding(SimulatedCluster):
    """A world that reports on its run before the end, with a note."""

    def __init__(self, note: str = "") -> None:
        super().__init__()
        self.version = f"v{MINOR}"
        self._note = note

    def run(self, scenario: Any, watch: Any = None) -> Timeline:
        ran = super().run(scenario)
        if watch is not None:
            watch(ran)
        return replace(ran, note=self._note)


def cluster(monkeypatch: pytest.MonkeyPatch, world: object) -> Server:
    monkeypatch.setattr(contract, "KindCluster", lambda *_, **__: world)
    return Server(cast(Api, Canned(Answer(200, {}))), PATCH)


def test_a_new_version_is_no_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """The note on an untested version isn't recorded; other notes are."""
    manifest = cases()["reference"]
    world = Riding(untested(f"v{MINOR}"))
    recording, _ = contract.record(manifest, cluster(monkeypatch, world))
    assert recording.timeline is not None
    assert (recording.timeline.note, recording.server) == ("", PATCH)
    recording, _ = contract.record(manifest, cluster(monkeypatch, Riding("It was simulated")))
    assert recording.timeline is not None
    assert recording.timeline.note == "It was simulated"


def test_a_run_is_given_up() -> None:
    """If its recording ends, a run stops, so that its namespaces are deleted at once."""
    ended = threading.Event()
    recorder = Recorder(Riding(), ended)
    assert recorder.run(cast(Any, scenario())).events
    ended.set()
    with pytest.raises(WorldError, match="ended"):
        recorder.run(cast(Any, scenario()))


def scenario() -> Any:
    from cluster.manifests.documents import read  # noqa: PLC0415
    from cluster.train.stops import Scenario  # noqa: PLC0415

    return Scenario(tuple(read(cases()["reference"])))


@pytest.mark.usefixtures("recorded")
def test_cases_go_on_where_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C drops running cases and keeps finished ones; the rest is due."""
    names, first, gave_up = ["reference", "recreate", "pre-stop"], threading.Event(), list[str]()

    def ride(manifest: str, server: Server, ended: threading.Event) -> tuple[Recording, str]:
        if manifest != cases()["reference"]:
            if first.wait(PATIENCE) and ended.wait(PATIENCE):
                gave_up.append(manifest)
            raise WorldError("The recording was ended.")
        return Recording(manifest, f"v{MINOR}", (), None, server.version), "full marks"

    def interrupted(name: str, _words: str) -> None:
        assert name == "reference"
        first.set()
        raise KeyboardInterrupt

    monkeypatch.setattr(contract, "record", ride)
    server = Server(cast(Api, None), PATCH)
    with pytest.raises(KeyboardInterrupt):
        contract.record_all(names, server, interrupted)
    assert [name for name in names if name in contract.due(MINOR, PATCH)] == ["recreate", "pre-stop"]
    assert cases()["recreate"] in gave_up


@pytest.mark.usefixtures("recorded")
def test_a_case_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case that the cluster couldn't run is reported and not saved, and the other cases run."""

    def ride(manifest: str, server: Server, _ended: threading.Event) -> tuple[Recording, str]:
        if manifest == cases()["recreate"]:
            raise WorldError("The cluster is full.", "Try again.")
        return Recording(manifest, f"v{MINOR}", (), None, server.version), "full marks"

    monkeypatch.setattr(contract, "record", ride)
    said: dict[str, str] = {}
    failed = contract.record_all(["reference", "recreate"], Server(cast(Api, None), PATCH), said.__setitem__)
    assert failed == ("recreate",)
    assert said["recreate"] == "not judged: The cluster is full. Try again."
    assert "reference" not in contract.due(MINOR, PATCH)


def test_a_case_that_there_isnt() -> None:
    """A case that isn't in the contract is refused by name."""
    with pytest.raises(UsageError, match="moon"):
        contract.main(["moon"])


def test_versions_are_compared_as_numbers() -> None:
    """A later patch counts as later, with any suffix of the version; an invalid version is an error."""
    assert number("v1.37.10") > number("v1.37.9-dirty") > number("v1.37.2+k3s1") > number("1.34")
    assert Server(cast(Api, None), "v1.37.2+k3s1").minor == "1.37"
    with pytest.raises(WorldError, match="banana"):
        Server(cast(Api, None), "banana").minor  # noqa: B018
