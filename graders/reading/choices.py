"""Read choices: a YAML mapping of items, each with its choice.

Three other shapes are read with a note: a mapping below an extra name, a list of items, and, if the text as a whole isn't
YAML, each item alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cluster.errors import AnswerError, LimitError
from cluster.limits import CHOICES_ITEMS, LABEL_CHARACTERS
from cluster.manifests.documents import Document, DoubledKey, Path
from graders.reading.documents import KEEP, documents, one_document, only, refused
from graders.reading.text import shown

FORM = "Use the form above the cell: a name, a colon, a space, and your choice."

Known = Callable[[str], bool]
"""Whether a name is an item of the exercise."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an item's value: a document and a path."""

    document: Document
    path: Path

    @property
    def value(self) -> Any:
        """The value at that place."""
        return self.document.get(*self.path)


@dataclass(frozen=True, slots=True)
class Choices:
    """The place of each item's value, by the learner's spelling of its name and in the learner's order.

    ``broken`` maps the names of items whose lines aren't YAML to their errors. ``notes`` say how the answer was read if it
    differs from the form.
    """

    places: Mapping[str, Place]
    broken: Mapping[str, AnswerError] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def items(self) -> Mapping[str, Any]:
        """The value of each item, in the learner's order."""
        return {name: place.value for name, place in self.places.items()}

    def below(self, item: str) -> Mapping[str, Path]:
        """The fields below an item, each with its path from there; empty if it has no fields, or a field twice.

        The fields may also be a list, with a dash before each of them.
        """
        return dict(_named_below(self.places[item].value))

    def get(self, item: str, *path: str | int) -> Any:
        """The value at a path of an item."""
        place = self.places[item]
        return place.document.get(*place.path, *path)

    def written(self, item: str, *path: str | int) -> str:
        """The text at a path of an item as written: ``no``, where YAML reads false."""
        place = self.places[item]
        return place.document.written(*place.path, *path)

    def line(self, item: str, *path: str | int) -> int:
        """The learner's line of a path of an item, or of its nearest ancestor."""
        place = self.places[item]
        return place.document.line(*place.path, *path)

    @property
    def kept(self) -> str:
        """The items that were read, in a few words."""
        names = [shown(name, 40) for name in list(self.places)[:3]]
        more = len(self.places) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")

    @property
    def not_understood(self) -> tuple[tuple[int, str], ...]:
        """Line number and sentence, with the next step, for each item that can't be read."""
        return tuple((error.line, f"{error.problem} {error.hint}") for error in self.broken.values())


_TIGHT = re.compile(r"^[ \t]*([\w-]{1,40}):([\w-]{1,40})", re.MULTILINE)
"""A name and a word without a space after the colon."""
_HEADS = (
    re.compile(r"""([ ]{0,8})["']?(\w[\w -]{0,60})["']?\s*[:=]"""),
    re.compile(r"""([ ]{0,8})["']?(\w[\w-]{0,60})["']?(?:\s|$)"""),
)
"""A line that begins with a name: up to a colon or an equals sign, or else up to a space."""
_FIELD = re.compile(r"[ ]+(?=[\w-]{1,40}:(?:\s|$))")
"""The spaces before the name of a field."""
_ALIAS = re.compile(r"[:\[,{-]\s*[*&]\w")


def tight_colon(text: str) -> str:
    """The first name and word without a space after the colon, written correctly; empty if the text has none."""
    tight = _TIGHT.search(text)
    return f"{tight[1]}: {tight[2]}" if tight else ""


def parse(text: str, known: Known = lambda _name: False) -> Choices:
    """Read choices. Raises AnswerError if the text isn't YAML or not a mapping, or has a key twice.

    ``known`` decides which names are items; a text that differs from the form is read by these names.
    """
    try:
        found = documents(text)
    except LimitError:
        raise
    except AnswerError:
        if choices := _each_by_itself(text, known):
            return choices
        raise
    return _of(only(found, text, FORM), text, known)


def mapping(text: str) -> Document:
    """Read a form. Raises AnswerError if the text isn't YAML or not a mapping, or has a key twice."""
    document = one_document(text, FORM)
    if not isinstance(document.data, dict):
        raise _no_mapping(document, text)
    return document


def _no_mapping(document: Document, text: str) -> AnswerError:
    what = "a list" if isinstance(document.data, list) else "plain text"
    hint = (
        f"YAML needs a space after the colon: “{tight}”." if (tight := tight_colon(text))
        else FORM
    )  # fmt: skip
    return refused(f"Your answer is {what}.", hint, text, document.line())


def _of(document: Document, text: str, known: Known) -> Choices:
    base, remarks = _unwrapped(document, known)
    value = document.get(*base)
    below = tuple(_named_below(value))
    if not isinstance(value, dict) and not any(known(name) for name, _ in below):
        raise _no_mapping(document, text)
    if isinstance(value, list):
        remarks = (
            *remarks,
            "Your items are a list, but the form has no dashes. They were still read.",
        )
    if len(below) > CHOICES_ITEMS:
        raise AnswerError(
            f"Your answer has {len(below)} items; at most {CHOICES_ITEMS} are read.",
            "Keep those that the exercise asks for.",
        )
    return Choices({name: Place(document, (*base, *path)) for name, path in below}, notes=remarks)


def _unwrapped(document: Document, known: Known) -> tuple[Path, tuple[str, ...]]:
    """The path of the items, at the top or below an extra name, and a note on that name."""
    top = document.data
    if not isinstance(top, dict) or len(top) != 1:
        return (), ()
    ((name, value),) = top.items()
    if known(name) or not any(known(item) for item, _ in _named_below(value)):
        return (), ()
    return (name,), (
        f"“{shown(name, 40)}:” (line {document.line(name)}) isn't in the form; the items below it were read.",
    )


def _named_below(value: Any) -> Iterator[tuple[str, Path]]:
    """The names of a mapping, or of the mappings in a list, each with its path; nothing for a list that repeats a name."""
    if isinstance(value, dict):
        yield from ((name, (name,)) for name in value)
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        names = [name for one in value for name in one]
        if len(names) == len(set(names)):
            yield from ((name, (index, name)) for index, one in enumerate(value) for name in one)


def _each_by_itself(text: str, known: Known) -> Choices | None:
    """Read each item from its own lines; None if that isn't possible, for example with aliases."""
    blocks = list(_blocks(text, known))
    if _ALIAS.search(text) or len(blocks) < 2:  # noqa: PLR2004  one item is the whole text
        return None
    places: dict[str, Place] = {}
    broken: dict[str, AnswerError] = {}
    seen: dict[str, int] = {}
    remarks: list[str] = []
    for block in blocks:
        if block.name in seen:
            where = DoubledKey((block.name,), seen[block.name], block.line).where
            raise refused(f"“{block.name}” is written twice, {where}.", KEEP, text, block.line)
        seen[block.name] = block.line
        try:
            places |= _of(block.document(), text, known).places
        except AnswerError as error:
            try:
                places |= _of(block.aligned().document(), text, known).places
                remarks.append(
                    f"The fields below “{shown(block.name, 40)}” (line {block.line}) don't begin in the same column."
                )
            except AnswerError:
                broken[block.name] = error
    remarks += [f"Line {block.line} begins with a space; delete it." for block in blocks if block.indented]
    remark = "Your answer as a whole isn't YAML, so each item was read separately."
    return Choices(places, broken, (" ".join([remark, *remarks[:2]]),)) if places else None


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one item, from the line with its name; ``line`` is that line's number."""

    name: str
    line: int
    lines: tuple[str, ...]
    indented: bool

    def aligned(self) -> _Block:
        """The same block with its fields in one column, after two spaces."""
        first, *fields = self.lines
        return replace(self, lines=(first, *(_FIELD.sub("  ", line) for line in fields)))

    def document(self) -> Document:
        """Read the item alone, with the learner's line numbers. Raises AnswerError."""
        first = self.lines[0]
        text = "\n" * (self.line - 1) + "\n".join(self.lines)
        document = one_document(text, FORM)
        if not isinstance(document.data, dict):
            rest = first.strip().removeprefix(self.name).lstrip(" =:")
            raise AnswerError(f"“{shown(first.strip(), 40)}” isn't a name, a colon, a space and a word.",
                              f"Write “{self.name}: {shown(rest, 40)}”.", line=self.line, source_line=first)  # fmt: skip
        return document


def _blocks(text: str, known: Known) -> Iterator[_Block]:
    lines = text.splitlines()
    heads = [(*head, at) for at, line in enumerate(lines) if (head := _head(line[:LABEL_CHARACTERS], known))]
    least = min((spaces for spaces, _, _ in heads), default=0)
    for (spaces, name, at), end in zip(heads, [at for _, _, at in heads[1:]] + [len(lines)], strict=False):
        yield _Block(name, at + 1, tuple(lines[at:end]), spaces > least)


def _head(line: str, known: Known) -> tuple[int, str] | None:
    """The number of spaces before an item's name, and the name; None if the line names no item."""
    found = (match for head in _HEADS if (match := head.match(line)) and known(match[2].strip()))
    return next(((len(match[1]), match[2].strip()) for match in found), None)
