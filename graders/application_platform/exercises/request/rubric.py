"""Exercise ``request``: from “PostgreSQL 15, 100 GB, highly available” to what a platform owes, in six duties."""

from __future__ import annotations

from graders.application_platform.exercises.request import database, rules_operations, rules_provisioning
from graders.core.exercise import Criterion, Exercise, Sample
from graders.families.form.criteria import FormEvidence, closed_form, observer, part
from graders.families.form.reading import Filled, Form

READ = "www.postgresql.org/docs/15/"
TERMS = {**rules_provisioning.TERMS, **rules_operations.TERMS}
FORM = Form({term: field for term, (field, _) in TERMS.items()})

CRITERIA: tuple[Criterion[Filled, FormEvidence], ...] = (
    Criterion(
        name="provisioning", points=0.75, title="Provisioning: the database, made so that it can be made again",
        judge=part("provisioning"),
        expected="a tool, and version, size and standbys as the team asked for",
        why="A database that was made by hand is one of a kind, and so is each mistake in it.",
        docs_url=READ + "high-availability.html",
        hints=(
            "Read the team's request once more, word for word. Each word asks for something.",
            "A tool, a version, a size. And what does “highly available” ask for?",
            "If one server may die, how many others must be there?",
        ),
    ),
    Criterion(
        name="backups", points=1, title="Backups: little is lost, and it is back in time", judge=part("backups"),
        expected="full backups, the log since and tries to restore, close enough to each other",
        why="Nobody wants a backup. What everybody wants is a restore: of nearly everything, and in time.",
        docs_url=READ + "continuous-archiving.html",
        hints=(
            "Three different intervals: one decides how much is lost, one how long a restore takes, one whether it works.",
            "What hasn't been copied away is lost. What was written since the last full backup has to be replayed.",
            "Full backup plus replay must fit into the time that the shop may be away. How many days of log fit in there?",
        ),
    ),
    Criterion(
        name="pooling", points=0.75, title="Pooling: many pods, one server", judge=part("pooling"),
        expected="a pooler that takes all that the pods open, and opens what the server has room for",
        why="A server that has no connection left refuses everybody, also who came to help.",
        docs_url="www.pgbouncer.org/features.html",
        hints=(
            "On one side of the pooler are the pods, on the other is the server. Count both sides.",
            "Pods open and hold; transactions come and go. Which of the two should hold a connection of the server's?",
            "Towards the pods: pods times connections. Towards the server: between what works at once and what it has left.",
        ),
    ),
    Criterion(
        name="rotation", points=0.75, title="Rotation: a new password, and nobody shut out", judge=part("rotation"),
        expected="a new password often enough, and an old one that opens until all have read the new one",
        why="A password that can't be changed without an outage isn't changed.",
        docs_url=READ + "sql-alterrole.html",
        hints=(
            "Two questions: how old may a password become, and how long do two of them open the door?",
            "A pod that hasn't read the new password yet still comes with the old one.",
            "The overlap is longer than what the slowest pod needs, and shorter than what the rule allows.",
        ),
    ),
    Criterion(
        name="patching", points=0.75, title="Patching: fixed in time, and hardly anybody notices", judge=part("patching"),
        expected="fixes within the time allowed, in the quiet time, and a server that is free of work first",
        why="What can only be patched with an outage is patched next month.",
        docs_url=READ + "upgrading.html",
        hints=(
            "When is the shop quiet, by whose clock, and how often does that come?",
            "A restart takes longer than people may be cut off. Somebody has to serve meanwhile.",
            "Patch the one that serves nobody, let it take over, then patch the other.",
        ),
    ),
    Criterion(
        name="alerts", points=1, title="Alerts: they ring while there is time, and not all night", judge=part("alerts"),
        expected="three thresholds between what is usual and what is too late",
        why="An alert that rings too late is news, and one that rings all night is switched off.",
        docs_url=READ + "monitoring-stats.html",
        hints=(
            "For each of the three: what is usual, and from when on is it too late?",
            "A threshold lies between the two.",
            "Look up how much may be lost, when a page gives up, and how many connections there are. Stay below.",
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
        "What comes of your promises",
        "what comes of it",
        {**rules_provisioning.LADDERS, **rules_operations.LADDERS},
    ),
    judged_by="working out what comes of each promise",
    sample=Sample(__file__, 2.54),
    facts=database.facts,
)
