"""The rubric of the CronJob exercise: what each mistake costs, and what it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cluster import world
from graders.application_platform.exercises.daily_report.rubric import EXERCISE, looked_at
from graders.core.report import Finding, Report, State
from graders.present import card
from tests.support.manifests import CRON_JOB

Edit = Callable[[str], str]


def judge(text: str) -> Report:
    return EXERCISE.judge(text, world())


def edit(old: str, new: str) -> Edit:
    def edited(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edited


def scheduled(schedule: str, more: str = "") -> Edit:
    return edit('"0 2 * * *"', f'"{schedule}"\n  {more}' if more else f'"{schedule}"')


def finding(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


def test_the_lessons_own() -> None:
    """The lesson's own CronJob has full marks."""
    assert judge(CRON_JOB).state is State.PASS


@pytest.mark.parametrize(
    "right",
    [
        scheduled("0 2 */1 * *"), scheduled("0 2 ? * ?"), scheduled("0 2 1-31 JAN-dec *"), scheduled("00 02 * * 0-6"),
        scheduled("0 2 * * *", "timeZone: UTC"), scheduled("0 2 * * *", "timeZone: Etc/UTC"),
        scheduled("0 2 * * *", "timeZone: Africa/Abidjan"), scheduled("30 7 * * *", "timeZone: Asia/Kolkata"),
        scheduled("0 2 * * *", "concurrencyPolicy: Replace"), scheduled("0 2 * * *", "startingDeadlineSeconds: 5"),
        scheduled("0 2 * * *", "suspend: false"), edit("myapp/reporter:v1.2.0", "docker.io/myapp/reporter:v1.2.0"),
        edit("          restartPolicy", "          initContainers: [{name: a, image: b}]\n          restartPolicy"),
        lambda text: text + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    ],
)  # fmt: skip
def test_right_in_another_way(right: Edit) -> None:
    """02:00 UTC every day may be written in any way, and free choices cost nothing."""
    report = judge(right(CRON_JOB))
    assert report.state is State.PASS, [f for f in report.findings if f.earned < f.points]


@pytest.mark.parametrize(
    ("mistake", "criterion", "earned", "said"),
    [
        (scheduled("2 0 * * *"), "schedule", 0, "it runs at 00:02 UTC every day"),
        (scheduled("0 14 * * *"), "schedule", 0, "it runs at 14:00 UTC every day"),
        (scheduled("@daily"), "schedule", 0, "it runs at 00:00 UTC every day"),
        (scheduled("* 2 * * *"), "schedule", 0, "60 times a day, from 02:00 to 02:59 UTC"),
        (scheduled("0 2,14 * * *"), "schedule", 0, "2 times a day, at 02:00 UTC and 14:00 UTC"),
        (scheduled("0 2 * * 1-5"), "schedule", 0, "but not every day: Mon 03 Jan"),
        (scheduled("0 2 1 1 *"), "schedule", 0, "only Sat 01 Jan"),
        (scheduled("0 2 30 2 *"), "schedule", 0, "it never runs"),
        (scheduled("@every 24h"), "schedule", 0, "not by a clock"),
        (scheduled("0 2 * *"), "accepted", 0, "expected exactly 5 fields, found 4"),
        (scheduled("0 2 * * *", "timeZone: Europe/Berlin"), "schedule", 0, "01:00 UTC in January and at 00:00 UTC in July"),
        (scheduled("0 2 * * *", "timeZone: Berlin"), "accepted", 0, "unknown time zone Berlin"),
        (scheduled("0 2 * * *", "suspend: true"), "schedule", 0, "suspend: true, so it never runs"),
        (scheduled("TZ=UTC 0 2 * * *"), "accepted", 0, "cannot use TZ or CRON_TZ in schedule"),
        (edit('  schedule: "0 2 * * *"\n', ""), "accepted", 0, "spec.schedule: Required value"),
        (edit("OnFailure", "Never"), "restart", 0.25, "restartPolicy: Never"),
        (edit("OnFailure", "Always"), "accepted", 0, "restartPolicy: Required value"),
        (edit("OnFailure", "onFailure"), "accepted", 0, "\"onFailure\""),
        (edit("          restartPolicy: OnFailure\n", ""), "accepted", 0, "restartPolicy: Required value"),
        (edit("      template:", "      backoffLimit: 0\n      template:"), "restart", 0.25, "backoffLimit: 0"),
        (lambda t: edit("OnFailure", "Never")(edit("      template:", "      backoffLimit: 0\n      template:")(t)),
         "restart", 0, "doesn't run again"),
        (edit("name: reporter", "name: report"), "names", 0.75, "the container is called report"),
        (edit("name: daily-report", "name: report"), "names", 0.75, "metadata.name: report"),
        (lambda text: text + "            - {name: proxy, image: proxy:1}\n", "names", 0.75, "2 containers: reporter, proxy"),
        (edit("myapp/reporter:v1.2.0", "registry.example/reports:3"), "names", 0.75, "the image is registry.example/reports:3"),
        (edit("v1.2.0", "v1.2.1"), "names", 0.75, "the image is myapp/reporter:v1.2.1: another tag"),
        (edit(":v1.2.0", ""), "names", 0.75, "the image is myapp/reporter, without a tag, so it is latest"),
        (edit(":v1.2.0", ":latest"), "names", 0.75, "another tag"),
        (edit("myapp/reporter:v1.2.0", "“myapp/reporter:v1.2.0”"), "names", 0.75, "with curly quotes in it"),
        (edit("              image: myapp/reporter:v1.2.0\n", ""), "accepted", 0, "image: Required value"),
        (edit("batch/v1", "batch/v1beta1"), "accepted", 0, "batch/v1beta1"),
        (edit("apiVersion: batch/v1\n", ""), "accepted", 0, "apiVersion"),
        (lambda text: text + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n",
         "accepted", 0.12, "your answer has a Pod"),
    ],
)  # fmt: skip
def test_mistake(mistake: Edit, criterion: str, earned: float, said: str) -> None:
    """Each mistake fails its own criterion, with its consequence and one next step."""
    found = finding(judge(mistake(CRON_JOB)), criterion)
    assert (found.earned, found.state) == (earned, State.FAIL)
    assert said in found.observed
    assert found.hint.endswith((".", "?"))
    assert CRON_JOB.splitlines()[5].strip() not in found.hint


def test_where() -> None:
    """A finding names the learner's line, also if a field is on the wrong level."""
    moved = edit("          restartPolicy: OnFailure\n", "")(CRON_JOB).replace(
        "  schedule", "  restartPolicy: OnFailure\n  schedule"
    )
    assert finding(judge(scheduled("2 0 * * *")(CRON_JOB)), "schedule").line == 6
    assert finding(judge(moved), "accepted").line == 6
    assert finding(judge(moved), "restart").follows


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("concurrencyPolicy: Allow", "a second one starts at the same time (concurrencyPolicy: Allow)"),
        ("suspend: false", "a second one starts at the same time (concurrencyPolicy isn't set, so it is Allow)"),
        ("concurrencyPolicy: Forbid", "the new run is skipped and counts as missed"),
        ("concurrencyPolicy: Replace", "the old run is stopped"),
        ("startingDeadlineSeconds: 600", "up to 600 s late"),
        ("startingDeadlineSeconds: 5", "the controller checks every 10 seconds"),
        ("suspend: false", "more than 100 missed runs"),
        ("suspend: false", "With “timeZone: Etc/UTC” it is always UTC"),
    ],
)
def test_bad_days(settings: str, said: str) -> None:
    """Notes explain overlapping and missed runs from the learner's own settings, at no cost."""
    report = judge(scheduled("0 2 * * *", settings)(CRON_JOB))
    assert report.state is State.PASS
    assert any(said in note for note in report.notes), report.notes


def test_the_week() -> None:
    """The calendar begins today, and has the runs of seven days."""
    evidence = looked_at(EXERCISE.parse(CRON_JOB), world(), datetime(2026, 3, 2, 17, 30, tzinfo=UTC))
    assert evidence.week == tuple(datetime(2026, 3, day, 2, tzinfo=UTC) for day in range(2, 9))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("just some words", "plain text, not a manifest"),
        ("- a\n- b\n", "a list, not a manifest"),
        ("apiVersion: apps/v1\nkind: Deployment\n", "This is a Deployment; the exercise asks for a CronJob."),
        ("kind: Job\n---\nkind: Pod\n", "Your answer has no CronJob, only: Job, Pod."),
        (CRON_JOB + "---\n" + CRON_JOB, "Your answer has 2 CronJobs (lines 2, 17)"),
        (CRON_JOB.replace('"0 2', "0 2").replace('*"', "* : *"), "colon"),
        (CRON_JOB + "\tx: 1\n", "tab"),
        ("x: " + "y" * 300_000, "256 kB"),
    ],
)
def test_unreadable(text: str, problem: str) -> None:
    """A text that isn't a CronJob earns nothing, and one sentence says why, with a next step."""
    report = judge(text)
    assert (report.state, report.score) == (State.FAIL, 0)
    assert problem in report.problem
    assert report.problem
    assert report.hint
    assert len(report.problem) < 300


def test_doubled_field() -> None:
    """A field that is written twice is refused, as by the server."""
    report = judge(CRON_JOB.replace("  jobTemplate", '  schedule: "0 3 * * *"\n  jobTemplate'))
    assert "“schedule” is written twice, on lines 6 and 7" in finding(report, "accepted").observed


def test_first_things_first() -> None:
    """While the server refuses the CronJob, nothing is said about wrong days; the strip shows when it would run."""
    report = judge(edit("OnFailure", "Always")(CRON_JOB))
    assert report.notes == ()
    assert "isn&#39;t accepted yet; it would run at 02:00 UTC every day" in card.html(report)


@pytest.mark.parametrize(
    ("edited", "told"),
    [
        (edit("  schedule", "  restartPolicy: OnFailure\n  schedule"), "the pod's spec, beside containers"),
        (edit("          restartPolicy", "          image: a\n          restartPolicy"), "image belongs under spec.jobTemplate.spec.template.spec.containers[0]."),
        (edit("  schedule", "  image: a\n  schedule"), "the container, beside its name and image"),
        (edit("      template:", "      schedule: a\n      template:"), "schedule belongs under spec."),
        (edit("      template:", "      nonsense: a\n      template:"), "spec.jobTemplate.spec has no field nonsense: correct its name, or delete it."),
    ],
)  # fmt: skip
def test_a_field_on_another_level(edited: Edit, told: str) -> None:
    """The message on a misplaced field names its right level."""
    assert told in finding(judge(edited(CRON_JOB)), "accepted").hint
