"""The command that renews Kubernetes, with the tests' own steps and recordings: its output and its exit codes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, cast

import pytest
import typer

from cluster import kubernetes
from cluster.admission.response import ACCEPTED, Admission
from cluster.errors import UsageError, WorldError
from cluster.kind import lifecycle
from cluster.kind.api import Api
from cluster.kubernetes import CURRENT
from cluster.manifests.documents import read
from cluster.shop import images
from cluster.shop.story import ObservedStory
from cluster.shop.wiring import Wiring
from cluster.simulated.world import SimulatedCluster
from cluster.train.stops import OUTAGE, Scenario
from cluster.train.timeline import EventKind, Timeline
from graders.cli.exit_codes import STOPPED
from graders.present.console import Console
from tests import corpus
from tests.contract.cases import cases
from tests.contract.recording import Recording
from tests.contract.server import Server
from tests.contract.shops import RecordedShop
from tests.corpus import dry_run
from tests.graders.application_platform.exercises.diagram.drawings import by_wiring
from tools.renew import changes, cli, decisions, recorded, schema, steps
from tools.renew.changes import ANOTHER_ORDER, ONCE, TWICE, Difference, SchemaChanges, edit
from tools.renew.progress import Progress
from tools.renew.recorded import Recorded
from tools.renew.report import SHOWN, report

NEXT = "9.9"
SERVER = f"v{NEXT}.2"
MOST = 40
"""How many manifests of each corpus are enough here."""


# --- how far it is


def plain(line: str) -> str:
    return " ".join(line.split())


def test_progress_is_said() -> None:
    """Each slow item has a line with the number done, the rate and the time left; only some quick items have one."""
    now = 0.0
    said = Progress("contract", lambda: now)
    now = 30.0
    assert (
        plain(said.line(1, 4, "grace-0", "full marks"))
        == "contract 1 of 4 grace-0 full marks 2.0 a minute, 1.5 min left"
    )
    now = 120.0
    assert said.line(4, 4, "recreate", "full marks").endswith("in 2 min")
    quick = Progress("corpora", lambda: now)
    lines = []
    for done in range(1, 401):
        now += 1 / 16
        lines.append(quick.line(done, 400, "id"))
    format_duration = [line for line in lines if line]
    assert len(format_duration) == 5
    assert plain(format_duration[0]) == "corpora 80 of 400 16 a second, 20 s left"
    assert plain(format_duration[-1]) == "corpora 400 of 400 in 25 s"
    assert quick.line(1, 300, "id") == ""  # another stretch begins: what was before says nothing of its rate
    now += 10.0
    assert plain(quick.line(101, 300, "id")) == "corpora 101 of 300 10 a second, 19.7 s left"


# --- recording


@dataclass
class Canned:
    """A step with three items, of which one may end it; the next run continues."""

    name: str
    ends: BaseException | None = None
    left: list[str] = field(default_factory=lambda: ["one", "two", "three"])
    of: set[str] = field(default_factory=set)
    items: str = "things"
    seconds: float = 60.0

    def due(self, _server: Server) -> list[str]:
        return list(self.left)

    def servers(self, _minor: str) -> set[str]:
        return self.of

    def again(self, _minor: str) -> Canned:
        return self

    def record(self, _server: Server, due: Sequence[str], told: Callable[[int, int, str, str], object]) -> None:
        for number, item in enumerate(due, 1):
            if self.ends is not None and item == "two":
                raise self.ends
            self.left.remove(item)
            told(number, len(due), item, "recorded")


class Reached:
    """An API that answers, or doesn't."""

    context = "kind-new"

    def __init__(self, away: bool = False) -> None:
        self._away = away

    def get(self, _path: str) -> dict[str, Any]:
        if self._away:
            raise WorldError("The API server of kind-new doesn't answer.")
        return {"gitVersion": SERVER}


def reached(version: str = SERVER, *, away: bool = False) -> Server:
    return Server(cast(Api, Reached(away)), version, "kind-new")


def page() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=200, soft_wrap=True), out


def test_an_interrupted_renewal_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """After Ctrl-C the output says what is left; the same command then continues."""
    first, second = Canned("schema", left=[]), Canned("corpora", KeyboardInterrupt())
    console, out = page()
    with pytest.raises(typer.Exit) as end:
        cli.record(reached(), [first, second], console)
    assert end.value.exit_code == STOPPED
    assert "2 things of the step corpora are left. Run `python -m tools.renew` again" in capsys.readouterr().err
    assert "schema     nothing to do" in out.getvalue()
    assert "3 things to record, about 3 min" in out.getvalue()
    second.ends = None
    assert cli.record(reached(), [first, second], console) == 0
    assert second.left == []
    assert "2 things to record, about 2 min" in out.getvalue()


def test_a_step_in_trouble_keeps_none_after_it_from_running(capsys: pytest.CaptureFixture[str]) -> None:
    """A failed step says why; the next one runs, unless the server doesn't answer."""
    trouble = WorldError("The cluster lacks the shop's images.", "Bring them there.")
    console, _ = page()
    first, second = Canned("contract", trouble), Canned("shops")
    assert cli.record(reached(), [first, second], console) == 1
    assert second.left == []
    assert "contract: The cluster lacks the shop's images.\nBring them there.\n" in capsys.readouterr().err
    first, second = Canned("contract", trouble), Canned("shops")
    assert cli.record(reached(away=True), [first, second], console) == 1
    assert second.left == ["one", "two", "three"]
    assert "doesn't answer. Run `python -m tools.renew` again" in capsys.readouterr().err


def test_a_renewal_goes_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of an older, unrecorded minor is refused; so is an older patch, except with --again."""
    monkeypatch.setattr(recorded, "minors", lambda: ("1.34", "9.9"))
    assert cli._suitable(reached("v1.34.4"), [Canned("schema")], set()).minor == "1.34"
    with pytest.raises(WorldError, match=r"is Kubernetes v1\.36\.1, but 9\.9 is already recorded"):
        cli._suitable(reached("v1.36.1"), [Canned("schema")], set())
    both = [Canned("schema"), Canned("shops", of={f"v{NEXT}.2", f"v{NEXT}.10"})]
    assert cli._suitable(reached(f"v{NEXT}.10"), both, set()).minor == NEXT
    with pytest.raises(WorldError, match=r"shops of 9\.9 were recorded from v9\.9\.10") as refused:
        cli._suitable(reached(), both, set())
    assert "--again shops" in refused.value.hint
    assert cli._suitable(reached(), both, {"shops"}).minor == NEXT


def test_runs_need_the_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the shop's images on the cluster no run begins, and the error says how to load them."""
    first, *rest = (image.name for image in images.IMAGES)
    nodes = {"items": [{"status": {"images": [{"names": [f"docker.io/{name}"]} for name in rest]}}]}
    with monkeypatch.context() as lacking:
        lacking.setattr(Reached, "get", lambda *_: nodes)
        with pytest.raises(WorldError, match=f"lacks the shop's images: {first}.$") as refused:
            steps.ContractStep().record(reached(), ["reference"], lambda *_: None)
    assert refused.value.hint == f"Load them: kind load docker-image --name new {first}"
    monkeypatch.setattr(
        lifecycle, "status", lambda: lifecycle.Status("docker", "kind", True, True, missing_images=(first,))
    )
    with pytest.raises(WorldError, match=first) as refused:
        steps.ShopsStep().record(replace(reached(), context=""), ["one"], lambda *_: None)
    assert "workbook cluster load" in refused.value.hint


def test_steps_go_by_name() -> None:
    """The error for an unknown step lists the known ones."""
    assert cli._chosen("schema, shops") == {"schema", "shops"}
    with pytest.raises(UsageError, match="moon") as refused:
        cli._chosen("moon")
    assert "schema, corpora, contract, shops" in refused.value.hint


# --- what changed


def refused(*causes: tuple[str, str], status: int = 422, warnings: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "verdict": "rejected", "status": status, "message": "; ".join(f"{where}: {what}" for where, what in causes),
        "causes": [{"field": where, "reason": "FieldValueInvalid", "message": what} for where, what in causes],
        "warnings": list(warnings),
    }  # fmt: skip


def undecodable(message: str) -> dict[str, Any]:
    return {"verdict": "rejected", "status": 400, "message": message, "causes": [], "warnings": []}


FINE = {"verdict": "accepted", "status": 201, "message": "", "causes": [], "warnings": []}


def pair(**rows: tuple[dict[str, Any], dict[str, Any]]) -> tuple[Recorded, Recorded]:
    """Two minors with these verdicts."""
    old, new = ({name: both[side] for name, both in rows.items()} for side in (0, 1))
    return Recorded(CURRENT, verdicts=old), Recorded(NEXT, verdicts=new)


def test_flips_are_named() -> None:
    """A manifest with another verdict is listed, with the refusing server's message."""
    old, new = pair(a=(FINE, refused(("spec", "no"))), b=(refused(("spec", "no")), FINE), c=(FINE, FINE))
    assert changes.flips(old, new) == (
        changes.Flip("a", accepted=False, why="spec: no"), changes.Flip("b", accepted=True, why="spec: no"),
    )  # fmt: skip


def test_wordings_are_grouped() -> None:
    """A wording that changed in many verdicts is one line with a count, for all values and fields."""

    def long(field_: str, value: str, unit: str) -> dict[str, Any]:
        return refused((field_, f'Invalid value: "{value}": must be no more than 63 {unit}'))

    old, new = pair(
        a=(long("spec.a", "x", "characters"), long("spec.a", "x", "bytes")),
        b=(long("spec.b", "yy", "characters"), long("spec.b", "yy", "bytes")),
        c=(undecodable("Go struct field Pod.spec.httpGet of type T"), undecodable("Go struct field Pod.spec.ProbeHandler.httpGet of type T")),
        d=(refused(("f", "p 1")), refused(("f", "p 1"), ("g", "Required value"))),
        e=(refused(("f", "no"), ("g", "no")), refused(("g", "no"), ("f", "no"))),
        f=(refused(("f", "no"), ("f", "no")), refused(("f", "no"))),
        g=(refused(("f", "no"), warnings=["old"]), refused(("f", "no"), warnings=["new"])),
        h=(FINE, FINE),
        i=(refused(("f", 'Unsupported value: "A": supported values: "B"')), refused(("f", 'Unsupported value: "A": supported values: "B", "C"'))),
        j=(FINE, refused(("f", "no"))),
        k=(refused(("f", "Invalid value: 8080: low")), refused(("f", "Invalid value: -1: low"))),
        l=(refused(("g", "Invalid value: 493: low")), refused(("g", "Invalid value: 5: low"))),
    )  # fmt: skip
    found = {(w.was, w.now): w.manifests for w in changes.wordings(old, new)}
    assert found == {
        ("characters", "bytes"): ("a", "b"), ("", "ProbeHandler."): ("c",), ("", "Required value"): ("d",),
        (ANOTHER_ORDER, ANOTHER_ORDER): ("e",), (TWICE, ONCE): ("f",), ("old", "new"): ("g",), ("", ', "C"'): ("i",),
        ("8080", "-1"): ("k", "l"),
    }  # fmt: skip
    counts = [len(wording.manifests) for wording in changes.wordings(old, new)]
    assert counts == sorted(counts, reverse=True)


def test_an_edit_is_whole_words() -> None:
    """The differing pieces of two texts are whole words and quoted values."""
    assert edit('"ab" is wrong', '"ac" is wrong') == ('"ab"', '"ac"')
    assert edit("a b c", "a c") == ("b", "")
    assert edit("same", "same") == ("", "")
    assert edit("a a", "a") == ("a", "")


SCHEMA: dict[str, Any] = {
    "version": f"v{CURRENT}.1", "kinds": {"v1/Pod": {"type": "core/v1.Pod"}}, "others": ["x/v1/Old"],
    "types": {"core/v1.Pod": {"spec": "core/v1.PodSpec"}, "core/v1.PodSpec": {"gone": "bool", "size": "int32"}},
    "gates": {"Old": False, "Fixed": True},
}  # fmt: skip
LATER_SCHEMA: dict[str, Any] = SCHEMA | {
    "version": SERVER, "others": ["x/v1/New"],
    "types": {"core/v1.Pod": {"spec": "core/v1.PodSpec"}, "core/v1.PodSpec": {"mode": "string", "size": "int64"}},
    "ignored": {"core/v1.PodSpec": {"mode": "PodModes"}}, "gates": {"PodModes": False, "Old": True, "Fixed": True},
}  # fmt: skip


def test_the_schema_is_compared() -> None:
    """Added and removed kinds and fields, changed types, and dropped fields with their gates are reported."""
    assert changes.schema_changes(SCHEMA, LATER_SCHEMA) == SchemaChanges(
        ("x/v1/New",), ("x/v1/Old",), ("core/v1.PodSpec.mode",), ("core/v1.PodSpec.gone",),
        {"core/v1.PodSpec.size": ("int32", "int64")}, {"core/v1.PodSpec.mode": "PodModes"}, {"Old": True},
    )  # fmt: skip
    assert changes.schema_changes({}, LATER_SCHEMA).fields_new == ()


@cache
def ran(name: str, late: float = 0.0) -> Recording:
    """A recording of the simulated cluster's run of a case, with an outage noticed later."""
    manifest = cases()[name]
    timeline = SimulatedCluster().run(Scenario(tuple(read(manifest))))
    noticed = timeline.first(OUTAGE, EventKind.NOT_READY)
    assert noticed is not None
    events = tuple(replace(e, at=e.at + late) if e is noticed else e for e in timeline.events)
    return Recording(manifest, f"v{NEXT}", (Admission(ACCEPTED),), Timeline("kind", f"v{NEXT}", events), SERVER)


def test_timings_are_compared() -> None:
    """Each stop has both medians, and the case with the largest difference, with its sign."""
    names = ("reference", "recreate", "pre-stop")
    old = Recorded(CURRENT, cases={name: ran(name) for name in names})
    new = Recorded(
        NEXT,
        cases={"reference": ran("reference", -0.5), "recreate": ran("recreate", 0.25), "pre-stop": ran("pre-stop")},
    )
    (noticed,) = [t for t in changes.timings(old, new) if t.what == "outage noticed"]
    assert (noticed.runs, noticed.case) == (3, "reference")
    assert noticed.largest == pytest.approx(-0.5)
    assert {t.what for t in changes.timings(old, new) if t.largest} == {"outage noticed"}


def test_runs_are_compared() -> None:
    """A criterion with another verdict is listed with both; so are events on only one server, and a shop's steps."""
    one = ran("reference")
    assert one.timeline is not None
    deaf = replace(one, timeline=replace(one.timeline, events=tuple(
        e for e in one.timeline.events if not (e.stop == OUTAGE and e.kind is EventKind.NOT_READY))))  # fmt: skip
    found = changes.case_differences(
        Recorded(CURRENT, cases={"reference": one}), Recorded(NEXT, cases={"reference": deaf})
    )
    assert {d.name for d in found} == {"reference"}
    assert any(d.was.startswith("pass") and d.now.startswith("fail") for d in found)
    assert any(d.what == "outage noticed" and d.now == "didn't happen" for d in found)
    wiring, names = next(iter(by_wiring().items()))
    shops = [
        {wiring: RecordedShop(wiring, ObservedStory({"stored": stored}, {}), "v1", 1.0)} for stored in (True, False)
    ]
    assert changes.shop_differences(Recorded(CURRENT, shops=shops[0]), Recorded(NEXT, shops=shops[1])) == (
        Difference(names[0], "stored", "True", "False"),
    )


# --- what is left to decide


@cache
def agreeing() -> Recorded:
    """Complete recordings of a server that agrees with the simulated cluster: no decision is open."""
    rows = {
        f"{name} {row['id']}": dry_run.simulated(row["manifest"], CURRENT)
        for name in corpus.NAMES
        for row in corpus.manifests(name)[:MOST]
    }
    shops: dict[Wiring, RecordedShop] = {
        wiring: RecordedShop(wiring, ObservedStory({}, {}), "v1", 1.0) for wiring in by_wiring()
    }
    return Recorded(CURRENT, schema.read(CURRENT) or {}, rows, {"reference": ran("reference")}, shops)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project with forty manifests for each corpus, one case, and only the current minor."""
    manifests = {name: corpus.manifests(name)[:MOST] for name in corpus.NAMES}
    reference = {"reference": cases()["reference"]}
    monkeypatch.setattr(corpus, "manifests", manifests.__getitem__)
    monkeypatch.setattr(decisions, "cases", lambda: reference)
    monkeypatch.setattr(recorded, "minors", lambda: (CURRENT,))
    monkeypatch.setattr(kubernetes, "NODE_IMAGE", f"kindest/node:v{CURRENT}.0@sha256:0")


def decided(new: Recorded, found: SchemaChanges | None = None, old: Recorded | None = None) -> list[decisions.Decision]:
    return list(decisions.decisions(new, old, found or SchemaChanges()))


@pytest.mark.usefixtures("small")
def test_nothing_to_decide() -> None:
    """If the simulated cluster agrees with the recordings, no decision is open."""
    assert decided(agreeing()) == []


@pytest.mark.usefixtures("small")
def test_what_isnt_recorded_comes_first() -> None:
    """Missing recordings are counted and named first."""
    new = agreeing()
    rows = dict(list(new.verdicts.items())[1:])
    first = decided(replace(new, verdicts=rows, cases={}, schema={}))[0]
    assert first.what == f"The recordings of {CURRENT} are incomplete."
    assert first.items[0] == "the schema"
    assert first.items[1].startswith("1 manifests: admission ")
    assert first.items[2] == "1 contract cases: reference"


@pytest.mark.usefixtures("small")
def test_disagreements_are_listed_verdicts_first() -> None:
    """Each manifest on which they disagree is named; a different wording is one line for all its manifests."""
    new = agreeing()
    accepted = next(key for key, row in new.verdicts.items() if row["verdict"] == "accepted")
    worded = [key for key, row in new.verdicts.items() if "unknown field" in row["message"]]
    assert len(worded) > 3
    rows = {**new.verdicts, accepted: refused(("spec", "no"))}
    rows |= {key: {**rows[key], "message": rows[key]["message"].replace("unknown", "strange")} for key in worded}
    verdict, words = decided(replace(new, verdicts=rows))
    assert verdict.what == "The simulated cluster and the server disagree on 1 manifests."
    assert verdict.items == (f"{accepted}, verdict: simulated 201; real 422 spec: no",)
    assert f"words {len(worded)} verdicts" in words.what
    assert words.items[0].startswith(f"{len(worded)} × ours “unknown”, theirs “strange” ({worded[0]}, ")


@pytest.mark.usefixtures("small")
def test_worlds_that_differ_are_listed() -> None:
    """A time outside the tolerance is a decision, and so is a criterion on which the worlds disagree."""
    late = ran("reference", -20.0)
    (apart,) = [d for d in decided(replace(agreeing(), cases={"reference": late})) if "tolerance" in d.what]
    assert apart.items[0].startswith("reference, outage noticed: simulated ")
    assert late.timeline is not None
    events = tuple(e for e in late.timeline.events if e.stop != OUTAGE)
    found = decided(
        replace(agreeing(), cases={"reference": replace(late, timeline=replace(late.timeline, events=events))})
    )
    assert found[0].what == "The worlds disagree in 1 contract cases."


@pytest.mark.usefixtures("small")
def test_new_fields_are_to_be_looked_up() -> None:
    """A new field of a judged kind without a rule is a decision, unless the server sets or drops it."""
    new = agreeing()
    types = {name: dict(fields) for name, fields in new.schema["types"].items()}
    types["core/v1.PodSpec"] |= {"fancyMode": "string", "fancyGate": "string", "replicas": "int32"}
    types["core/v1.PodStatus"] |= {"fancyState": "string"}
    ignored = {"core/v1.PodSpec": {"fancyGate": "Fancy"}}
    later = replace(new, schema={**new.schema, "types": types, "ignored": ignored})
    old = replace(new, schema={**new.schema, "ignored": {}})
    found = changes.schema_changes(old.schema, later.schema)
    assert len(found.fields_new) == 4
    unread, dropped = decided(later, found, old)
    assert unread.items == ("core/v1.PodSpec.fancyMode",)
    assert dropped.items == ("core/v1.PodSpec.fancyGate Fancy",)


@pytest.mark.usefixtures("small")
def test_pins_and_older_minors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer minor has to be pinned; an older one can be removed, and the report names what still reads it."""
    monkeypatch.setattr(recorded, "minors", lambda: ("1.20", CURRENT))
    monkeypatch.setattr(kubernetes, "CURRENT", "1.20")
    monkeypatch.setattr(kubernetes, "MINORS", ("1.20",))
    monkeypatch.setattr(kubernetes, "NODE_IMAGE", "kindest/node:v1.20.7@sha256:0")
    pins, older = decided(agreeing())
    assert [item.partition(" ")[0] for item in pins.items] == ["MINORS", "CURRENT", "NODE_IMAGE"]
    assert older.what == "1.20 can be removed."
    assert "after '1.20' is removed from MINORS" in older.items[-1]


@pytest.mark.usefixtures("small")
def test_a_minor_that_nobody_knows_yet() -> None:
    """A minor that is missing in the simulated cluster's table has to be added there before all comparisons."""
    first = decided(replace(agreeing(), minor=NEXT))[:2]
    assert [one.what.partition(",")[0] for one in first] == [
        f"The simulated cluster doesn't know {NEXT} yet", f"{NEXT} isn't pinned."]  # fmt: skip


@pytest.mark.usefixtures("small")
def test_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report has a table or a sentence for each subject, and numbered decisions; long lists are cut without --full."""
    new = agreeing()
    rows = {key: FINE if row["verdict"] == "rejected" else row for key, row in new.verdicts.items()}
    sides = {CURRENT: replace(new, verdicts=rows), "1.20": replace(new, minor="1.20")}
    monkeypatch.setattr(recorded, "minors", lambda: ("1.20", CURRENT))
    monkeypatch.setattr(recorded, "read", sides.__getitem__)
    console, out = page()
    report(CURRENT, "", console)
    said = out.getvalue()
    for words in (f"Kubernetes {new.version} beside", "Verdicts (", "Wordings: the same.", "Kinds: the same.", "Fields: the same.",
                  "Timings, in seconds (", "Contract cases: what both ran ended alike.", "\nTo decide\n", "\n 1. The simulated",
                  "1.20 can be removed."):  # fmt: skip
        assert words in said, words
    flipped = len(changes.flips(sides["1.20"], sides[CURRENT]))
    assert flipped > SHOWN
    assert f"and {flipped - SHOWN} more: --full shows all" in said
    console, out = page()
    report(CURRENT, "1.20", console, full=True)
    assert "more: --full" not in out.getvalue()
    with pytest.raises(UsageError, match=r"1\.19"):
        report(CURRENT, "1.19", console)


def test_every_minor_is_found() -> None:
    """The project's recordings are found, and can be compared."""
    every = recorded.minors()
    assert CURRENT in every
    assert recorded.newest() == every[-1]
    assert recorded.other(every[-1]) == (every[-2] if len(every) > 1 else "")
    assert recorded.read(CURRENT).cases
