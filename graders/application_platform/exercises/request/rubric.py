"""Exercise ``request``: a team asks for “PostgreSQL 15, 100 GB, highly available”; six duties of the platform follow."""

from __future__ import annotations

from graders.application_platform.exercises.request import database_outcomes, rules_operations, rules_provisioning
from graders.core.exercise import Criterion, Exercise, Sample
from graders.families.form.criteria import FormEvidence, closed_form, observer, part
from graders.families.form.reading import Filled, Form

READ = "www.postgresql.org/docs/15/"
TERMS = {**rules_provisioning.TERMS, **rules_operations.TERMS}
FORM = Form({term: field for term, (field, _) in TERMS.items()})

CRITERIA: tuple[Criterion[Filled, FormEvidence], ...] = (
    Criterion(
        name="provisioning", points=0.75, title="Provisioning: a database that can be made again",
        judge=part("provisioning"),
        expected="a tool, and version, size and standbys as the team asked for",
        why="A database that was made by hand can't be made again in the same way.",
        docs_url=READ + "high-availability.html",
        hints=(
            "Read the team's request again, word by word. Each word is a requirement.",
            "A tool, a version, a size. And what does “highly available” ask for?",
            "If one server may die, how many others must be there?",
        ),
    ),
    Criterion(
        name="backups", points=1, title="Backups: little data is lost, and a restore is fast enough", judge=part("backups"),
        expected="full backups, copies of the log and restore tests, each often enough",
        why="A backup is useful only if it can be restored in time, with nearly all data.",
        docs_url=READ + "continuous-archiving.html",
        hints=(
            "The three intervals decide three things: how much is lost, how long a restore takes, and whether it works.",
            "Data that hasn't been copied is lost. The log since the last full backup has to be replayed.",
            "Full backup plus replay must fit into the time that the shop may be down. How many days of log fit?",
        ),
    ),
    Criterion(
        name="pooling", points=0.75, title="Pooling: many pods, one server", judge=part("pooling"),
        expected="a pooler that accepts all connections of the pods, and opens as many as the server has room for",
        why="A server without a free connection refuses every client, administrators included.",
        docs_url="www.pgbouncer.org/features.html",
        hints=(
            "The pods are on one side of the pooler, the server is on the other side. Count the connections on both.",
            "Pods keep connections open; transactions are short. Which of the two should hold a server connection?",
            "On the pods' side: pods times connections. On the server's side: at least the transactions at one time, at most its connections for applications.",
        ),
    ),
    Criterion(
        name="rotation", points=0.75, title="Rotation: a new password, and every pod can still connect", judge=part("rotation"),
        expected="a new password often enough, and an old one that stays valid until all pods have read the new one",
        why="If a new password means an outage, teams don't change passwords.",
        docs_url=READ + "sql-alterrole.html",
        hints=(
            "Two questions: how old may a password become, and how long are two passwords valid?",
            "A pod that hasn't read the new password yet still uses the old one.",
            "The overlap is at least what the slowest pod needs, and at most what the rule allows.",
        ),
    ),
    Criterion(
        name="patching", points=0.75, title="Patching: fixes in time, with almost no interruption", judge=part("patching"),
        expected="fixes within the allowed time, in the quiet hours, and first on a server without clients",
        why="If a patch means an outage, teams put it off.",
        docs_url=READ + "upgrading.html",
        hints=(
            "When is the shop quiet, in which time zone, and how often?",
            "A restart takes longer than the allowed interruption. Another server has to work during that time.",
            "Patch the server without clients, let it take over, then patch the other one.",
        ),
    ),
    Criterion(
        name="alerts", points=1, title="Alerts: early enough, and no false alarms", judge=part("alerts"),
        expected="three thresholds, each between the usual value and the value that is too late",
        why="An alert that comes too late doesn't help, and people switch off an alert that comes all night.",
        docs_url=READ + "monitoring-stats.html",
        hints=(
            "For each of the three: which value is usual, and which value is too late?",
            "A threshold lies between the two.",
            "Find in the facts how much may be lost, when a page gives up, and how many connections there are. Stay below.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Filled, FormEvidence] = closed_form(
    name="request",
    title="What a database needs",
    kind="provision",
    section="03-databases",
    minutes=15,
    criteria=CRITERIA,
    form=FORM,
    observe=observer(
        {term: rule for term, (_, rule) in TERMS.items()},
        "The consequences of your promises",
        "consequence",
        {**rules_provisioning.LADDERS, **rules_operations.LADDERS},
    ),
    judged_by="computing the consequence of each promise",
    sample=Sample(__file__, 2.54),
    facts=database_outcomes.facts,
)
