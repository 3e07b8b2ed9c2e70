"""A closed form: the fields that are read, and the messages on those that aren't understood."""

from __future__ import annotations

import json

import pytest

from cluster import world
from cluster.errors import AnswerError
from graders.core.exercise import Criterion, Exercise
from graders.core.report import State
from graders.families.form.criteria import Becomes, FormEvidence, bad, closed_form, figure, good, observer, part
from graders.families.form.fields import INTEGER, TIME, WEEKLY, amount, choice
from graders.families.form.reading import SHOWN_STRANGERS, Filled, Form
from graders.families.manifest.documents import is_started
from graders.present import card, inline
from graders.present.report_json import report_json

FORM = Form(
    {
        ("pool", "by"): choice("pgbouncer", "none"),
        ("pool", "size"): INTEGER,
        ("patching", "every"): amount(TIME, "45 s"),
        **{("patching", "window", name): field for name, field in WEEKLY.items()},
    }
)
PRINTED = """\
pool:
  by:      # one of pgbouncer · none
  size:    # a whole number, such as 12
patching:
  every:   # a number and a unit (ms · s · min · h · day · days), such as 45 s
  window:
    day:   # one of Mon · Tue · Wed · Thu · Fri · Sat · Sun
    from:  # a time from 00:00 to 24:00, such as 20:30
    to:    # a time from 00:00 to 24:00, such as 20:30
"""
FULL = """\
pool: {by: PgBouncer, size: 7}
patching:
  every: 7 days
  window: {day: Tue, from: 02:00, to: 04:00}
"""
SMALL = dict.fromkeys(
    FORM.fields, lambda value, _answer: bad("it is too small", "Take more.") if value == 1 else good("it fits")
)


def criterion(name: str) -> Criterion[Filled, FormEvidence]:
    return Criterion(
        name, 2, name.title(), part(name), "two fields", "It breaks.", "example.org", ("One?", "Two?", "Three?")
    )


EXERCISE: Exercise[Filled, FormEvidence] = closed_form(
    name="request", title="A form", kind="provision", section="03-databases", minutes=1, criteria=(criterion("pool"), criterion("patching")),
    form=FORM, observe=observer(SMALL, "What comes of it", "it leads to"), judged_by="",
)  # fmt: skip


def test_printed() -> None:
    """The blank form describes the format of each field in a comment, and isn't started."""
    assert FORM.printed() == PRINTED
    assert not is_started(PRINTED)
    assert FORM.read(PRINTED).terms == {}


def test_read() -> None:
    """Each field of a full form is read with its value and its line."""
    filled = FORM.read(FULL)
    assert {term: written.value for term, written in filled.terms.items()} == {
        ("pool", "by"): "pgbouncer", ("pool", "size"): 7, ("patching", "every"): 604_800, ("patching", "window", "day"): 1,
        ("patching", "window", "from"): 7200, ("patching", "window", "to"): 14_400,
    }  # fmt: skip
    assert (filled.kept, filled.not_understood, filled.terms["patching", "every"].line) == ("6 of 6 fields", (), 3)


@pytest.mark.parametrize("word", ["no", "on", "off", "yes", "NO", "0x10", "1_000", "~x", "02:00", "1e3"])
def test_quoted_as_written(word: str) -> None:
    """A text that YAML 1.1 reads as another value is quoted as written, in any field."""
    for field in ("pool: {by: WORD}", "patching: {window: {day: WORD}}", "patching: {every: WORD}"):
        (remark,) = FORM.read(field.replace("WORD", word)).not_understood
        assert f"“{word}” isn't understood. Write it as " in remark[1]


@pytest.mark.parametrize("word", ["on", "no", "off", "yes"])
def test_a_key_quoted_as_written(word: str) -> None:
    """A key that YAML 1.1 reads as true or false is quoted as written."""
    (stranger,) = FORM.read(f"patching:\n  {word}: Tue\n").strangers
    assert stranger.said == f"Line 2: “{word}” isn't a field here; it isn't judged."


def test_not_understood_is_told_apart() -> None:
    """A field that isn't understood is named before a wrong one, with its line and format, and without a consequence."""
    report = EXERCISE.judge("pool:\n  by: not pgbouncer\n  size: 1\n", world())
    found = report.findings[0]
    assert (found.state, found.earned, found.line) == (State.FAIL, 0, 2)
    assert found.observed == "not understood: by “not pgbouncer”"
    assert found.also == "also wrong: size “1”"
    assert found.expected == "one of pgbouncer · none"
    assert found.hint == "Write it as one of pgbouncer · none."
    assert found.why.startswith("We could not read this")
    assert len(set(found.hints)) == 3
    assert isinstance(report.evidence, FormEvidence)
    assert [one.becomes for one in report.evidence.of("pool")] == [Becomes.NOT_UNDERSTOOD, Becomes.WRONG]


def test_said_everywhere() -> None:
    """The answer cell, the card, the terminal, the feedback and the JSON name the field that isn't understood."""
    text = "\npool: {by: off, size: 1 min}\n"
    kept = inline.kept(EXERCISE, text)
    for said in (kept.plain, kept.html):
        assert "Kept: 0 of 6 fields. Not understood:" in said
        assert "line 2: by “off” isn&#39;t" in said or "line 2: by “off” isn't" in said
        assert "size “1 min” isn" in said
    report = EXERCISE.judge(text, world())
    html = card.html(report)
    assert "not understood: by “off”" in html
    assert isinstance(report.evidence, FormEvidence)
    assert "not understood: write it as a whole number" in figure(report.evidence)
    assert "not understood: by “off”" in inline.plain(report)
    assert "not understood: by “off”" in json.loads(report_json(report))["findings"][0]["saw"]


def test_wrong_and_missing() -> None:
    """A finding shows the consequence of a wrong value, and names a missing field."""
    report = EXERCISE.judge("pool: {size: 1}\n", world())
    pool, patching = report.findings
    assert (pool.observed, pool.hint) == ("size “1”: it is too small", "Take more.")
    assert pool.also == "missing: by"
    assert (patching.state, patching.observed) == (State.NOT_STARTED, "nothing is written for it yet")
    assert patching.hint == "Fill in “every” in the part “patching”."


def test_every_field_that_costs_is_named() -> None:
    """The finding names each field of its part that costs points, grouped by the kind of mistake."""
    report = EXERCISE.judge("patching: {every: 1 week, window: {day: someday, to: 1 PM}}\n", world())
    found = report.findings[1]
    assert found.observed == "not understood: every “1 week”"
    assert found.also == "not understood: window day “someday”, window to “1 PM”; missing: window from"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pool:\n  syze: 7\n", "Line 2: “syze” isn't a field here; did you mean “size” of “pool”?"),
        ("pool:\n  every: 7 days\n", "Line 2: “every” isn't a field here; did you mean “every” of “patching”?"),
        ("size: 7\n", "Line 1: “size” isn't a field here; did you mean “size” of “pool”?"),
        ("pol: {size: 7}\n", "Line 1: “pol” isn't a field here; did you mean “pool”?"),
        ("pool:\n  color: red\n", "Line 2: “color” isn't a field here; it isn't judged."),
    ],
)
def test_a_key_that_is_no_field(text: str, said: str) -> None:
    """A note on a misspelled or misplaced key has its line and the field that was probably meant."""
    assert FORM.read(text).strangers[0].said == said
    assert said.partition(": ")[2] in FORM.read(text).not_understood[0][1]


def test_many_keys_that_are_no_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """Suggestions are computed only for the keys that are named, for any number of keys."""
    asked: list[str] = []

    def looked_for(word: str, _options: object) -> None:
        asked.append(word)

    monkeypatch.setattr("graders.families.form.reading.nearest", looked_for)
    filled = FORM.read("pool:\n" + "".join(f"  storx{i}: 1\n" for i in range(9990)))
    assert len(filled.strangers) == 9990
    assert 0 < len(asked) <= 2 * SHOWN_STRANGERS


@pytest.mark.parametrize(
    ("text", "text_there", "way"),
    [
        ("pool: {by: [pgbouncer]}", '["pgbouncer"]', "one of pgbouncer"),
        ("pool: {by: {a: b}}", '{"a": "b"}', "one of pgbouncer"),
        ("pool: pgbouncer", "pgbouncer", "separate fields below its name, as in the form"),
        ("patching: {window: Tue 02:00-04:00 UTC}", "Tue 02:00-04:00 UTC", "separate fields below its name, as in the form"),
        ("pool: {by: pgbouncer" + " " * 70 + "not}", "pgbouncer not", "one of pgbouncer"),
        (f"pool: {{size: 0x{'f' * 9000}}}", "0xfff", "a whole number"),
    ],
)  # fmt: skip
def test_odd_values(text: str, text_there: str, way: str) -> None:
    """A list, fields below a field, a sentence in place of fields, and a too long text aren't understood."""
    ((_, said),) = FORM.read(text).not_understood
    assert text_there in said
    assert f"Write it as {way}" in said


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pool", "Your answer is plain text."),
        ("- pool\n", "Your answer is a list."),
        ("pool: {}\n---\npatching: {}\n", "Your answer has 2 documents"),
        ("pool:\n  by: none\n  by: none\n", "“by” of “pool” is written twice, on lines 2 and 3"),
        ("pool:\n  by: none\n  By: none\n", "“by” is written twice, on lines 2 and 3."),
    ],
)
def test_refused(text: str, problem: str) -> None:
    """A text that isn't a form gives an error of one sentence with the next step."""
    with pytest.raises(AnswerError) as raised:
        FORM.read(text)
    assert problem in raised.value.problem
    assert raised.value.hint
