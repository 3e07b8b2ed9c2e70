"""The result of a judgment: findings, each with its points, and their sum.

The card, the terminal, the gradebook and the JSON show these classes and nothing else. They contain nothing about
Kubernetes, drawings, or presentation. Their texts may quote a learner, so this module removes unprintable characters
and cuts long texts for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from cluster.limits import SENTENCE_CHARACTERS
from cluster.text import printable


class State(StrEnum):
    """The result of a criterion. *Not judged* is the environment's fault: neither zero nor full marks."""

    PASS = "pass"  # noqa: S105  a state, not a secret
    FAIL = "fail"
    NOT_STARTED = "not started"
    WAITING = "waiting"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one criterion for one answer.

    ``points`` is the maximum, ``earned`` is between 0 and ``points``; a finding that earned only a part of its points
    is a ``fail``. ``observed`` and ``expected`` are one sentence or value each, in the learner's own names. ``why`` says
    what the mistake costs in practice, ``hint`` is the next step, ``docs_url`` the documentation. ``title`` is the
    criterion's name for people. ``hints`` is the hint ladder for this mistake. ``follows`` is true if another finding
    names the mistake, so that this one needs only a line. ``also`` names the next mistake, after ``observed`` is
    corrected.
    """

    criterion: str
    state: State
    points: float
    earned: float
    observed: str = ""
    expected: str = ""
    why: str = ""
    hint: str = ""
    docs_url: str = ""
    title: str = ""
    line: int = 0
    hints: tuple[str, ...] = ()
    follows: bool = False
    also: str = ""

    def __post_init__(self) -> None:
        _made_printable(self, "observed", "also", "expected", "why", "hint", "docs_url", "title")
        if not 0 <= self.earned <= self.points:
            raise ValueError(f"{self.criterion}: earned {self.earned} of {self.points}")

    @property
    def further_hints(self) -> tuple[str, ...]:
        """The rungs of the ladder that a card doesn't show as the next step already."""
        return tuple(rung for rung in self.hints if rung != self.hint)


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one answer. ``world`` judged it in ``seconds``, from ``evidence``.

    ``notes`` are remarks that cost no points (what the grader changed before the run, an arrow that points the other
    way). ``origin`` says which text was judged, and from when, if the editor may show another text. ``problem`` and
    ``hint`` concern the answer as a whole: it can't be read, isn't started, or wasn't judged.
    """

    exercise: str
    world: str
    findings: tuple[Finding, ...]
    seconds: float = 0.0
    evidence: object = None
    version: str = ""
    title: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""
    hint: str = ""
    excerpt: str = field(default="", repr=False)
    origin: str = ""

    def __post_init__(self) -> None:
        _made_printable(self, "version", "title", "problem", "hint", "origin")
        notes = tuple(printable(note, SENTENCE_CHARACTERS) for note in self.notes)
        object.__setattr__(self, "notes", notes)
        object.__setattr__(self, "excerpt", printable(self.excerpt, SENTENCE_CHARACTERS, keep="\n"))

    def noted(self, note: str) -> Report:
        """The same report with one more remark."""
        return replace(self, notes=(*self.notes, note))

    def of(self, origin: str) -> Report:
        """The same report, with the origin of its text."""
        return replace(self, origin=origin)

    @property
    def max(self) -> float:
        """The maximum score of the exercise."""
        return round(sum(f.points for f in self.findings), 6)

    @property
    def score(self) -> float:
        """The points that the answer earned: the sum over its findings, without floating-point errors."""
        return round(sum(f.earned for f in self.findings), 6)

    @property
    def state(self) -> State:
        """The report in one word. It passes only if every finding passes; an answer that is started in part isn't *not started*."""
        states = {f.state for f in self.findings}
        for state in (State.NOT_JUDGED, State.WAITING, State.FAIL):
            if state in states:
                return state
        if State.NOT_STARTED in states:
            return State.NOT_STARTED if len(states) == 1 else State.FAIL
        return State.PASS

    @property
    def judged(self) -> bool:
        """Whether the score may be written into a gradebook."""
        return self.state not in (State.NOT_JUDGED, State.WAITING)

    def timed(self, seconds: float) -> Report:
        """The same report, with the time that it took, in seconds."""
        return replace(self, seconds=seconds)


def _made_printable(one: Finding | Report, *names: str) -> None:
    for name in names:
        object.__setattr__(one, name, printable(getattr(one, name), SENTENCE_CHARACTERS))
