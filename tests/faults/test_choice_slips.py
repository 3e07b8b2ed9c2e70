"""Choices with slips in words or lines: a clear slip is read, with a remark, and the rest is judged."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from cluster import world
from graders.application_platform.exercises.bill import rubric as bill
from graders.application_platform.exercises.boundaries import rubric as boundaries
from graders.application_platform.exercises.databases import rubric as databases
from graders.application_platform.exercises.interactions import rubric as interactions
from graders.application_platform.exercises.kinds import rubric as kinds
from graders.core.registry import exercise
from graders.core.report import Finding, Report, State
from graders.families.decision.words import Field, word
from graders.present import inline
from tests.support.solutions import solution

CHOICES = ("boundaries", "bill", "kinds", "databases", "interactions")
EVERY = pytest.mark.parametrize("name", CHOICES)


def answer(name: str) -> dict[str, Any]:
    """The solution's items."""
    items: dict[str, Any] = yaml.safe_load(solution(exercise(name)))
    return items


def judged(name: str, text: str) -> Report:
    return exercise(name).judge(text, world())


def changed(name: str, item: str, field: str, value: Any) -> tuple[Report, Finding]:
    """The solution's report with another value for a field, and the finding on its item; a first field without a name is the item's value."""
    items = answer(name)
    report = judged(
        name, yaml.safe_dump(items | {item: items[item] | {field: value} if field else value}, sort_keys=False)
    )
    return report, next(finding for finding in report.findings if finding.criterion == item)


READ = [
    ("boundaries", "video-school", "choose", "microservice"),
    ("boundaries", "video-school", "choose", "several services"),
    ("boundaries", "video-school", "because", "diferent-scaling"),
    ("boundaries", "recipe-box", "choose", "a monolith"),
    ("boundaries", "recipe-box", "choose", "monolyth"),
    ("boundaries", "recipe-box", "because", ["small-teams", "ealry-product"]),
    ("kinds", "seat-map", "kind", "API service"),
    ("kinds", "seat-map", "kind", "APIs"),
    ("kinds", "seat-map", "deadline", "<500ms"),
    ("kinds", "seat-map", "deadline", "<= 500 ms"),
    ("kinds", "seat-map", "scale-on", "request"),
    ("kinds", "daily-report", "kind", "scheduled job"),
    ("kinds", "daily-report", "kind", "a scheduled service"),
    ("kinds", "daily-report", "deadline", "before-next-run"),
    ("kinds", "stock-count", "kind", "Workers"),
    ("kinds", "stock-count", "deadline", "nobody-wait"),
    ("databases", "fraud-rings", "kind", "graph database"),
    ("databases", "fraud-rings", "kind", "Graphs"),
    ("databases", "sessions", "kind", "key-value store"),
    ("databases", "help-pages", "kind", "full-text search"),
    ("databases", "help-pages", "kind", "search engine"),
    ("databases", "catalog", "kind", "documents"),
    ("databases", "wallets", "because", "all or nothings"),
    ("interactions", "wallets", "how", "syncronous"),
    ("interactions", "year-export", "how", "asynchron"),
    ("interactions", "year-export", "how", "asynchronously"),
    ("interactions", "confirmation", "because", "kept-aparts, nobdoy-waits"),
    ("bill", "tracing", "", "platform"),
    ("bill", "tracing", "", "the platform team"),
    ("bill", "table-schema", "", "aplication-team"),
]


@pytest.mark.parametrize(("name", "item", "field", "value"), READ)
def test_a_plain_word_is_read(name: str, item: str, field: str, value: Any) -> None:
    """A typo, a plural, and the lesson's other word for an option are read, with a remark that costs nothing."""
    report, _ = changed(name, item, field, value)
    assert report.state is State.PASS
    assert [note for note in report.notes if note.startswith("We read ")] or value == "asynchron"


@pytest.mark.parametrize(
    ("name", "item", "field", "value"),
    [
        ("kinds", "seat-map", "deadline", "500s"), ("kinds", "seat-map", "deadline", "5000ms"),
        ("kinds", "seat-map", "deadline", ">500ms"), ("kinds", "seat-map", "kind", "app"),
        ("interactions", "wallets", "how", "ssynchronous"), ("boundaries", "recipe-box", "choose", "not a monolith"),
        ("bill", "tracing", "", "team"), ("databases", "sessions", "kind", "no key-value"),
    ],
)  # fmt: skip
def test_nothing_is_guessed_at(name: str, item: str, field: str, value: Any) -> None:
    """A word that may be another one, another figure, or a denial isn't read."""
    report, finding = changed(name, item, field, value)
    assert finding.state is State.FAIL
    assert not report.notes


@pytest.mark.parametrize(
    ("name", "item", "field"),
    [("boundaries", "recipe-box", "choose"), ("kinds", "login", "kind"), ("databases", "wallets", "kind"), ("interactions", "wallets", "how")],
)  # fmt: skip
def test_a_strange_word_leaves_its_neighbors_alone(name: str, item: str, field: str) -> None:
    """If the choice is an unreadable word, the other fields earn their half, and the hints are about words."""
    _, finding = changed(name, item, field, "something")
    assert finding.earned == pytest.approx(finding.points / 2, abs=0.011)
    assert "allowed words" in finding.hints[0]
    _, hedged = changed(
        name, item, field, " or ".join(next(one for one in _items(name) if one.name == item).fields[0].options[:2])
    )
    assert hedged.earned == 0


def _items(name: str) -> Any:
    modules: dict[str, Any] = {
        "boundaries": boundaries,
        "bill": bill,
        "kinds": kinds,
        "databases": databases,
        "interactions": interactions,
    }
    return modules[name].ITEMS


@EVERY
@pytest.mark.parametrize("wrapper", ["answer", "my-choices", "bill", "workloads"])
def test_a_name_above_everything(name: str, wrapper: str) -> None:
    """A form with one additional name above it is read, and a remark mentions the name."""
    text = yaml.safe_dump({wrapper: answer(name)}, sort_keys=False)
    report = judged(name, text)
    assert report.state is State.PASS
    assert report.notes == (f"“{wrapper}:” (line 1) isn't in the form; the items below it were read.",)


@EVERY
def test_dashes_before_the_items(name: str) -> None:
    """A list of items is read as its items, wrapped or not."""
    some = [{item: value} for item, value in answer(name).items()]
    for text in (yaml.safe_dump(some, sort_keys=False), yaml.safe_dump({"answer": some}, sort_keys=False)):
        report = judged(name, text)
        assert report.state is State.PASS
        assert any("the form has no dashes" in note for note in report.notes)


@pytest.mark.parametrize("name", ["boundaries", "kinds", "databases", "interactions"])
def test_dashes_before_the_fields(name: str) -> None:
    """A list of fields is read as the fields."""
    items = {item: [{field: value} for field, value in fields.items()] for item, fields in answer(name).items()}
    assert judged(name, yaml.safe_dump(items, sort_keys=False)).state is State.PASS


@pytest.mark.parametrize(
    ("name", "points"), [("boundaries", 2.5), ("kinds", 2.5), ("databases", 2.5), ("interactions", 2.0)]
)
def test_the_choice_alone(name: str, points: float) -> None:
    """An item that is answered by its choice alone earns the choice's points, and the finding names the missing fields."""
    report = judged(name, yaml.safe_dump({item: next(iter(fields.values())) for item, fields in answer(name).items()}))
    assert report.score == pytest.approx(points, abs=0.05)
    assert all("indented, write “" in finding.hint and " fits; " in finding.observed for finding in report.findings)


BROKEN = [
    ("bill", "pipelines: platform-team", "pipelines = platform-team", "“pipelines: platform-team”"),
    ("bill", "pipelines: platform-team", "pipelines platform-team", "“pipelines: platform-team”"),
    ("bill", "tracing: platform-team", "tracing: platform-team: yes", "“: ”"),
    ("bill", "tracing: platform-team", "tracing: 'platform-team", "missing quote"),
    ("interactions", "wallets: {how: synchronous, because", "wallets: {how: synchronous; because", "comma"),
    ("kinds", "login: {kind: api, deadline: 500ms", "login: {kind: api, deadline: 500ms, [", "{ or ["),
]


@pytest.mark.parametrize(("name", "right", "written", "hint"), BROKEN)
def test_a_broken_line_costs_its_item(name: str, right: str, written: str, hint: str) -> None:
    """If one item isn't YAML, the others are read, and its finding names the mistake and the line."""
    text = solution(exercise(name)).replace(right, written)
    assert text.count(written) == 1
    report = judged(name, text)
    (missed,) = (finding for finding in report.findings if finding.state is not State.PASS)
    assert written.splitlines()[0] in text.splitlines()[missed.line - 1]
    assert missed.earned == 0
    assert hint in missed.hint
    assert any("each item was read separately" in note for note in report.notes)
    assert "Not understood" in inline.kept(exercise(name), text).plain


@EVERY
def test_a_blank_too_many(name: str) -> None:
    """A line with one space too many costs nothing, and is named."""
    lines = solution(exercise(name)).splitlines()
    at = [number for number, line in enumerate(lines) if line[:1].isalpha()][2]
    lines[at] = f" {lines[at]}"
    report = judged(name, "\n".join(lines))
    assert report.state is State.PASS
    assert any(f"Line {at + 1} begins with a space; delete it." in note for note in report.notes)


def test_a_field_with_a_blank_too_many() -> None:
    """A field that is indented by one more column than its neighbor is read, and the item is named."""
    text = solution(exercise("boundaries")).replace("  because", "   because", 1)
    report = judged("boundaries", text)
    assert report.state is State.PASS
    assert any(
        "The fields below “recipe-box”" in note and "don't begin in the same column" in note for note in report.notes
    )


def test_all_fields_at_the_edge() -> None:
    """If all fields of an item are in the first column, the card names each of them."""
    finding = judged("boundaries", "recipe-box:\nchoose: monolith\nbecause: small-team\n").findings[0]
    assert "“choose:”" in finding.observed
    assert "“because:”" in finding.also


def test_broken_in_a_whole_file() -> None:
    """A text without a readable item gives the usual error, and an item that is written twice is named."""
    assert judged("bill", "tracing = x\npipelines = y\n").problem
    assert "written twice" in judged("bill", "tracing: nobody\npipelines: [\ntracing: nobody\n").problem
    assert judged("kinds", "login: &a {kind: api}\nseat-map: *a\nstock-count: {kind: [}\n").problem


@pytest.mark.parametrize(
    ("name", "item", "fields", "said"),
    [
        ("kinds", "ticket-pdf", {"kind": "worker", "deadline": "500ms", "scale-on": "requests"}, "scale-on: requests doesn't fit"),
        ("kinds", "login", {"kind": "api", "deadline": "nobody-waits"}, "scale-on isn't filled in"),
        ("kinds", "login", {"kind": "thing", "deadline": "nobody-waits", "scale-on": "requests"}, "deadline: nobody-waits doesn't fit"),
    ],
)  # fmt: skip
def test_every_fault_of_an_item_is_named(name: str, item: str, fields: dict[str, str], said: str) -> None:
    """If two fields are wrong, the card names both."""
    report = judged(name, yaml.safe_dump(answer(name) | {item: fields}))
    assert next(finding for finding in report.findings if finding.criterion == item).also == said


def test_nothing_beside_a_wrong_choice() -> None:
    """If an item's choice is wrong, the card says nothing about its other fields, which may be right for that choice."""
    report = judged(
        "kinds", yaml.safe_dump(answer("kinds") | {"login": {"kind": "worker", "deadline": "nobody-waits"}})
    )
    assert next(finding for finding in report.findings if finding.criterion == "login").also == ""


def test_the_last_field_at_the_edge() -> None:
    """The finding on an item names its field in the first column, and no remark repeats that."""
    text = "expiring-cards:\n  kind: scheduled\n  deadline: before-the-next-run\nscale-on: one-at-a-time\nlogin: {kind: api, deadline: 500ms, scale-on: requests}\n"
    report = judged("kinds", text)
    finding = next(finding for finding in report.findings if finding.criterion == "expiring-cards")
    assert (finding.hint, finding.line) == ("Put two spaces before “scale-on:”, below “expiring-cards:”.", 4)
    assert "“scale-on:” isn't indented" in finding.observed
    assert "form" in finding.hints[0]
    assert not report.notes


def test_hints_on_form() -> None:
    """If the form is wrong and not the choice, the hints are about the form."""
    for name, text in (
        ("boundaries", "recipe-box:\nchoose: monolith\nbecause: small-team\n"),
        ("kinds", "stock-count:\n  - worker\n  - nobody-waits\n"),
        ("bill", "tabella-schema: application-team\n"),
        ("databases", "sessions: {kinds-of: key-value}\n"),
    ):
        report = judged(name, text)
        finding = next(one for one in report.findings if one.line)
        assert "form" in finding.hints[0], (name, finding)


def test_two_names_for_one_item() -> None:
    """A remark on a second item with a misspelling of the first one's name says which name may be meant."""
    report = judged("databases", "cold-rooms: {kind: time-series}\ncold-room: {because: ranges-of-time}\n")
    assert report.notes == (
        "“cold-room” (line 2) isn't part of this exercise, so it doesn't count. Did you mean “cold-rooms”? Then put both together.",
    )


def test_a_list_without_brackets() -> None:
    """Reasons in braces without brackets are read, and the card says how to write a list."""
    text = "confirmation: {how: asynchronous, because: kept apart, nobody waits}\n"
    report = judged("interactions", text)
    finding = next(finding for finding in report.findings if finding.criterion == "confirmation")
    assert finding.state is State.PASS
    assert report.notes == (
        "We read “nobody waits” (line 1) as a part of because; a list needs brackets: [one, another].",
    )


def test_no_facts_that_are_soon_without_saying_so() -> None:
    """If the facts mention a short time, they give it as a figure, and the reason for it counts."""
    soon = [item for item in interactions.ITEMS if "at once" in item.facts or " ms" in item.facts]
    assert soon
    assert all(interactions.DEADLINE in item.fields[1].right for item in soon)


def test_of_two_words_the_other_is_not_shown() -> None:
    """For a choice between two words, the expected text doesn't reveal the other word."""
    _, finding = changed("boundaries", "recipe-box", "choose", "microservices")
    assert "monolith" not in finding.expected
    _, finding = changed("interactions", "wallets", "how", "asynchronous")
    assert "or" not in finding.expected.split()


@pytest.mark.parametrize(
    ("name", "item", "field"),
    [("boundaries", "recipe-box", "because"), ("kinds", "login", "scale-on"), ("databases", "wallets", "because")],
)
def test_why_a_field_is_asked(name: str, item: str, field: str) -> None:
    """A sentence about a missing field says what it costs."""
    _, finding = changed(name, item, field, None)
    assert finding.why.startswith(("A choice without a reason", "Without a figure"))


def test_reasons_are_statements_about_the_facts() -> None:
    """The message on a reason that the facts don't give is a statement, and true for each item."""
    for module in (boundaries.UNFOUNDED, databases.UNFOUNDED, interactions.REASONS):
        assert all("?" not in said for said in module.values())
    assert "all night" not in kinds.LATE["scheduled"]["worker"]


def test_many_words_are_named_in_one_remark() -> None:
    """One remark names several of the corrected words."""
    items = {item: fields | {"kind": f"a {fields['kind']}"} for item, fields in answer("kinds").items()}
    (note,) = judged("kinds", yaml.safe_dump(items)).notes
    assert note.endswith("; and 5 more.")


def test_no_option_is_read_as_another() -> None:
    """No word of a field, or of another field, is read as a typo of one of its options."""
    for name in CHOICES:
        for item in _items(name):
            every = {option for field in item.fields for option in field.options}
            for field in item.fields:
                _holds_its_own(field, every)


def _holds_its_own(field: Field, every: set[str]) -> None:
    for option in every:
        meant = word(option, field)
        assert meant.option == (option if option in field.options else None), (field.name, option)
