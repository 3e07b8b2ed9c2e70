"""A text that YAML can't read: the card points at the line with the slip, and says what is wrong with that line."""

from __future__ import annotations

import pytest

from cluster import world
from cluster.errors import AnswerError
from cluster.manifests.documents import read
from graders.core.registry import exercise

BILL = "service-discovery: platform-team\npipelines: platform-team\ntracing: platform-team\ntable-schema: application-team\n"
CHOICES = "wallets: {how: synchronous, because: result-now}\nlast-seat: {how: synchronous, because: result-now}\nsmall-copies: {how: asynchronous, because: slow-work}\n"
BLOCKS = (
    "recipe-box:\n  choose: monolith\n  because: small-team\nticketing:\n  choose: monolith\n  because: small-team\n"
)


def unread(text: str, was: str, now: str) -> AnswerError:
    assert was in text
    with pytest.raises(AnswerError) as found:
        read(text.replace(was, now, 1))
    return found.value


SLIPS = [
    ("bill", BILL, "pipelines:", "pipelines =", 2, "“=” stands in place of a colon", "“pipelines: platform-team”"),
    ("bill", BILL, "service-discovery:", "service-discovery =", 1, "“=”", "“service-discovery: platform-team”"),
    ("bill", BILL, "table-schema:", "table-schema =", 4, "“=”", "“table-schema: application-team”"),
    ("bill", BILL, "tracing: ", "tracing=", 3, "“=”", "“tracing: platform-team”"),
    ("bill", BILL, "pipelines:", "pipelines", 2, "colon between", "“pipelines: platform-team”"),
    ("bill", BILL, "pipelines:", "pipelines ->", 2, "“->” stands in place of a colon", "“pipelines: platform-team”"),
    ("bill", BILL, "tracing", " tracing", 3, "indented more than line 2", "1 space"),
    ("bill", BILL, "tracing", "   tracing", 3, "indented more than line 2", "3 spaces"),
    ("boundaries", BLOCKS, "  because", "   because", 3, "indented more than line 2", "1 space"),
    ("boundaries", BLOCKS, "ticketing", " ticketing", 4, "indentation", "column"),
    ("interactions", CHOICES, "last-seat: {how: synchronous,", "last-seat: {how: synchronous;", 2, "“;” stands in place of a comma", "comma"),
    ("interactions", CHOICES, "wallets: {how: synchronous,", "wallets: {how: synchronous;", 1, "“;”", "comma"),
    ("interactions", CHOICES, "last-seat: {how: synchronous,", "last-seat: {how: synchronous", 2, "a comma is missing before “because:”", "comma"),
    ("interactions", CHOICES, "result-now}", "result-now", 1, "{ isn't closed", "}"),
    ("interactions", CHOICES, "slow-work}", "slow-work", 3, "{ isn't closed", "}"),
    ("interactions", CHOICES, "because: result-now}", "because: [result-now}", 1, "[ isn't closed", "]"),
    ("event", "event:\n  type: a\n  id: 4\nschema: {}\n", "id:", "id =", 3, "“=”", "“id: 4”"),
    ("daily-report", "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\n", "kind:", "kind =", 2, "“=”", "“kind: CronJob”"),
    ("deployment", "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 3\n  paused: true\n", "  replicas:", "  replicas =", 4, "“=”", "“replicas: 3”"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "was", "now", "line", "problem", "hint"), SLIPS)
def test_the_line_with_the_slip(  # noqa: PLR0917  a table, row by row
    name: str, text: str, was: str, now: str, line: int, problem: str, hint: str
) -> None:
    """The named and shown line is the one with the slip, and the next step is about it."""
    error = unread(text, was, now)
    assert (error.line, f"line {line}" in error.problem.casefold()) == (line, True)
    assert problem in error.problem
    assert hint in error.hint
    if name in {"event", "daily-report", "deployment"}:
        report = exercise(name).judge(text.replace(was, now, 1), world())
        assert (report.problem, report.hint) == (error.problem, error.hint)
        assert report.excerpt.startswith(f"{line} | ")


@pytest.mark.parametrize(
    "text", ["a: {b: c; d\n  e: f}\n", "a = b\n", "a: 'x = y'\n", "a: b = c\nd: {e: 'f; g', h: i}\n", "- a = b\n- c\n"]
)
def test_signs_in_values_are_not_blamed(text: str) -> None:
    """Any text that YAML can read is read, with any characters."""
    assert "where YAML wants" not in exercise("bill").judge(text, world()).problem or ";" in text
