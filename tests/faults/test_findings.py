"""Each wrong answer gets the finding that names its mistake, in its own field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from cluster import world
from graders.application_platform.exercises.bill import rubric as bill
from graders.application_platform.exercises.boundaries import rubric as boundaries
from graders.application_platform.exercises.databases import rubric as databases
from graders.application_platform.exercises.interactions import rubric as interactions
from graders.application_platform.exercises.kinds import rubric as kinds
from graders.core.exercise import Exercise
from graders.core.registry import exercise
from graders.core.report import Finding, Report, State
from tests.corpus.faults import fault
from tests.support.solutions import solution

MODULES: Mapping[str, Any] = {
    "boundaries": boundaries, "bill": bill, "kinds": kinds, "databases": databases, "interactions": interactions,
}  # fmt: skip


def judged(name: str, text: str) -> Report:
    return exercise(name).judge(text, world())


def changed(name: str, **items: Any) -> Report:
    """The solution's report with other items; ``_`` stands for a dash in an item's name."""
    answer = yaml.safe_load(solution(exercise(name)))
    return judged(name, yaml.safe_dump(answer | {key.replace("_", "-"): value for key, value in items.items()}))


def written(name: str, item: str, line: str) -> Report:
    """The solution's report with another line for an item, as it is written there."""
    lines = [line if one.startswith(f"{item}:") else one for one in solution(exercise(name)).splitlines()]
    return judged(name, "\n".join(lines))


def missed(report: Report) -> Finding:
    """The one finding that isn't a pass."""
    (one,) = (finding for finding in report.findings if finding.state is not State.PASS)
    return one


# -- decisions: S32 to S37


def everywhere(module: Any, reasons: list[str]) -> float:
    one: Exercise[Any, Any] = module.EXERCISE
    answer = yaml.safe_load(solution(one))
    return one.judge(
        yaml.safe_dump({name: item | {"because": reasons} for name, item in answer.items()}), world()
    ).score


def test_every_reason_everywhere() -> None:
    """S32: right choices with all possible reasons earn less than a third."""
    assert everywhere(boundaries, list(boundaries.UNFOUNDED)) <= 1.5
    assert everywhere(interactions, list(interactions.REASONS)) <= 0.3 * interactions.EXERCISE.points


@pytest.mark.parametrize("left_out", boundaries.UNFOUNDED)
def test_nearly_every_reason_everywhere(left_out: str) -> None:
    """Six of the seven reasons earn no more than all of them."""
    assert everywhere(boundaries, [one for one in boundaries.UNFOUNDED if one != left_out]) <= 1.5


def test_each_reason_beyond_the_facts_costs() -> None:
    """One reason beside a right one costs a quarter of the item, and a second one costs another quarter."""
    points = boundaries.EXERCISE.criteria[0].points
    for more, share in (([], 1), (["simple-domain"], 0.75), (["simple-domain", "different-scaling"], 0.5)):
        report = changed("boundaries", recipe_box={"choose": "monolith", "because": ["small-team", *more]})
        assert report.findings[0].earned == pytest.approx(points * share, abs=0.01)


@pytest.mark.parametrize(
    "because", ["small-team and early-product", "small-team, early-product", "small-team / early product"]
)
def test_a_list_as_people_write_it(because: str) -> None:
    """Reasons may stand in one text."""
    assert changed("boundaries", recipe_box={"choose": "monolith", "because": because}).state is State.PASS


TWO_WORDS = [
    ("boundaries", "recipe-box", "choose", "monolith or microservices"),
    ("boundaries", "recipe-box", "choose", "microservices, later a monolith"),
    ("boundaries", "recipe-box", "choose", ["monolith", "microservices"]),
    ("kinds", "login", "kind", "api/worker"),
    ("kinds", "login", "deadline", "500ms or nobody-waits"),
    ("databases", "sessions", "kind", "relational + key-value"),
    ("databases", "sessions", "because", ["one-key-fast", "all-or-nothing"]),
    ("interactions", "wallets", "how", "synchronous and asynchronous"),
    ("bill", "tracing", "", "platform-team or application-team"),
    ("bill", "tracing", "", ["application-team", "platform-team", "nobody"]),
]


@pytest.mark.parametrize(("name", "item", "field", "value"), TWO_WORDS)
def test_one_word_please(name: str, item: str, field: str, value: Any) -> None:
    """S33: several words in a field for one word are named as such, and none of them is suggested."""
    answer = yaml.safe_load(solution(exercise(name)))[item]
    finding = missed(changed(name, **{item: answer | {field: value} if field else value}))
    assert "only one is allowed" in finding.observed
    assert "Did you mean" not in finding.hint
    share = {"because": 0.5, "deadline": 0.75}.get(field, 0)
    assert finding.earned == pytest.approx(finding.points * share, abs=0.01)


@pytest.mark.parametrize("value", ["not monolith", "probably a monolith", "no microservices"])
def test_no_suggestion_of_what_was_denied(value: str) -> None:
    """An option among other words isn't suggested."""
    finding = missed(changed("boundaries", recipe_box={"choose": value, "because": "small-team"}))
    assert "Did you mean" not in finding.hint
    assert finding.hint == "Write one word and nothing else: monolith or microservices."


@pytest.mark.parametrize(
    "value", [["application-team", "platform-team"], "app team", "", {"who": "platform-team"}, True, [[1]]]
)
def test_no_name_that_the_notebook_lacks(value: Any) -> None:
    """S34: the card calls an item with one field by its own name."""
    finding = missed(changed("bill", api_meaning=value))
    assert "lands-on" not in " ".join((finding.observed, finding.expected, finding.why, finding.hint, *finding.hints))
    assert "api-meaning" in finding.observed


@pytest.mark.parametrize("word", ["no", "off", "Yes", "on", "y", "0x10", "1.50", "~no"])
def test_words_are_quoted_as_written(word: str) -> None:
    """S35: a value that YAML reads as another value is quoted as written."""
    finding = missed(written("bill", "table-schema", f"table-schema: {word}"))
    assert finding.observed == f"table-schema: “{word}”, a word that isn't in the list"
    one = missed(written("kinds", "login", f"login: {{kind: {word}, deadline: 500ms, scale-on: requests}}"))
    assert one.observed == f"kind: “{word}”, a word that isn't in the list"


@pytest.mark.parametrize(
    ("field", "value"),
    [("deadline", "nobody-waits"), ("scale-on", "queue-depth"), ("deadline", "soon"), ("scale-on", None)],
)
def test_next_step_is_about_the_wrong_field(field: str, value: str | None) -> None:
    """S36: the next step and the hints for a wrong field are about that field, not about the right choice."""
    answer = yaml.safe_load(solution(kinds.EXERCISE))["daily-report"]
    finding = missed(changed("kinds", daily_report=answer | {field: value}))
    assert finding.hints[0] not in next(c.hints for c in kinds.EXERCISE.criteria if c.name == "daily-report")
    assert finding.hint == finding.hints[0] or field in finding.hint or "The words are" in finding.hint
    assert finding.why or value is None


def test_each_mistake_has_a_ladder_of_its_own() -> None:
    """In each exercise with choices, a field beside the choice has other hints than the choice."""
    for module in (boundaries, databases, interactions, kinds):
        for item in module.ITEMS:
            assert all(len({*field.hints, *item.hints}) >= 4 for field in item.fields[1:])


EXAMPLES = [
    ("databases", "sessions", "kind", "redis", "key-value"),
    ("databases", "wallets", "kind", "Postgres 15", "relational"),
    ("databases", "help-pages", "kind", "an ElasticSearch cluster", "search"),
    ("databases", "catalog", "kind", "MongoDB", "document"),
    ("databases", "fraud-rings", "kind", "neo4j", "graph"),
    ("databases", "cold-rooms", "kind", "InfluxDB 2.0", "time-series"),
    ("kinds", "daily-report", "kind", "CronJob", "scheduled"),
    ("kinds", "login", "kind", "REST", "api"),
    ("interactions", "wallets", "how", "gRPC", "synchronous"),
    ("interactions", "count-clicks", "how", "kafka", "asynchronous"),
]


@pytest.mark.parametrize(("name", "item", "field", "value", "option"), EXAMPLES)
def test_an_example_of_an_option(name: str, item: str, field: str, value: str, option: str) -> None:
    """S37: a product or protocol in place of a word of the list is named as an example of that word."""
    answer = yaml.safe_load(solution(exercise(name)))[item]
    finding = missed(changed(name, **{item: answer | {field: value}}))
    assert f"is an example of {option}: write {option}." in finding.hint


@pytest.mark.parametrize("name", MODULES)
def test_expected_does_not_repeat_the_facts(name: str) -> None:
    """The expected text lists the allowed words, without the facts and without backticks."""
    one = exercise(name)
    facts = {item.name: item.facts for item in MODULES[name].ITEMS}
    for report in (
        judged(name, "".join(f"{c.name}: nonsense\n" for c in one.criteria)),
        judged(name, f"{one.criteria[0].name}: {{}}"),
    ):
        for finding in report.findings:
            assert facts[finding.criterion] not in finding.expected
            assert "`" not in " ".join((finding.observed, finding.expected, finding.why, finding.hint, *finding.hints))


# -- plans: S25, S27 to S31


PLANS = [
    (
        "worker-plan",
        "steps: [receive, ack]\nsteps: [receive, store, send, ack]\n",
        "“steps” is written twice, on lines 1 and 2",
    ),
    ("shutdown-plan", "steps:\n- turn-not-ready\nstop-accepting\n", "In line 3 the dash is missing"),
    ("shutdown-plan", "steps:\n-turn-not-ready\n-stop-accepting\n", "In line 2 a space is missing after the dash"),
    ("shutdown-plan", "Steps:\n- turn-not-ready\n", "There is “Steps:”, but no “steps:”"),
]


@pytest.mark.parametrize(("name", "text", "problem"), PLANS)
def test_a_plan_that_is_misspelled(name: str, text: str, problem: str) -> None:
    """S27, S28, S29, S31: the reason why a text isn't a list is named, with the learner's own step or name in the hint."""
    report = judged(name, text)
    assert problem in report.problem
    assert report.score == 0
    assert "receive" not in report.hint or name == "worker-plan"


def test_the_hints_of_misspelled_plans() -> None:
    """The next step shows the learner's own line in its right form."""
    assert judged("shutdown-plan", fault("S28")).hint == "Write “- stop-accepting”."
    assert judged("shutdown-plan", fault("S29")).hint == "Write “- turn-not-ready”."
    assert judged("shutdown-plan", fault("S31")).hint == "Did you mean “steps:”, in lowercase letters?"


IDLE = [
    "receive",
    "receive, ack",
    "receive, record, ack",
    "receive, skip-if-recorded, ack",
    "receive, update-order, ack",
    "receive, record",
]


@pytest.mark.parametrize("steps", IDLE)
def test_a_worker_that_sends_no_email(steps: str) -> None:
    """S25: a plan that sends no email loses every order, and earns nothing for wrongs that it can't do."""
    report = judged("worker-plan", f"steps: [{steps}]")
    assert report.score <= 1
    assert [f.criterion for f in report.findings if f.state is State.FAIL and not f.follows] == ["not-lost"]


@pytest.mark.parametrize(
    "steps", ["exit-0", "exit-1", "turn-not-ready", "close-database, exit-0", "stop-accepting, exit-0", ""]
)
def test_a_shutdown_that_does_nothing_in_order(steps: str) -> None:
    """A plan that drops its requests earns less than half, however quickly it exits."""
    assert judged("shutdown-plan", f"steps: [{steps}]").score < 1


@pytest.mark.parametrize(
    ("step", "hint"),
    [("exit", "Did you mean “exit-0” or “exit-1”?"), ("serve", "Did you mean “serve-on” or “serve-on-a-minute”?")],
)
def test_a_word_that_fits_several(step: str, hint: str) -> None:
    """If several words may be meant, the suggestion names all of them."""
    assert judged("shutdown-plan", f"steps: [{step}]").findings[0].hint == hint
    finding = missed(changed("bill", tracing="team"))
    assert finding.hint.startswith("Did you mean “platform-team” or “application-team”?")


def test_one_slip_of_a_plan_costs_once() -> None:
    """A misspelled step costs only the criterion on the plan's form."""
    report = judged("shutdown-plan", solution(exercise("shutdown-plan")).replace("turn-not-ready", "turn-not-redy"))
    assert [f.criterion for f in report.findings if f.state is State.FAIL] == ["steps"]
