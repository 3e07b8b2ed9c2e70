"""Exercise ``databases``: common misconceptions about databases, and the message for each."""

from __future__ import annotations

import pytest
import yaml

from cluster import world
from graders.application_platform.exercises.databases.rubric import EXERCISE, INSTEAD, ITEMS, KINDS, REASONS
from tests.support.misconceptions import hold
from tests.support.solutions import solution

ANSWER = yaml.safe_load(solution(EXERCISE))

MISCONCEPTIONS = {
    "whatever comes as JSON is a document": (
        "wallets",
        {"kind": "document"},
        0,
        "doesn't decide how to store its data",
    ),
    "a table does for everything": ("catalog", {"kind": "relational"}, 0, "90 % of them are empty"),
    "a number with a moment is just a row": ("cold-rooms", {"kind": "relational"}, 0, "twelve billion rows"),
    "samples are small documents": ("cold-rooms", {"kind": "document"}, 0, "field names again with each sample"),
    "a fast store is right for what sells fast": (
        "seat-sales",
        {"kind": "key-value"},
        0,
        "one of the two changes is lost",
    ),
    "a document holds the whole sale": ("seat-sales", {"kind": "document"}, 0, "leaves only half of the change"),
    "the answer belongs where the orders are": ("bestsellers", {"kind": "relational"}, 0, "add them up 500 times"),
    "a session is a row like any other": ("sessions", {"kind": "relational"}, 0, "data that may be lost"),
    "LIKE is a search": ("help-pages", {"kind": "relational"}, 0, "no page contains that spelling"),
    "pages are documents": ("help-pages", {"kind": "document"}, 0, "which of a hundred hits is the best"),
    "joins follow links, too": ("fraud-rings", {"kind": "relational"}, 0, "joins the whole table with itself"),
    "fraud is found by searching": ("fraud-rings", {"kind": "search"}, 0, "a chain of phones and cards"),
    "an article is looked up by its number": ("catalog", {"kind": "key-value"}, 0, "more than 60 watts"),
    "a week is a range of time": (
        "bestsellers",
        {"because": "ranges-of-time"},
        0.15,
        "The sum of the week is known already",
    ),
    "what arrives as JSON has a shape of its own": (
        "wallets",
        {"because": "shapes-differ"},
        0.15,
        "have the same fields",
    ),
    "a session must never be lost": (
        "sessions",
        {"because": "all-or-nothing"},
        0.16,
        "changes that must happen together",
    ),
}


@pytest.mark.parametrize("thought", MISCONCEPTIONS)
def test_misconception(thought: str) -> None:
    """Each misconception has its own finding, on its own workload, with the consequence."""
    hold(EXERCISE, ANSWER, MISCONCEPTIONS[thought])


def test_eight_workloads() -> None:
    """Each kind suits at least one workload, two kinds suit two, and each goes with the deciding reason."""
    right = [item.fields[0].right[0] for item in ITEMS]
    assert sorted(right.count(kind) for kind in KINDS) == [1, 1, 1, 1, 2, 2]
    assert all(item.fields[1].right == (REASONS[item.fields[0].right[0]],) for item in ITEMS)
    assert all({kind, *INSTEAD[kind]} == set(KINDS) for kind in KINDS)


@pytest.mark.parametrize("written", ["time series", "Time-Series", "time_series", "TIME SERIES"])
def test_spelling_of_a_kind(written: str) -> None:
    """A kind may have any spelling."""
    answer = {**ANSWER, "cold-rooms": {"kind": written, "because": "ranges of time"}}
    assert EXERCISE.judge(yaml.safe_dump(answer), world()).score == EXERCISE.points


@pytest.mark.parametrize(
    ("product", "item", "kind"), [("Redis", "sessions", "key-value"), ("PostgreSQL", "wallets", "relational"), ("MongoDB 7", "catalog", "document")]
)  # fmt: skip
def test_a_product_is_no_kind(product: str, item: str, kind: str) -> None:
    """A product in place of its kind earns nothing, and its message names the kind; the right reason beside it earns its half."""
    answer = {**ANSWER, item: {**ANSWER[item], "kind": product}}
    finding = next(f for f in EXERCISE.judge(yaml.safe_dump(answer), world()).findings if f.criterion == item)
    assert finding.earned == pytest.approx(finding.points / 2, abs=0.011)
    assert finding.observed == f"kind: “{product}”, a word that isn't in the list"
    assert finding.hint == f"“{product.split(maxsplit=1)[0]}” is an example of {kind}: write {kind}."


@pytest.mark.parametrize(("product", "kind"), [("PostgreSQL", "relational"), ("MongoDB", "document")])
def test_a_product_of_another_kind(product: str, kind: str) -> None:
    """For a product of an unsuitable kind, the message names the kind and its consequence, and doesn't say to write it."""
    answer = {**ANSWER, "sessions": {"kind": product, "because": "one-key-fast"}}
    finding = next(f for f in EXERCISE.judge(yaml.safe_dump(answer), world()).findings if f.criterion == "sessions")
    assert (finding.earned, finding.why) == (0, INSTEAD["key-value"][kind])
    assert finding.hint.startswith(f"“{product}” is an example of {kind}. ")
    assert f"write {kind}" not in finding.hint
