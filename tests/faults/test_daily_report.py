"""Exercise ``daily-report``: one slip costs once, the finding and its hints are about that slip, and what is there isn't missed."""

from __future__ import annotations

import pytest

from cluster import world
from graders.application_platform.exercises.daily_report.rubric import EXERCISE
from graders.core.report import Finding, Report, State
from graders.present import inline
from tests.support.manifests import CRON_JOB

POLICY = "          restartPolicy: OnFailure\n"


def judged(*edits: tuple[str, str], text: str = CRON_JOB) -> Report:
    for was, now in edits:
        assert was in text
        text = text.replace(was, now, 1)
    return EXERCISE.judge(text, world())


def indented_less(line: str) -> str:
    """The solution without a line, and with the lines below it two columns further left."""
    before, _, after = CRON_JOB.partition(line)
    return before + "".join(each.removeprefix("  ") for each in after.splitlines(keepends=True))


def found(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


def named(report: Report) -> list[str]:
    return [f.criterion for f in report.findings if f.state is not State.PASS and not f.follows]


def scheduled(schedule: str, more: str = "") -> tuple[str, str]:
    return '"0 2 * * *"', f'"{schedule}"' + (f"\n  {more}" if more else "")


API, SCHEDULE, RESTART, NAMES = (criterion.points for criterion in EXERCISE.criteria)
ONE = [
    scheduled("0 2 * * *", "timeZone: utc"), scheduled("0 2 * * *", "timeZone: etc/utc"), scheduled("0 2 * * *", "timezone: UTC"),
    scheduled("0 2 * *"), scheduled("0 2"), scheduled("0 2 * * 1-7"), scheduled("0 2 * * 0-7"), scheduled("0 0 2 * * *"),
    scheduled("0 2 * * * *"), scheduled("CRON_TZ=UTC 0 2 * * *"), scheduled("TZ=Etc/UTC 0 2 * * *"),
    ("OnFailure", "onFailure"), ("OnFailure", "On-Failure"),
    ("restartPolicy:", "restartpolicy:"), ("restartPolicy:", "restart:"),
    ("daily-report", "Daily Report"), ("daily-report", "daily_report"),
    ("  schedule:", "  Schedule:"), ("kind: CronJob", "kind: Cronjob"), ("batch/v1", "batch/v1beta1"), ("jobTemplate:", "jobtemplate:"),
    ("            - name: reporter\n              image", "              name: reporter\n              image"),
    ("containers:", "container:"), ("  schedule:", "  concurrencyPolicy: forbid\n  schedule:"),
]  # fmt: skip


@pytest.mark.parametrize("slip", ONE, ids=lambda slip: slip[1].strip()[:40])
def test_one_refused_slip_costs_once(slip: tuple[str, str]) -> None:
    """A slip that the server refuses costs the points of acceptance, in any word, and one finding names it."""
    report = judged(slip)
    assert (report.score, named(report)) == (5 - API, ["accepted"])


UNKNOWN = [
    (("OnFailure", "Always"), RESTART), (("OnFailure", "sometimes"), RESTART), ((POLICY, ""), RESTART), (scheduled("02:00"), SCHEDULE),
    (scheduled("every day at 2"), SCHEDULE), (('  schedule: "0 2 * * *"\n', ""), SCHEDULE),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "lost"), UNKNOWN, ids=str)
def test_what_nobody_can_read_costs_its_criterion(slip: tuple[str, str], lost: float) -> None:
    """A refused value with several possible meanings costs its criterion's points, and no more for the refusal."""
    report = judged(slip)
    assert (report.score, named(report)) == (5 - lost, ["accepted"])


LEVELS = [
    indented_less("    spec:\n"),
    indented_less("  jobTemplate:\n    spec:\n").replace("    template:", "  template:", 1),
    CRON_JOB.replace("        spec:\n", "", 1),
    CRON_JOB.replace(POLICY, "").replace("      template:", "      restartPolicy: OnFailure\n      template:"),
    CRON_JOB.replace(POLICY, "").replace("  schedule:", "  restartPolicy: OnFailure\n  schedule:"),
    CRON_JOB.replace(POLICY, "") + "              restartPolicy: OnFailure\n",
]


@pytest.mark.parametrize("text", LEVELS, ids=range(len(LEVELS)))
def test_what_stands_on_another_level_is_not_missed(text: str) -> None:
    """A forgotten level, or a field on the wrong level, is one slip, and no finding says that the field isn't set."""
    report = judged(text=text)
    assert (report.score, named(report)) == (5 - API, ["accepted"])
    said = inline.plain(report)
    for untrue in ("isn't set", "there is no container", "Required value (line"):
        assert untrue not in said


@pytest.mark.parametrize(
    ("edits", "lost"),
    [
        ([scheduled("2 0 * *")], API + SCHEDULE), ([scheduled("0 14 * * *"), ("batch/v1", "batch/v1beta1")], API + SCHEDULE),
        ([("OnFailure", "Always"), ("batch/v1", "batch/v1beta1")], API + RESTART), ([("OnFailure", "onFailure"), (":v1.2.0", "")], API + 0.5),
        ([scheduled("0 3 * * *", "timeZone: utc")], API + SCHEDULE), ([("      template:", "      restartpolicy: a\n      template:"), (POLICY, "")], RESTART),
        ([scheduled("02:00"), ("OnFailure", "Always")], SCHEDULE + RESTART), ([scheduled("02:00"), ("OnFailure", "onFailure")], API + SCHEDULE),
        ([("daily-report", "7")], 0.5), ([("daily-report", "7"), ("OnFailure", "onFailure")], API + 0.5),
        ([("OnFailure", "OnFailure\n          restartPolicy: OnFailure")], API), ([("OnFailure", "never")], API + RESTART / 2),
        ([scheduled("CRON_TZ=Europe/Berlin 0 2 * * *")], API + SCHEDULE),
    ],
)  # fmt: skip
def test_what_is_wrong_beside_the_slip_costs_its_own(edits: list[tuple[str, str]], lost: float) -> None:
    """A second mistake costs its own points."""
    assert judged(*edits).score == pytest.approx(5 - lost, abs=0.011)


def test_a_mistake_beside_the_slip_is_named_in_its_line() -> None:
    """If a level is missing, a mistake below it is also named, on the learner's line."""
    text = LEVELS[0].replace("v1.2.0", "v1.3.0").replace("OnFailure", "Never")
    report = judged(text=text)
    assert named(report) == ["accepted", "restart", "names"]
    assert found(report, "names").line == text.splitlines().index("            image: myapp/reporter:v1.3.0") + 1
    assert found(report, "restart").line == text.splitlines().index("        restartPolicy: Never") + 1


def test_of_two_lists_of_values_the_narrower_one_is_shown() -> None:
    """The card's list of values contains no value that the server would refuse next, and is shown once."""
    finding = found(judged(("OnFailure", "onFailure")), "accepted")
    assert "Always" not in finding.observed
    assert finding.also == ""


FIELDS = [
    # a schedule, the field that keeps it from running when it should, a word of its hints, words of others
    ("* 2 * * *", "The first field is the minute, and yours matches 60 minutes", "minute", ("hour of", "On which days")),
    ("*/10 2 * * *", "yours matches 6 minutes", "minute", ("On which days",)), ("0,30 2 * * *", "yours matches 2 minutes", "minute", ("On which days",)),
    ("30 2 * * *", "The first field is the minute, and yours is 30", "minute", ("On which days",)), ("* * * * *", "yours matches 60 minutes", "minute", ("On which days",)),
    ("0 * * * *", "The second field is the hour, and yours matches 24 hours", "hour", ("On which days",)), ("0 2,14 * * *", "yours matches 2 hours", "hour", ("On which days",)),
    ("0 3 * * *", "The second field is the hour, and yours is 3", "hour", ("On which days",)), ("0 14 * * *", "14 is two in the afternoon", "hour", ("On which days",)),
    ("0 2 * * 1-5", "restricts the day of the week, but", "days", ("minute",)), ("0 2 1 * *", "restricts the day of the month, but", "days", ("minute",)),
    ("0 2 */2 * *", "restricts the day of the month, but", "days", ("minute",)), ("0 2 * 6 1", "restricts the month and the day of the week", "days", ("minute",)),
    ("0 2 31 2 *", "restricts the day of the month and the month", "days", ("minute",)), ("* 2 * * 1", "yours matches 60 minutes", "minute", ("On which days",)),
]  # fmt: skip


@pytest.mark.parametrize(("schedule", "step", "about", "others"), FIELDS)
def test_the_field_that_is_wrong(schedule: str, step: str, about: str, others: tuple[str, ...]) -> None:
    """The next step and the hints for a schedule are about its first wrong field."""
    finding = found(judged(scheduled(schedule)), "schedule")
    assert step in finding.hint
    assert about in finding.hints[0]
    assert not any(other in " ".join(finding.hints) for other in others)


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        (("v1.2.0\n", "v1.2.0\n            - name: helper\n              image: busybox\n"), "programs"), (("v1.2.0", "v1"), "version"),
        (("myapp/reporter:v1.2.0", "nginx"), "version"), (("name: reporter", "name: report"), "letter"), (("name: daily-report", "name: report"), "letter"),
    ],
)  # fmt: skip
def test_hints_about_names_are_about_the_one_that_differs(edit: tuple[str, str], word: str) -> None:
    """An additional container, another image and another name have three different hint ladders."""
    finding = found(judged(edit), "names")
    assert word in finding.hints[0]
    assert len({finding.hint, *finding.hints}) == 4


def test_a_policy_that_a_job_cannot_have_costs_once() -> None:
    """restartPolicy: Always costs the points of the restart criterion; the other finding says so, with the total."""
    report = judged(("OnFailure", "Always"))
    assert report.score == 5 - RESTART
    assert found(report, "restart").observed == "the refusal costs 0.5 points in all"
    assert inline.plain(report).count("has the same cause") == 1


ABOUT = [
    (scheduled("0 2 * *"), "accepted", "field", "level"), (scheduled("0 2 * * 1-7"), "accepted", "range", "level"),
    (scheduled("0 2 * * *", "timeZone: utc"), "accepted", "zone", "level"), (("OnFailure", "onFailure"), "accepted", "capital", "level"),
    (("kind: CronJob", "kind: Cronjob"), "accepted", "kind", "level"), (("daily-report", "Daily Report"), "accepted", "name", "level"),
    (scheduled("0 2 * * *", "timezone: UTC"), "accepted", "spelled", "level"),
    (scheduled("0 2 * * *", "concurrencyPolicy: forbid"), "accepted", "list", "level"),
    (("    spec:\n      template:\n        spec:", "      template:\n        spec:"), "accepted", "level", "picture"),
    (scheduled("0 2 * * *", 'schedule: "0 2 * * *"'), "accepted", "which of the two", "range"),
    (scheduled("0 2 * * *", "timeZone: Europe/Berlin"), "schedule", "clock", "picture"),
    (scheduled("0 2 * * *", "suspend: true"), "schedule", "suspend", "picture"),
    (scheduled("* 2 * * *"), "schedule", "star", "zone"), (scheduled("0 2 * * 1-5"), "schedule", "day", "zone"),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "criterion", "about", "other"), ABOUT)
def test_hints_are_about_the_slip(slip: tuple[str, str], criterion: str, about: str, other: str) -> None:
    """Each hint of a ladder is about the wrong field, and none repeats the next step."""
    finding = found(judged(slip), criterion)
    ladder = " ".join(finding.hints).casefold()
    assert about in ladder
    assert other not in ladder
    assert len({finding.hint, *finding.hints}) == 4


def test_the_way_on_names_where_the_field_is() -> None:
    """If a field is on another level that also allows it, the next step names its line."""
    hint = found(judged(text=LEVELS[5]), "accepted").hint
    assert hint == "Write restartPolicy beside containers, in the pod's spec; yours is in the container (line 14)."


@pytest.mark.parametrize("image", ["myapp/reporter", "docker.io/myapp/reporter"])
def test_an_image_without_a_tag(image: str) -> None:
    """An image without a tag isn't called an image with another tag."""
    assert "without a tag, so it is latest" in found(judged(("myapp/reporter:v1.2.0", image)), "names").observed


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("* 2 * * *", "it runs 60 times a day, from 02:00 to 02:59 UTC"), ("* * * * *", "it runs 1440 times a day, from 00:00 to 23:59 UTC"),
        ("*/10 2 * * *", "it runs 6 times a day, from 02:00 to 02:50 UTC"), ("0 * * * *", "it runs 24 times a day, from 00:00 to 23:00 UTC"),
        ("0 2,14 * * *", "it runs 2 times a day, at 02:00 UTC and 14:00 UTC"), ("* 2 * * 1", "it runs 60 times a day, from 02:00 to 02:59 UTC, but not every day"),
    ],
)  # fmt: skip
def test_many_runs_are_counted(schedule: str, said: str) -> None:
    """For a schedule that runs many times a day, the card says how often, and from when to when."""
    assert found(judged(scheduled(schedule)), "schedule").observed.startswith(said)


JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: daily-report
spec:
  template:
    spec:
      restartPolicy: OnFailure
      containers:
        - name: reporter
          image: myapp/reporter:v1.2.0
"""


@pytest.mark.parametrize(
    ("text", "score"),
    [
        (JOB, RESTART + NAMES), (JOB.replace("v1.2.0", "v1"), RESTART + NAMES - 0.5), (JOB.replace("OnFailure", "Never"), RESTART / 2 + NAMES),
        (JOB + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", RESTART + NAMES), (JOB.replace("spec:\n  template", "specs:\n  template"), NAMES - 0.5),
    ],
)  # fmt: skip
def test_a_job_is_judged_as_what_a_cron_job_would_start(text: str, score: float) -> None:
    """A Job in place of the CronJob loses the points for the kind and the schedule; its right fields count."""
    report = judged(text=text)
    assert report.score == pytest.approx(score, abs=0.011)
    assert not report.problem
    assert found(report, "accepted").observed == "this is a Job, which runs once, as soon as it is created"
    assert found(report, "accepted").line == 2
    assert found(report, "schedule").follows


def test_a_list_around_the_cron_job_is_read_by_its_items() -> None:
    """kubectl splits a List, and so does the exercise."""
    item = CRON_JOB.replace("\n", "\n    ").strip()
    report = judged(text=f"apiVersion: v1\nkind: List\nitems:\n  - {item}\n")
    assert report.state is State.PASS


WORDS = ("backoffLimit", "seven")


def test_the_words_of_never() -> None:
    """A card on restartPolicy: Never uses only fields that the learner has seen."""
    finding = found(judged(("OnFailure", "Never")), "restart")
    assert not any(word in f"{finding.observed} {finding.why} {finding.hint} {finding.hints}" for word in WORDS)
