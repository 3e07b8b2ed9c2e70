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

from cluster.limits import ALIKE_CHARACTERS, ALIKE_FEATURES
from cluster.text.names import normalize
from graders.core.report import Finding, State
from graders.reading.outline import Comment, Outline, Value


class Kind(StrEnum):
    """What two answers may share."""

    MISTAKE = "mistake"
    VALUE = "value"
    NAME = "name"
    COMMENT = "comment"
    ORDER = "order"
    LAYOUT = "layout"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that an answer has: its kind, what identifies it among all answers to an exercise, and its line, from 1, or 0."""

    exercise: str
    kind: Kind
    key: str
    line: int = 0

    @property
    def digest(self) -> int:
        """A number of 64 bits; the upper 16 are those of all features of this exercise and kind."""
        group = blake2b(f"{self.exercise}\n{self.kind}".encode(), digest_size=2).digest()
        own = blake2b(self.key.encode("utf-8", "replace"), digest_size=6, key=group).digest()
        return int.from_bytes(group + own)


@dataclass(frozen=True, slots=True)
class Known:
    """What the course has printed: words in lowercase, and the digests of the features of stubs, solutions and examples."""

    words: frozenset[str] = frozenset()
    digests: frozenset[int] = field(default=frozenset(), repr=False)


WORD = re.compile(r"[^\W_]+(?:[-_.@][^\W_]+)*")
SHORTEST_WORD = 3
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,:_]*[A-Za-z%]{0,3}")
_ODD_BLANKS = re.compile(r"(?<=\S)(?:[ ]{2,}|[ ]*\t[ \t]*)(?=\S)|\s+$|(?<=[\w\"'])[ ]+(?=:)|\t")
_BLANKS = re.compile(r"\s+")


def features_of(
    exercise: str, text: str, outline: Outline, findings: Iterable[Finding] = (), known: Known = Known()
) -> tuple[Feature, ...]:  # fmt: skip
    """Return the features of an answer, at most ``ALIKE_FEATURES``, without those that are known. Each occurs once."""
    found: dict[int, Feature] = {}
    for kind, key, line in _every(text[:ALIKE_CHARACTERS], outline, findings, known.words):
        feature = Feature(exercise, kind, key, line)
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
            yield Kind.MISTAKE, finding.criterion, finding.line
            yield Kind.MISTAKE, f"{finding.criterion}: {finding.observed}", finding.line
    yield from _comments(outline.comments, words)
    yield from _values(outline.values, words)
    for ordering in outline.orderings:
        for (first, _), (second, line) in pairwise(zip(ordering.names, ordering.lines, strict=True)):
            yield Kind.ORDER, f"{'.'.join(ordering.place)}: {first}, {second}", line
    yield from _layout(text.split("\n"))


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
        if value.written:
            yield Kind.SPELLING, f"{where} {value.written[:1]}", value.line


def _layout(lines: Sequence[str]) -> Iterator[Found]:
    before = ""
    blank = 0
    for number, line in enumerate(lines, 1):
        said = _BLANKS.sub("", line)
        if not said:
            blank += bool(before)
            continue
        if blank:
            yield Kind.LAYOUT, f"{blank} empty lines below {before} above {said}", number
        for odd in _ODD_BLANKS.finditer(line):
            yield Kind.LAYOUT, f"blanks {odd[0]!r} at {len(_BLANKS.sub('', line[: odd.start()]))} of {said}", number
        before, blank = said, 0
