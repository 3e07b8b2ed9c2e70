"""What of an answer somebody else wouldn't have written: mistakes, values, names, comments, the order of keys, blanks, spellings.

Pure functions of a text. What the course itself has printed isn't a feature: ``Known`` says what that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from itertools import pairwise

from cluster.limits import ALIKE_CHARACTERS, ALIKE_FEATURES, LABEL_CHARACTERS
from cluster.text.names import normalize
from graders.core.report import Finding, State
from graders.reading.outline import Comment, Outline, Value


class Kind(StrEnum):
    """What two answers may share. A habit is what a student does throughout an answer, whatever the exercise."""

    MISTAKE = "mistake"
    VALUE = "value"
    NAME = "name"
    COMMENT = "comment"
    ORDER = "order"
    LAYOUT = "layout"
    SPELLING = "spelling"
    HABIT = "habit"


CAUSES = {Kind.VALUE: Kind.MISTAKE, Kind.SPELLING: Kind.HABIT, Kind.LAYOUT: Kind.HABIT}
"""Kinds that often have the same cause as another one: a wrong value is a mistake, too."""
EVERYWHERE = frozenset({Kind.HABIT, Kind.LAYOUT, Kind.SPELLING})
"""Kinds that often have the same cause in all exercises of a student."""
OFTEN = 3
"""What an answer has more often than this is a habit."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that an answer has: its kind, what identifies it among all answers to an exercise, and its line, from 1, or 0.

    A habit's exercise is empty.
    """

    exercise: str
    kind: Kind
    key: str
    line: int = 0

    @property
    def where(self) -> str:
        """The exercise to which the feature's weight belongs; empty if it belongs to all."""
        return "" if self.kind in EVERYWHERE else self.exercise

    @property
    def digest(self) -> int:
        """A number of 64 bits; the upper 16 are equal for features that often have one cause."""
        cause = f"{self.where}\n{CAUSES.get(self.kind, self.kind)}"
        own = f"{self.exercise}\n{self.kind}\n{self.key}".encode("utf-8", "replace")
        return int.from_bytes(blake2b(cause.encode(), digest_size=2).digest() + blake2b(own, digest_size=6).digest())


@dataclass(frozen=True, slots=True)
class Known:
    """What the course has printed: words in lowercase, and the digests of the features of stubs, solutions and examples."""

    words: frozenset[str] = frozenset()
    digests: frozenset[int] = field(default=frozenset(), repr=False)


WORD = re.compile(r"[^\W_]+(?:[-_.@][^\W_]+)*")
SHORTEST_WORD = 3
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,:_]*[A-Za-z%]{0,3}")
_ODD_BLANKS = re.compile(
    r"(?P<behind>(?<=\S)\s+$)|(?P<tab>(?<=\S)[ ]*\t\s*)|(?P<wide>(?<=\S)[ ]{2,}(?![ #/]))|(?P<colon>(?<=[\w\"'])[ ]+(?=:))"
)
_BLANKS = re.compile(r"\s+")
_QUOTED = re.compile(r"“[^”]*”")
"""A learner's own name in a sentence: the mistake is the same under another name."""


def features_of(
    exercise: str, text: str, outline: Outline, findings: Iterable[Finding] = (), known: Known = Known()
) -> tuple[Feature, ...]:  # fmt: skip
    """Return the features of an answer, at most ``ALIKE_FEATURES``, without those that are known. Each occurs once."""
    found: dict[int, Feature] = {}
    for kind, key, line in _every(text[:ALIKE_CHARACTERS], outline, findings, known.words):
        feature = Feature("" if kind is Kind.HABIT else exercise, kind, key, line)
        if (digest := feature.digest) not in known.digests:
            found.setdefault(digest, feature)
        if len(found) >= ALIKE_FEATURES:
            break
    return tuple(found.values())


def words_in(text: str) -> Iterator[str]:
    """The words of a text, in lowercase: letters and digits, with dashes, dots and the like between them."""
    return (found[0].casefold() for found in WORD.finditer(text))


Found = tuple[Kind, str, int]


def _every(text: str, outline: Outline, findings: Iterable[Finding], words: frozenset[str]) -> Iterator[Found]:
    for finding in findings:
        if finding.state is State.FAIL and not finding.follows:
            yield Kind.MISTAKE, f"{finding.criterion}: {_QUOTED.sub('“”', finding.observed)}", finding.line
    yield from _comments(outline.comments, words)
    yield from _values(outline.values, words)
    yield from ((Kind.NAME, normalize(name.text), name.line) for name in outline.names)
    yield from _spelling((*outline.values, *outline.names))
    for ordering in outline.orderings:
        for (first, _), (second, line) in pairwise(zip(ordering.names, ordering.lines, strict=True)):
            yield Kind.ORDER, f"{'.'.join(ordering.place)}: {first}, {second}", line
    yield from _layout([line[:LABEL_CHARACTERS] for line in text.split("\n")])


def _comments(comments: Sequence[Comment], words: frozenset[str]) -> Iterator[Found]:
    for comment in comments:
        said = list(words_in(comment.text))
        if any(word not in words for word in said) or len(said) > 1:
            yield Kind.COMMENT, " ".join(said), comment.line
        for word in said:
            if len(word) >= SHORTEST_WORD and word not in words:
                yield Kind.COMMENT, f"word {word}", comment.line


def _values(values: Sequence[Value], words: frozenset[str]) -> Iterator[Found]:
    """A value with a word that the course hasn't printed is a name, wherever it is written; any other is a value of its place."""
    for value in values:
        where = ".".join(value.place)
        own = [word for word in words_in(value.text) if word not in words and not _NUMBER.fullmatch(word)]
        for word in own:
            if len(word) >= SHORTEST_WORD:
                yield Kind.NAME, word, value.line
        if not own:
            yield Kind.VALUE, f"{where} = {normalize(value.text)}", value.line
        for key in value.place:
            if key.casefold() not in words and len(key) >= SHORTEST_WORD:
                yield Kind.NAME, key.casefold(), value.line


def _spelling(values: Sequence[Value]) -> Iterator[Found]:
    """Quotation marks; in an answer that has them nearly everywhere, the values without them."""
    words = [value for value in values if value.written or not _NUMBER.fullmatch(value.text)]
    quoted = [value for value in words if value.written]
    is_habit = len(quoted) > OFTEN and 2 * len(quoted) > len(words)
    if is_habit:
        yield Kind.HABIT, f"quotation marks {quoted[0].written[:1]}", quoted[0].line
    for value in [value for value in words if not value.written] if is_habit else quoted:
        yield Kind.SPELLING, f"{'.'.join(value.place)} {value.written[:1] or 'without quotation marks'}", value.line


def _layout(lines: Sequence[str]) -> Iterator[Found]:
    found: dict[str, list[Found]] = {}
    above, empty = "", 0
    for number, line in enumerate(lines, 1):
        said = _BLANKS.sub("", line)
        if not said:
            empty += bool(above)
            continue
        if empty:
            found.setdefault("empty lines", []).append(
                (Kind.LAYOUT, f"{empty} empty below {above} above {said}", number)
            )
        for odd in _ODD_BLANKS.finditer(line):
            what = f"blanks {odd.lastgroup}"
            at = len(_BLANKS.sub("", line[: odd.start()]))
            found.setdefault(what, []).append((Kind.LAYOUT, f"{what} {odd[0]!r} at {at} of {said}", number))
        above, empty = said, 0
    steps = {len(line) - len(line.lstrip(" ")) for line in lines if line.strip()} - {0}
    if steps:
        yield Kind.HABIT, f"indented by {min(steps)}", 0
    for what, each in found.items():
        if len(each) > OFTEN:
            yield Kind.HABIT, what, each[0][2]
        else:
            yield from each
