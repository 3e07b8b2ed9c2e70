"""The exercise, and the steps that every answer takes: parse, observe, judge."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from cluster import Cluster
from cluster.errors import AnswerError, NotJudgedError
from cluster.limits import REPORT_NOTES
from graders.core.report import Finding, Report, State
from graders.core.shown import Shown
from graders.reading.outline import Outline, yaml_outline
from graders.reading.text import ALL_COMMENT, UNCOMMENT, is_all_comment, line_shown, shown

Answer = TypeVar("Answer")
Evidence = TypeVar("Evidence")
Reads = TypeVar("Reads", contravariant=True)
Sees = TypeVar("Sees", contravariant=True)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a criterion's judge: the ``share`` of its points earned, from 0 to 1, and what it observed.

    ``hint`` is the next step. ``expected``, ``why`` and ``hints`` replace the criterion's own texts if they aren't empty.
    ``line`` is the learner's line, from 1, or 0. ``judged`` is false if the world failed, not the answer. ``waiting`` is
    true while the run that decides goes on. ``follows`` is true if another finding names the mistake that caused this
    one. ``also`` names further mistakes. ``started`` is false if the learner has written nothing for this criterion.
    """

    share: float
    observed: str
    hint: str = ""
    expected: str = ""
    why: str = ""
    line: int = 0
    judged: bool = True
    waiting: bool = False
    hints: tuple[str, str, str] | tuple[()] = ()
    follows: bool = False
    also: str = ""
    started: bool = True


def passed(observed: str, **rest: Any) -> Verdict:
    """The criterion is met."""
    return Verdict(1.0, observed, **rest)


def failed(observed: str, hint: str = "", **rest: Any) -> Verdict:
    """The criterion isn't met."""
    return Verdict(0.0, observed, hint, **rest)


def partly(share: float, observed: str, hint: str = "", **rest: Any) -> Verdict:
    """The criterion is met in part: ``share`` of its points, above 0 and below 1."""
    return Verdict(share, observed, hint, **rest)


def follows(observed: str, share: float = 0.0) -> Verdict:
    """The criterion can't be judged because of a mistake that another finding names; ``observed`` names it in a few words.

    ``share`` is the share of its points that remains: 1 if the other finding already takes the points off.
    """
    return Verdict(share, observed, follows=True)


def waiting(observed: str) -> Verdict:
    """The run hasn't reached this criterion yet."""
    return Verdict(0.0, observed, waiting=True)


def not_started(observed: str, hint: str = "", **rest: Any) -> Verdict:
    """The learner has written nothing for this criterion yet."""
    return Verdict(0.0, observed, hint, started=False, **rest)


def not_judged(observed: str, hint: str = "") -> Verdict:
    """The world couldn't judge the criterion: neither zero nor full marks."""
    return Verdict(0.0, observed, hint, judged=False)


@dataclass(frozen=True, slots=True)
class Criterion(Generic[Reads, Sees]):
    """One line of a rubric: a name, its points, and a pure function from answer and evidence to a verdict.

    ``expected``, ``why`` and ``docs_url`` complete every finding; ``hints`` is the hint ladder: a nudge, a pointer,
    nearly the answer; never the solution.
    """

    name: str
    points: float
    title: str
    judge: Callable[[Reads, Sees], Verdict]
    expected: str
    why: str
    docs_url: str
    hints: tuple[str, str, str]

    def finding(self, verdict: Verdict) -> Finding:
        """The verdict with the criterion's points, title and documentation."""
        if verdict.waiting:
            return self.blank(State.WAITING, verdict.observed)
        share = min(1.0, max(0.0, verdict.share)) if verdict.judged else 0.0
        good = share == 1.0
        # Rounding never turns a part of the points into all of them.
        earned = self.points if good else max(0.0, min(round(self.points * share, 2), round(self.points - 0.01, 2)))
        if verdict.follows:
            return replace(self.blank(State.FAIL, verdict.observed), earned=earned, follows=True)
        failing = State.FAIL if verdict.started else State.NOT_STARTED
        hints = verdict.hints or self.hints
        return Finding(
            criterion=self.name,
            title=self.title,
            state=(State.PASS if good else failing) if verdict.judged else State.NOT_JUDGED,
            points=self.points,
            earned=earned,
            observed=verdict.observed,
            expected=verdict.expected or self.expected,
            why="" if good else verdict.why or self.why,
            hint="" if good else verdict.hint or hints[0],
            hints=hints,
            also=verdict.also,
            docs_url="" if good else self.docs_url,
            line=verdict.line,
        )

    def blank(self, state: State, observed: str) -> Finding:
        """The finding of this criterion if it wasn't judged, for the reason ``observed``."""
        return Finding(
            criterion=self.name, title=self.title, state=state, points=self.points, earned=0.0,
            observed=observed, expected=self.expected, docs_url=self.docs_url, hints=self.hints,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """A half-right answer, and the score that it must get.

    ``rubric`` is the rubric's ``__file__``. The answer is the file ``sample.*`` beside it, for example ``sample.yaml``.
    """

    rubric: str
    score: float

    @property
    def path(self) -> Path:
        """The file of the answer."""
        return next(Path(self.rubric).parent.glob("sample.*"))

    @property
    def text(self) -> str:
        """The answer."""
        return self.path.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Echo:
    """How an answer was read, shown as soon as its cell has run.

    ``kept`` names what was read. ``not_understood`` has a line number, from 1, and a sentence for each unreadable line.
    """

    kept: str = "your answer"
    not_understood: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Exercise(Generic[Answer, Evidence]):
    """An exercise: how to read its answer, how to collect the evidence, and the rubric.

    ``kind`` names its family in lists of exercises, ``section`` its notebook (without ``.ipynb``), ``minutes`` how long it
    takes. ``parse`` raises AnswerError for a text that can't be read. ``observe`` raises NotJudgedError if the world
    fails; during a run it may report the evidence so far. ``is_started`` returns whether the learner has written
    anything yet. ``notes`` are remarks that cost no points. ``echo`` returns how an answer was read.

    ``runs_on_cluster`` is true if a kind cluster can run the answer; ``ran`` returns whether the run took place. For other
    exercises ``judged_by`` names the judge. ``figure`` draws the evidence, as HTML. ``json`` returns what the exercise adds
    to a report's JSON; its evidence is None if the answer can't be read, and its second argument is the reason.
    ``draw`` draws the answer alone. ``run`` runs a text and shows it repeatedly; its arguments name the world and the
    kubeconfig context. ``sample`` is a half-right answer. ``prints`` lists the texts that the notebook must contain word
    for word: facts, words, a blank form. ``outline`` returns how a text is written, for comparing answers; it never raises.
    """

    name: str
    title: str
    kind: str
    section: str
    minutes: int
    criteria: tuple[Criterion[Answer, Evidence], ...]
    parse: Callable[[str], Answer]
    observe: Callable[[Answer, Cluster, Callable[[Evidence], None] | None], Evidence]
    is_started: Callable[[str], bool]
    notes: Callable[[Answer, Evidence], tuple[str, ...]] = lambda _answer, _evidence: ()
    echo: Callable[[Answer], Echo] = lambda _answer: Echo()
    judged_by: str = ""
    runs_on_cluster: bool = False
    ran: Callable[[Evidence], bool] = lambda _evidence: False
    figure: Callable[[Evidence], Markup] = lambda _evidence: Markup()
    json: Callable[[Evidence | None, str], Mapping[str, Any]] = lambda _evidence, _problem: {}
    draw: Callable[[Answer], tuple[Markup, str]] | None = None
    run: Callable[[str, Callable[[Shown], None], str, str], object] | None = None
    sample: Sample | None = None
    prints: Callable[[], Sequence[str]] = lambda: ()
    outline: Callable[[str], Outline] = yaml_outline

    @property
    def points(self) -> float:
        """The maximum score: the sum of the criteria's points; 0 for an exercise that is only for practice."""
        return round(sum(c.points for c in self.criteria), 6)

    @property
    def graded(self) -> bool:
        """Whether the exercise is in the gradebook. An exercise without points is for practice and isn't."""
        return self.points > 0

    def judge(self, text: str, world: Cluster, live: Callable[[Report], None] | None = None) -> Report:
        """The report on an answer. It returns for every text; a fault of the workbook is *not judged*.

        During a long run ``live`` gets reports in which some criteria are waiting.
        """
        began = time.perf_counter()

        def tell(report: Report) -> None:
            if live is not None:
                live(report.timed(time.perf_counter() - began))

        return self._judge(text, world, tell if live else None).timed(time.perf_counter() - began)

    def unjudged(self, world: Cluster, error: NotJudgedError) -> Report:
        """The report on an answer that couldn't be judged, for the reason in ``error``. The answer isn't judged again."""
        return self._blank(world, State.NOT_JUDGED, error.problem, error.hint)

    def unread(self, world: Cluster, error: AnswerError) -> Report:
        """The report on an answer that can't be found or read, for the reason in ``error``."""
        return self._blank(world, State.FAIL, error.problem, error.hint)

    def _judge(self, text: str, world: Cluster, live: Callable[[Report], None] | None) -> Report:
        if not self.is_started(text):
            if is_all_comment(text):
                return self._blank(world, State.FAIL, ALL_COMMENT, UNCOMMENT)
            return self._blank(
                world, State.NOT_STARTED, "Nothing is written here yet.",
                "Replace the comment in the answer cell with your answer, run the cell, and check again.",
            )  # fmt: skip
        try:
            answer = self.parse(text)
            so_far = None if live is None else lambda evidence: live(self._found(answer, evidence, world))
            return self._found(answer, self.observe(answer, world, so_far), world)
        except AnswerError as error:
            return self._blank(world, State.FAIL, shown(error.problem, 200), error.hint, excerpt(error))
        except NotJudgedError as error:
            return self._blank(world, State.NOT_JUDGED, error.problem, error.hint)
        except Exception:
            log.exception("judging %s failed", self.name)
            return self._blank(
                world, State.NOT_JUDGED, "The workbook couldn't judge this answer, because of a bug in the workbook.",
                "Nothing is lost and nothing is marked wrong. Please report it, with the answer.",
            )  # fmt: skip

    def _found(self, answer: Answer, evidence: Evidence, world: Cluster) -> Report:
        return Report(
            self.name, world.name, tuple(c.finding(c.judge(answer, evidence)) for c in self.criteria),
            evidence=evidence, version=world.version, title=self.title, notes=self.notes(answer, evidence)[:REPORT_NOTES],
        )  # fmt: skip

    def _blank(self, world: Cluster, state: State, problem: str, hint: str, shown: str = "") -> Report:
        return Report(
            self.name, world.name, tuple(c.blank(state, problem) for c in self.criteria), version=world.version,
            title=self.title, problem=problem, hint=hint, excerpt=shown,
        )  # fmt: skip


def excerpt(error: AnswerError) -> str:
    """The learner's line with a caret under the column where reading stopped; empty if no line is known."""
    if not error.line or not error.source_line.strip():
        return ""
    gutter = f"{error.line} | "
    line, column = line_shown(error.source_line, error.column)
    caret = " " * (len(gutter) + column - 1) + "^" if column else ""
    return f"{gutter}{line}\n{caret}".rstrip()
