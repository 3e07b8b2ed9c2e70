"""Exercise ``daily-report``: a CronJob that makes a report at 02:00 UTC every day; the evidence is when it really runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any

from markupsafe import Markup

from cluster import Cluster
from cluster.admission.response import Admission, Cause
from cluster.manifests.documents import Path
from cluster.manifests.schedule import Schedule, ScheduleError, read, runs
from cluster.train.stops import BESIDE_A_JOB
from cluster.train.timeline import Timeline
from graders.application_platform.exercises.daily_report import cronjob_slips, job_outcomes
from graders.application_platform.exercises.daily_report.reading import CRONJOB, JOB, POD, SPEC, CronJob, parse
from graders.application_platform.exercises.daily_report.runs import ASKED, BEFORE, MOST_RUNS, YEAR, remarks, told
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed, follows, partly, passed
from graders.families.manifest import admitted
from graders.families.manifest.deployment import repository
from graders.families.manifest.documents import curly, is_started
from graders.families.manifest.mending import path_of
from graders.families.manifest.refusals import judged_once, refusal
from graders.reading.text import shown

NAME, CONTAINER, SCHEDULE = "daily-report", "reporter", "0 2 * * *"
IMAGE = "myapp/reporter:v1.2.0"
NAMES, EACH_NAME = 1.25, 0.5
"""The points of all names, and the points that each wrong one costs."""

SHOWN_DAYS = 7
MOST_SHOWN = 2000
"""The most runs that the picture can show: one a minute for more than a day."""

RUN = ("CronJob", *BESIDE_A_JOB)
READ = "kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"
READ_JOB = "kubernetes.io/docs/concepts/workloads/controllers/job/"
SWAPPED, AFTERNOON = "at 00:02 UTC every day", "at 14:00 UTC every day"


@dataclass(frozen=True, slots=True)
class CronJobEvidence:
    """The server's verdict, and when the CronJob runs.

    ``schedule`` is None if it can't be read, and ``complaint`` says why. ``year`` are its first runs in the year by
    which it is judged, at most ``MOST_RUNS`` and one more; ``week`` are those of the seven days from ``since`` on, in UTC.
    ``job`` is the timeline of a Job that was started from it, if the world runs programs; no criterion reads it.
    ``refused`` are the causes of a refusal, ``meant`` is the corrected answer with its evidence, and ``left`` are the
    causes that have no certain correction.
    """

    admissions: tuple[Admission, ...]
    admission: Admission
    schedule: Schedule | None
    complaint: str
    year: tuple[datetime, ...]
    week: tuple[datetime, ...]
    since: datetime
    job: Timeline | None = None
    meant: tuple[CronJob, CronJobEvidence] | None = None
    refused: tuple[Cause, ...] = ()
    left: tuple[Cause, ...] = ()


def observe(
    answer: CronJob, world: Cluster, so_far: Callable[[CronJobEvidence], None] | None = None
) -> CronJobEvidence:
    """Ask the world for its verdict on every document, compute the runs from today, and start a Job."""
    evidence = looked_at(answer, world, datetime.now(UTC))
    if not all(admission.accepted for admission in evidence.admissions):
        return evidence

    def tell(job: Timeline) -> None:
        if so_far is not None:
            so_far(replace(evidence, job=job))

    return replace(evidence, job=world.start_job(answer.documents, tell if so_far else None))


def looked_at(answer: CronJob, world: Cluster, now: datetime) -> CronJobEvidence:
    """Return the evidence without a Job, with the runs from the day of ``now``."""
    admissions = admitted.admissions(answer.documents, world, CRONJOB)
    admission = admissions[answer.documents.index(answer.cronjob)]
    evidence = _dated(answer, admissions, admission, now)
    if admission.accepted or answer.is_job:
        return evidence
    why = refusal(answer.cronjob, admission, cronjob_slips.mended)
    meant = replace(answer, cronjob=why.meant)
    return replace(
        evidence, meant=(meant, _dated(meant, admissions, admission, now)), refused=why.causes, left=why.left
    )


def _dated(answer: CronJob, admissions: tuple[Admission, ...], admission: Admission, now: datetime) -> CronJobEvidence:
    """Return the evidence for this verdict of the server, with the CronJob's runs."""
    since = now.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        schedule = read(_text(answer.spec("schedule")), _text(answer.spec("timeZone")) or "UTC")
    except ScheduleError as error:
        return CronJobEvidence(admissions, admission, None, str(error), (), (), since)
    if answer.spec("suspend") is True:
        return CronJobEvidence(admissions, admission, schedule, "", (), (), since)
    year = () if schedule.every else _until(schedule, BEFORE, BEFORE.replace(year=YEAR), MOST_RUNS + 1)
    week = _until(schedule, since - timedelta(seconds=1), since + timedelta(days=SHOWN_DAYS, seconds=-1), MOST_SHOWN)
    return CronJobEvidence(admissions, admission, schedule, "", year, week, since)


def _until(schedule: Schedule, after: datetime, last: datetime, most: int) -> tuple[datetime, ...]:
    return tuple(islice(takewhile(lambda run: run <= last, runs(schedule, after)), most))


def _text(value: Any) -> str:
    return value[:1000] if isinstance(value, str) else ""


def _advice(answer: CronJob) -> admitted.Advice:
    def step(cause: Cause) -> str:
        if path_of(cause.field) == (*POD, "restartPolicy") and not cause.suggestion:
            return restarts(answer, None).hint
        return cronjob_slips.next_step(cause)

    return admitted.Advice(cronjob_slips.mended, step, cronjob_slips.ladder)


def accepted(answer: CronJob, evidence: CronJobEvidence) -> Verdict:
    """The API server accepts every document, and none starts another program than the CronJob."""
    if answer.is_job:
        return failed(
            "this is a Job, which runs once, as soon as it is created",
            "Write a CronJob: it has a schedule, and its template is such a Job.", line=answer.line("kind"),
            why="Without a schedule, somebody has to start the report each night.", hints=_OF_A_JOB,
        )  # fmt: skip
    return admitted.accepted(answer.documents, evidence.admissions, RUN, _advice(answer))


_OF_A_JOB = (
    "Which kind of object starts a Job again and again?",
    "The content of your Job's spec stays unchanged, two levels deeper.",
    "In the notebook's example the Job's spec is below jobTemplate, and jobTemplate is beside schedule.",
)
_ZONE = (
    "Which time zone's clock do the five fields use?",
    "Look at timeZone, and not at the five fields.",
    "In a zone with summer time, no hour of the day is 02:00 UTC all year; the exercise uses UTC.",
)
_SUSPENDED = (
    "A CronJob can be suspended without being deleted. Is yours?",
    "One field beside schedule prevents every run.",
    "suspend is that field; if it is false or missing, the runs start.",
)
_MINUTE = (
    "In which minutes of an hour does it run? In which should it run?",
    "The minute is the first of the five fields; with a star, a step, a range or a list it runs several times an hour.",
    "For one run at the full hour, write one number there: the minute of the full hour.",
)
_HOUR = (
    "In which hours of the day does it run? In which should it run?",
    "The hour is the second of the five fields, from 0 to 23; with a star, a step, a range or a list it runs several times a day.",
    "For one run a day, write one number there: the hour that the exercise asks for, in UTC.",
)
_DAYS = (
    "On which days does it run? The picture shows the next seven.",
    "The last three fields say on which days: day of the month, month, day of the week.",
    "A star in each of these three means any day.",
)
_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_PLACES = ("first", "second")
_ANY_DAY = (31, 12, 7)
"""The number of values of each of the last three fields if it allows any."""


def on_time(answer: CronJob, evidence: CronJobEvidence) -> Verdict:
    """It runs at 02:00 UTC on every day, in any notation."""
    written, line = answer.spec("schedule"), answer.line(*SPEC, "schedule")
    if not written:
        if answer.is_job:
            return follows("a Job has no schedule")
        return failed("schedule isn't set, so it never runs", "Write spec.schedule, five fields in quotes.", line=line,
                      hints=cronjob_slips.SET)  # fmt: skip
    if answer.spec("suspend") is True:
        return failed("suspend: true, so it never runs", "Delete spec.suspend.",
                      line=answer.line(*SPEC, "suspend"), hints=_SUSPENDED)  # fmt: skip
    schedule = evidence.schedule
    if schedule is None:
        zone = answer.spec("timeZone")
        if "time zone" in evidence.complaint and zone is not None:
            return failed(f"timeZone: {shown(zone)}, which isn't a time zone", "Write a name of the IANA database, such as Etc/UTC.",
                          line=answer.line(*SPEC, "timeZone"), hints=cronjob_slips.NO_ZONE)  # fmt: skip
        return failed(f"schedule: “{shown(written)}” ({shown(evidence.complaint, 120)})",
                      cronjob_slips.step_for_schedule(evidence.complaint), line=line,
                      hints=cronjob_slips.of_schedule(evidence.complaint))  # fmt: skip
    if schedule.every:
        return failed(f"schedule: “{shown(written)}” counts from the last run, not by a clock",
                      "Write the time of day in five fields.", line=line)  # fmt: skip
    if evidence.year != ASKED:
        return _off(answer, evidence, schedule)
    return passed(told(evidence.year))


def _off(answer: CronJob, evidence: CronJobEvidence, schedule: Schedule) -> Verdict:
    runs_at, zone = told(evidence.year), schedule.zone.key
    field = "schedule"
    ladder: tuple[str, str, str] | tuple[()] = ()
    if zone not in ("UTC", "Etc/UTC"):
        hint = f"The fields are in the zone {zone}. Use UTC, or compute 02:00 UTC in that zone for summer and winter."
        field, ladder = "timeZone" if answer.spec("timeZone") else field, _ZONE
    elif runs_at == SWAPPED:
        hint = "The first field is the minute, the second one is the hour: swap them."
    elif _text(answer.spec("schedule")).startswith("@"):
        hint, ladder = "A name with @ has a fixed time of day. Write yours in five fields.", cronjob_slips.COUNT
    elif runs_at == AFTERNOON:
        hint, ladder = "Hours are 0 to 23; 14 is two in the afternoon.", _HOUR
    else:
        hint, ladder = _by_field(schedule)
    observed = f"it runs {runs_at}" if evidence.year else "it never runs: that day doesn't exist"
    return failed(observed, hint, line=answer.line(*SPEC, field), hints=ladder)


def _by_field(schedule: Schedule) -> tuple[str, tuple[str, str, str]]:
    """Return the next step and the hints for the first of the five fields that is wrong."""
    for at, (field, right, ladder) in enumerate(zip(schedule.fields, (0, 2), (_MINUTE, _HOUR), strict=False)):
        which = f"The {_PLACES[at]} field is the {_FIELDS[at]}"
        if len(field.values) > 1:
            return f"{which}, and yours matches {len(field.values)} {_FIELDS[at]}s: write one number there.", ladder
        if right not in field.values:
            return (
                f"{which}, and yours is {min(field.values)}: which {_FIELDS[at]} does the exercise ask for?",
                ladder,
            )
    days = zip(_FIELDS[2:], schedule.fields[2:], _ANY_DAY, strict=True)
    restricted = " and ".join(f"the {name}" for name, field, size in days if len(field.values) < size)
    return (
        f"Your schedule restricts {restricted}, but the report is due every day: which character means any value?",
        _DAYS,
    )


def restarts(answer: CronJob, _evidence: object) -> Verdict:
    """A report that fails runs again in its pod."""
    policy, line = answer.pod("restartPolicy"), answer.line(*POD, "restartPolicy")
    ends_at_once = answer.job("backoffLimit") == 0
    if policy == "OnFailure":
        if ends_at_once:
            return partly(0.5, "restartPolicy: OnFailure, but backoffLimit: 0 ends the Job at the first failure",
                          "Delete backoffLimit; its default allows six retries.",
                          line=answer.line(*JOB, "backoffLimit"))  # fmt: skip
        return passed("restartPolicy: OnFailure")
    if policy == "Never":
        if ends_at_once:
            return failed("restartPolicy: Never and backoffLimit: 0, so a failed report doesn't run again",
                          "Choose the policy that restarts the container when it fails.", line=line)  # fmt: skip
        return partly(
            0.5, "restartPolicy: Never", "Choose the policy that restarts the container when it fails.", line=line,
            why="The Job then creates a new pod for each retry. The report does run again, so this is half right; the exercise asks "
            "for a restart in the same pod.",
        )  # fmt: skip
    if policy is None:
        return failed("restartPolicy isn't set, so it is Always, which a Job doesn't allow",
                      f"Write restartPolicy beside containers{_where_it_belongs(answer)}.", line=line)  # fmt: skip
    if policy == "Always":
        return failed("restartPolicy: Always, which would start the report again after each success",
                      "A Job allows two other policies; one of them restarts only after a failure.", line=line)  # fmt: skip
    return failed(f"restartPolicy: {shown(policy)}", "Check the capitals: a Job allows two policies.", line=line)


def _where_it_belongs(answer: CronJob) -> str:
    places = ((SPEC, "the CronJob's spec"), (JOB, "the Job's spec"), ((*POD, "containers", 0), "the container"))
    for path, what in places:
        if answer.cronjob.get(*path, "restartPolicy") is not None:
            return f", in the pod's spec; yours is in {what} (line {answer.line(*path, 'restartPolicy')})"
    return ", in the pod's spec"


def named(answer: CronJob, _evidence: object) -> Verdict:
    """The CronJob, its one container and its image have the agreed names; each wrong one costs half a point."""
    problems = [p for p in (_own_name(answer), _container(answer), _image(answer)) if p is not None]
    if not problems:
        return passed(f"{NAME}, with one container {CONTAINER} of {IMAGE}")
    (observed, hint, line), *more = problems
    also = "; ".join(f"{other} (line {where})" if where else other for other, _, where in more)
    share = max(0.0, 1 - EACH_NAME / NAMES * len(problems))
    ladder = _ONE_CONTAINER if problems[0] == _container(answer) and len(answer.containers) != 1 else ()
    return partly(
        share, observed, hint, line=line, also=also, hints=_PROGRAM if problems[0] == _image(answer) else ladder
    )


_ONE_CONTAINER = (
    "How many programs make the report?",
    "A Job's pod is done only when all of its containers have ended.",
    "The list below containers needs one item only: the one with the report's image.",
)
_PROGRAM = (
    "Which program makes the report, and in which version?",
    "An image has a name and, after a colon, a tag; without a tag it is latest.",
    "Compare both with the list in the exercise, character by character.",
)


def _own_name(answer: CronJob) -> tuple[str, str, int] | None:
    name = answer.cronjob.get("metadata", "name")
    if name == NAME:
        return None
    observed = f"metadata.name: {shown(name)}" if name is not None else "the CronJob has no name"
    return observed, f"Name it {NAME} in metadata.", answer.line("metadata", "name")


def _container(answer: CronJob) -> tuple[str, str, int] | None:
    line = answer.line(*POD, "containers")
    names = [shown(c.get("name") if isinstance(c, dict) else c) for c in answer.containers]
    if not names:
        return "the pod has no container", "Write the list of containers, with one item.", line
    if len(names) > 1:
        hint = "A Job is done only when all of its containers are done. Keep the one that makes the report."
        return f"{len(names)} containers: {', '.join(names[:4])}", hint, line
    if names != [CONTAINER]:
        return (
            f"the container is called {names[0]}",
            f"Call the container {CONTAINER}.",
            answer.line(*POD, "containers", 0, "name"),
        )
    return None


def _image(answer: CronJob) -> tuple[str, str, int] | None:
    """Return what is wrong with the image of the only container; several containers are another finding."""
    if len(answer.containers) != 1:
        return None
    path = (*POD, "containers", 0, "image")
    image = answer.cronjob.get(*path)
    if isinstance(image, str) and _plain(image) == IMAGE:
        return None
    line = answer.line(*path)
    if image is None:
        return "the container has no image", f"Write image: {IMAGE}.", line
    observed = f"the image is {shown(image, 120)}"
    if curly(image):
        return f"{observed}, with curly quotes in it", f"Write {IMAGE} without quotes.", line
    if repository(image) != repository(IMAGE):
        return observed, f"The exercise asks for the image {IMAGE}.", line
    if ":" not in image.rpartition("/")[2] and "@" not in image:
        return (
            f"{observed}, without a tag, so it is latest",
            f"The exercise asks for {IMAGE}; latest can change at any time.",
            line,
        )
    return f"{observed}: another tag", f"The exercise asks for {IMAGE}; another tag is another version.", line


def _plain(image: str) -> str:
    """An image without the default registry."""
    return image.removeprefix("docker.io/")


def notes(answer: CronJob, evidence: CronJobEvidence) -> tuple[str, ...]:
    """What the learner's settings mean for missed and overlapping runs, and the server's warnings."""
    warned = admitted.server_remarks(evidence.admissions)
    if evidence.job is not None:
        left_out = admitted.not_applied(answer.documents, evidence.admissions, RUN)
        warned = (*job_outcomes.told(evidence.job), *left_out, *warned)
    return (*remarks(answer), *warned) if evidence.schedule and evidence.admission.accepted else warned


CRITERIA: tuple[Criterion[CronJob, CronJobEvidence], ...] = (
    Criterion(
        name="accepted", points=0.25, title="The API server accepts it", judge=accepted,
        expected="a CronJob that the API server accepts",
        why="A refused manifest never runs: kubectl apply ends with this message.",
        docs_url="kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/",
        hints=cronjob_slips.LEVELS,
    ),
    Criterion(
        name="schedule", points=3, title="It runs at 02:00 UTC every day", judge=on_time,
        expected="a run at 02:00 UTC on every day, and no other",
        why="At another hour the report misses the last orders of the day, or is late for breakfast.",
        docs_url=READ,
        hints=(
            "Look at the picture: in which column are your marks?",
            "Five fields, from small to large: minute, hour, day of the month, month, day of the week.",
            "Minute and hour need numbers; the three fields after them must allow any day.",
        ),
    ),
    Criterion(
        name="restart", points=0.5, title="A failed report runs again", judge=restarts,
        expected="restartPolicy: OnFailure in the pod's spec",
        why="At 02:00 people are asleep: a short outage of the database shouldn't cost the day's report.",
        docs_url=READ_JOB,
        hints=(
            "What should happen when the report fails at 02:01?",
            "The pod's spec has the containers, and also the rule for their restarts.",
            "Of the two values that a Job allows, choose the one that names a failure.",
        ),
    ),
    Criterion(
        name="names", points=NAMES, title="The names and the image are the agreed ones", judge=named,
        expected=f"a CronJob {NAME} with one container, {CONTAINER}, of the image {IMAGE}",
        why="Alerts, logs and colleagues identify a job by its name. Its image is the program that runs.",
        docs_url=READ,
        hints=(
            "Compare your names with the text of the exercise, letter by letter.",
            "There are three: one in metadata, and two in the list of containers.",
            "The exercise lists the name of the job, the name of its container, and the container's image with its tag.",
        ),
    ),
)  # fmt: skip

_READS: Mapping[str, tuple[Path, ...]] = {
    "schedule": ((*SPEC, "schedule"), (*SPEC, "timeZone")),
    "restart": ((*POD, "restartPolicy"),),
    "names": (("metadata", "name"), (*POD, "containers")),
}
"""The fields that each criterion reads."""


def _figure(evidence: CronJobEvidence) -> Markup:
    from graders.application_platform.exercises.daily_report.figure import figure  # noqa: PLC0415  a figure is drawn only where somebody looks

    return figure(evidence)


EXERCISE: Exercise[CronJob, CronJobEvidence] = Exercise(
    name=NAME,
    title="A report at two in the morning",
    kind="manifest",
    section="02-kinds-of-service",
    minutes=10,
    criteria=judged_once(CRITERIA, lambda _answer: _READS, CRITERIA[0].points),
    parse=parse,
    observe=observe,
    is_started=is_started,
    notes=notes,
    echo=lambda answer: admitted.echo(answer.documents),
    runs_on_cluster=True,
    ran=lambda evidence: evidence.job is not None,
    figure=_figure,
    json=lambda evidence, problem: admitted.json(evidence.admission if evidence else None, problem),
    sample=Sample(__file__, 2),
    prints=lambda: (f"named `{NAME}`", f"named `{CONTAINER}`", f"the image `{IMAGE}`"),
)
