"""Choices as a learner wrote them: a YAML mapping of items, each with what was chosen for it.

Read, with a remark, are also a mapping below one name too many, a list of items, and, where the text as a whole is no YAML,
each item by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cluster.errors import AnswerError, LimitError
from cluster.limits import CHOICES_ITEMS, LABEL_CHARACTERS
from cluster.manifests.documents import Document, Path, read
from cluster.manifests.yaml_errors import strange_beginning
from graders.reading.text import shown

Known = Callable[[str], bool]
"""Whether a name is one of the items that an exercise asks about."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item's value stands."""

    document: Document
    path: Path

    @property
    def value(self) -> Any:
        """What is written there."""
        return self.document.get(*self.path)


@dataclass(frozen=True, slots=True)
class Choices:
    """What was written for each item, by the learner's name of it and in the learner's order.

    ``broken`` are items, by their names, whose lines are no YAML, and why. ``notes`` say how the answer was read where it
    isn't the form.
    """

    places: Mapping[str, Place]
    broken: Mapping[str, AnswerError] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def items(self) -> Mapping[str, Any]:
        """What was written for each item, in the learner's order."""
        return {name: place.value for name, place in self.places.items()}

    def below(self, item: str) -> Mapping[str, Path]:
        """The fields below an item, each with its path from there; none where it has no fields, or one of them twice.

        A list of fields counts, too: a dash before each of them.
        """
        return dict(_named_below(self.places[item].value))

    def get(self, item: str, *path: str | int) -> Any:
        """What was written at a path of an item."""
        place = self.places[item]
        return place.document.get(*place.path, *path)

    def written(self, item: str, *path: str | int) -> str:
        """The value at a path of an item as it was written: ``no``, where YAML reads false."""
        place = self.places[item]
        return place.document.written(*place.path, *path)

    def line(self, item: str, *path: str | int) -> int:
        """The learner's line of a path of an item, or of its nearest ancestor."""
        place = self.places[item]
        return place.document.line(*place.path, *path)

    @property
    def kept(self) -> str:
        """What was read, in a few words."""
        names = [shown(name, 40) for name in list(self.places)[:3]]
        more = len(self.places) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")

    @property
    def not_understood(self) -> tuple[tuple[int, str], ...]:
        """The lines that can't be read, and why, with the way on."""
        return tuple((error.line, f"{error.problem} {error.hint}") for error in self.broken.values())


_TIGHT = re.compile(r"^[ \t]*([\w-]{1,40}):([\w-]{1,40})", re.MULTILINE)
"""A name and a word with nothing between colon and word."""
_HEADS = (
    re.compile(r"""([ ]{0,8})["']?(\w[\w -]{0,60})["']?\s*[:=]"""),
    re.compile(r"""([ ]{0,8})["']?(\w[\w-]{0,60})["']?(?:\s|$)"""),
)
"""A line that begins with a name: up to a colon, or what stands in its place; or else up to a blank."""
_FIELD = re.compile(r"[ ]+(?=[\w-]{1,40}:(?:\s|$))")
"""The blanks before the name of a field."""
_ALIAS = re.compile(r"[:\[,{-]\s*[*&]\w")


def tight_colon(text: str) -> str:
    """How the first name and word of a text should stand that have nothing between colon and word; empty where none do."""
    tight = _TIGHT.search(text)
    return f"{tight[1]}: {tight[2]}" if tight else ""


def parse(text: str, known: Known = lambda _name: False) -> Choices:
    """Read choices. Raises AnswerError where the text is no YAML, no mapping, or says something twice.

    ``known`` says which names are items; where the text isn't the form, it is read by them.
    """
    if strange := strange_beginning(text):
        raise strange
    try:
        documents = read(text)
    except LimitError:
        raise
    except AnswerError:
        if choices := _each_by_itself(text, known):
            return choices
        raise
    return _of(_only(documents, text), text, known)


def mapping(text: str) -> Document:
    """A form as it was written. Raises AnswerError where it is no YAML, no mapping, or says something twice."""
    if strange := strange_beginning(text):
        raise strange
    document = _only(read(text), text)
    if not isinstance(document.data, dict):
        raise _no_mapping(document, text)
    return document


def _only(documents: Sequence[Document], text: str) -> Document:
    """The one document of an answer, in which nothing is said twice."""
    if not documents:
        raise AnswerError("Your answer holds no choices yet.", "Write each item's name, a colon, and what you choose.")
    if len(documents) > 1:
        raise _refused(
            f"Your answer has {len(documents)} documents; choices are one.", "Take out the line with ---.",
            text, documents[1].line(),
        )  # fmt: skip
    document = documents[0]
    for path, line in document.duplicates:
        top = document.data if isinstance(document.data, dict) else {}
        empty = len(path) == 1 and any(value is None for value in top.values())
        way = (
            "Put two blanks before each line that belongs to the name above it."
            if empty
            else "Keep the one that you mean."
        )
        raise _refused(f"{_named(path)} is written twice; line {line} has it again.", way, text, line)
    return document


def _no_mapping(document: Document, text: str) -> AnswerError:
    what = "a list" if isinstance(document.data, list) else "plain text"
    hint = (
        f"YAML wants a blank after the colon: “{tight}”." if (tight := tight_colon(text))
        else "Write it in the form that stands above the cell: a name, a colon, a blank, and what you choose."
    )  # fmt: skip
    return _refused(f"Your answer is {what}.", hint, text, document.line())


def _of(document: Document, text: str, known: Known) -> Choices:
    base, remarks = _unwrapped(document, known)
    value = document.get(*base)
    below = tuple(_named_below(value))
    if not isinstance(value, dict) and not any(known(name) for name, _ in below):
        raise _no_mapping(document, text)
    if isinstance(value, list):
        remarks = (
            *remarks,
            "Your items stand in a list; the form has no dashes before them. They were read all the same.",
        )
    if len(below) > CHOICES_ITEMS:
        raise AnswerError(
            f"Your answer has {len(below)} items; at most {CHOICES_ITEMS} are read.",
            "Keep those that the exercise asks for.",
        )
    return Choices({name: Place(document, (*base, *path)) for name, path in below}, notes=remarks)


def _unwrapped(document: Document, known: Known) -> tuple[Path, tuple[str, ...]]:
    """Where the items stand: at the top, or below the only name there that is none of them."""
    top = document.data
    if not isinstance(top, dict) or len(top) != 1:
        return (), ()
    ((name, value),) = top.items()
    if known(name) or not any(known(item) for item, _ in _named_below(value)):
        return (), ()
    return (name,), (
        f"“{shown(name, 40)}:” (line {document.line(name)}) isn't in the form; what stands below it was read.",
    )


def _named_below(value: Any) -> Iterator[tuple[str, Path]]:
    """The names of a mapping, or of the mappings in a list, each with its path; none of a list that has one twice."""
    if isinstance(value, dict):
        yield from ((name, (name,)) for name in value)
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        names = [name for one in value for name in one]
        if len(names) == len(set(names)):
            yield from ((name, (index, name)) for index, one in enumerate(value) for name in one)


def _each_by_itself(text: str, known: Known) -> Choices | None:
    """Each item read from its own lines; None where that can't be, as where one of them refers to another."""
    blocks = list(_blocks(text, known))
    if _ALIAS.search(text) or len(blocks) < 2:  # noqa: PLR2004  one item is the whole text
        return None
    places: dict[str, Place] = {}
    broken: dict[str, AnswerError] = {}
    remarks: list[str] = []
    for block in blocks:
        if block.name in places or block.name in broken:
            raise _refused(f"“{block.name}” is written twice; line {block.line} has it again.", "Keep the one that you mean.",
                           text, block.line)  # fmt: skip
        try:
            places |= _of(block.document(), text, known).places
        except AnswerError as error:
            try:
                places |= _of(block.aligned().document(), text, known).places
                remarks.append(
                    f"The fields below “{shown(block.name, 40)}” (line {block.line}) don't begin in one column."
                )
            except AnswerError:
                broken[block.name] = error
    remarks += [f"Line {block.line} begins with a blank; take it out." for block in blocks if block.indented]
    remark = "Your answer as a whole is no YAML, so each item was read by itself."
    return Choices(places, broken, (" ".join([remark, *remarks[:2]]),)) if places else None


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one item, from the one that has its name; ``line`` is the number of that."""

    name: str
    line: int
    lines: tuple[str, ...]
    indented: bool

    def aligned(self) -> _Block:
        """The same with its fields in one column, two blanks from the edge."""
        first, *fields = self.lines
        return replace(self, lines=(first, *(_FIELD.sub("  ", line) for line in fields)))

    def document(self) -> Document:
        """The item read by itself, with the learner's own line numbers. Raises AnswerError."""
        first = self.lines[0]
        text = "\n" * (self.line - 1) + "\n".join(self.lines)
        document = _only(read(text), text)
        if not isinstance(document.data, dict):
            rest = first.strip().removeprefix(self.name).lstrip(" =:")
            raise AnswerError(f"Line {self.line} isn't a name, a colon, a blank and a word.",
                              f"Write “{self.name}: {shown(rest, 40)}”.", line=self.line, source_line=first)  # fmt: skip
        return document


def _blocks(text: str, known: Known) -> Iterator[_Block]:
    lines = text.splitlines()
    heads = [(*head, at) for at, line in enumerate(lines) if (head := _head(line[:LABEL_CHARACTERS], known))]
    least = min((blanks for blanks, _, _ in heads), default=0)
    for (blanks, name, at), end in zip(heads, [at for _, _, at in heads[1:]] + [len(lines)], strict=False):
        yield _Block(name, at + 1, tuple(lines[at:end]), blanks > least)


def _head(line: str, known: Known) -> tuple[int, str] | None:
    """How many blanks a line begins with, and the item that it names; None where it names none."""
    found = (match for head in _HEADS if (match := head.match(line)) and known(match[2].strip()))
    return next(((len(match[1]), match[2].strip()) for match in found), None)


def _named(path: Path) -> str:
    last = f"“{shown(path[-1], 40)}”"
    return last if len(path) == 1 or isinstance(path[-2], int) else f"{last} of “{shown(path[-2], 40)}”"


def _refused(problem: str, hint: str, text: str, line: int) -> AnswerError:
    lines = text.splitlines()
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    return AnswerError(problem, hint, line=line, source_line=written)
