"""Exercises of kind ``decision``: for each item a choice, by itself or with the reason that decides it.

An item's first field is the choice. Where it is wrong the item earns nothing, and its consequence is told, never
the answer; where it is right it earns half the item's points, and the other fields share the other half. Of a field
that takes several words, each one beyond the facts takes back a quarter of the item's points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cluster.manifests import Path
from graders.answers.choices import Choices, begun, parse, tight_colon
from graders.answers.text import shown
from graders.exercises.exercise import Criterion, Exercise, Verdict, failed, partly, passed
from graders.exercises.vocabulary import example_of, named, offered, same, suggested

READ = "notebook {}, the text above the exercise"
MOST_NOTES = 3
MOST_WORDS = 12
"""How many words of a list are shown back."""
MOST_TEXT = 400
"""How many characters of a list that is written as a text are read."""

_BETWEEN = re.compile(r"[,;/+&|]")
_AND = re.compile(r"\s(?:and|or)\s")
_UNREAD = "Only the words of the table are read; with another one nothing is chosen."


@dataclass(frozen=True, slots=True)
class Field:
    """One question about an item, answered by a word out of ``options``.

    Any word in ``right`` is right. ``told`` has for each of the others what would come of it. Of a field with
    ``several``, a list may be given. ``hints`` is the ladder for this field, the item's own where it is empty.
    ``examples`` are names that people write in place of an option, such as ``redis``, and the option of each.
    """

    name: str
    options: tuple[str, ...]
    right: tuple[str, ...]
    told: Mapping[str, str]
    several: bool = False
    hints: tuple[str, str, str] | tuple[()] = ()
    examples: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if {*self.right, *self.told} != set(self.options) or set(self.right) & set(self.told):
            raise ValueError(f"{self.name}: each option is right or has its consequence told, and not both")
        if not {*self.examples.values()} <= {*self.options}:
            raise ValueError(f"{self.name}: an example is one of an option")

    @property
    def expected(self) -> str:
        """What belongs into the field."""
        if self.several:
            return f"what the facts give as a reason, out of {_listed(self.options)}"
        return f"the one that fits the facts: {_listed(self.options)}"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide about: its ``facts`` as the notebook states them, and the fields to fill in."""

    name: str
    title: str
    facts: str
    fields: tuple[Field, ...]
    why: str
    hints: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found in one field, and the words for it.

    ``share`` is 1 where it is right and 0 where it is wrong or can't be read; below 0 it takes back what the choice earned.
    """

    field: Field
    share: float
    saw: str
    line: int
    why: str = ""
    hint: str = ""


def decision(
    *, name: str, title: str, section: str, minutes: int, points: float, part: int, items: tuple[Item, ...]
) -> Exercise[Choices, None]:
    """An exercise with one criterion an item, its ``points`` shared equally; ``part`` is the notebook's number."""
    names = tuple(item.name for item in items)
    return Exercise(
        name=name, title=title, kind="decision", section=section, minutes=minutes,
        criteria=tuple(_criterion(item, names, each, part) for item, each in zip(items, shares(points, len(items)), strict=True)),
        parse=parse, observe=_observe, begun=begun, notes=_notes(items),
    )  # fmt: skip


def shares(points: float, parts: int) -> tuple[float, ...]:
    """Points in equal parts, to a hundredth, so that they add up to the whole: 5 in 6 is 0.84, 0.84, 0.83 ..."""
    each, left = divmod(round(points * 100), parts)
    return tuple((each + (part < left)) / 100 for part in range(parts))


def form(items: Sequence[Item]) -> str:
    """The answer with nothing filled in, for learners to copy."""
    return "".join(
        f"{item.name}:\n"
        if len(item.fields) == 1
        else "\n".join([f"{item.name}:", *(f"  {field.name}:" for field in item.fields)]) + "\n"
        for item in items
    )


def _observe(_answer: Choices, _world: object, _so_far: object = None) -> None:
    """Nothing runs: every world agrees."""


def _criterion(item: Item, names: tuple[str, ...], points: float, part: int) -> Criterion[Choices, None]:
    return Criterion(
        name=item.name, points=points, title=item.title, judge=_judge(item, names),
        expected="a choice that fits the facts", why=item.why, read=READ.format(part), hints=item.hints,
    )  # fmt: skip


def _judge(item: Item, names: tuple[str, ...]) -> Callable[[Choices, None], Verdict]:
    def judge(answer: Choices, _evidence: None) -> Verdict:
        key = same(item.name, answer.items)
        if key is None:
            return _absent(item, names, answer)
        written = answer.items[key]
        if not written and (edge := _at_the_edge(item, answer)):
            return edge
        if len(item.fields) == 1 and not isinstance(written, dict):
            return _together([_field(item.fields[0], written, (key,), answer, item.name)])
        fields = _fields(item, written)
        if isinstance(fields, Verdict):
            return _at(fields, answer.line(key))
        return _together([_field_of(one, fields, answer, key, item) for one in item.fields])

    return judge


def _at_the_edge(item: Item, answer: Choices) -> Verdict | None:
    """What to say where an item's fields stand beside it, and not below it."""
    stray = [key for field in item.fields if (key := same(field.name, answer.items)) is not None]
    if len(item.fields) == 1 or not stray:
        return None
    field = shown(stray[0], 40)
    return failed(
        f"“{field}:” stands at the edge, so it belongs to nothing", f"Put two blanks before “{field}:”, below “{item.name}:”.",
        line=answer.line(stray[0]),
    )  # fmt: skip


def _absent(item: Item, names: tuple[str, ...], answer: Choices) -> Verdict:
    meant = [key for key in answer.items if same(key, names) is None and offered(key, (item.name,))]
    if meant:
        return failed(
            f"there is “{shown(meant[0], 40)}”, and no {item.name}", f"Did you mean “{item.name}”?",
            line=answer.line(meant[0]),
        )  # fmt: skip
    return failed("nothing is written for it yet", f"Add “{item.name}:”, and choose.")


def _fields(item: Item, written: Any) -> dict[str, Any] | Verdict:
    """What was written for an item with several fields."""
    asked = _listed([f"“{field.name}:”" for field in item.fields], "and")
    if isinstance(written, dict):
        return written
    if written is None or written == "":
        return failed("nothing is chosen for it yet", f"Choose: {', '.join(item.fields[0].options)}.")
    way = f"Below “{item.name}:”, indented, write {asked}."
    if isinstance(written, str) and (tight := tight_colon(written)):
        way = f"Put a blank after each colon: “{tight}”."
    elif isinstance(written, str) and "=" in written:
        way = "Write a colon and a blank in place of each =."
    elif isinstance(written, list) and any(isinstance(one, dict) for one in written):
        way = f"Take out the dashes before {asked}; they make a list."
    return failed(f"{item.name}: {shown(written)}", way)


def _at(verdict: Verdict, line: int) -> Verdict:
    return failed(verdict.saw, verdict.hint, line=line)


def _field_of(field: Field, fields: dict[str, Any], answer: Choices, item: str, asked: Item) -> _Found:
    """One field of an item whose fields are written below it. The only field of an item goes by the item's name."""
    alone = len(asked.fields) == 1
    name, key = asked.name if alone else field.name, same(field.name, fields)
    if key is not None:
        return _field(field, fields[key], (item, key), answer, name)
    meant = [key for key in fields if offered(key, (field.name,))]
    if meant and not alone:
        saw = f"there is “{shown(meant[0], 40)}”, and no {name}"
        return _Found(field, 0, saw, answer.line(item, meant[0]), hint=f"Did you mean “{name}:”?")
    saw = f"{name}: fields stand below it, where one word belongs" if alone and fields else f"{name} isn't filled in"
    return _Found(field, 0, saw, answer.line(item), hint=_ask(field, name))


def _field(field: Field, written: Any, path: Path, answer: Choices, name: str) -> _Found:
    """What was written for a field; ``name`` is what the notebook calls it."""
    line = answer.line(*path)
    words = _words(field, written, path, answer)
    if words is None:
        return _Found(
            field, 0, f"{name}: more than words, where {_how_many(field)} belongs", line, hint=_ask(field, name)
        )
    if not words:
        return _Found(field, 0, f"{name} isn't filled in", line, hint=_ask(field, name))
    if len(words) > 1 and not field.several:
        saw = f"{name}: {_quoted(words)} are {len(words)} words, where one belongs"
        return _Found(field, 0, saw, line, hint=_ask(field, name), why=_UNREAD)
    return _judged(field, words, line, name)


def _ask(field: Field, name: str) -> str:
    return f"Write “{name}:” with {_how_many(field)} of {', '.join(field.options)}."


def _how_many(field: Field) -> str:
    return "one or more" if field.several else "one"


def _words(field: Field, written: Any, path: Path, answer: Choices) -> list[str] | None:
    """The words as they were written, each once; None where there is more than words."""
    places = [(*path, index) for index in range(len(written))] if isinstance(written, list) else [path]
    values = written if isinstance(written, list) else [written]
    if any(isinstance(value, dict | list) for value in values):
        return None
    texts = [answer.written(*place) for place, value in zip(places, values, strict=True) if value is not None]
    if field.several:
        texts = [part for text in texts for part in _parts(text, field.options)]
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _parts(text: str, options: Sequence[str]) -> Iterator[str]:
    """The words of a list that was written as a text: ``this, that and the other``."""
    for part in _BETWEEN.split(text[:MOST_TEXT]):
        yield from (part,) if same(part, options) else _AND.split(part)


def _judged(field: Field, words: list[str], line: int, name: str) -> _Found:
    known = {word: same(word, field.options) for word in words}
    unknown = next((word for word, option in known.items() if option is None), None)
    right = [option for option in known.values() if option in field.right]
    wrong = list(dict.fromkeys(option for option in known.values() if option in field.told and option is not None))
    name = shown(name, 40)
    said = ", ".join(known[word] or f"“{shown(word, 40)}”" for word in words[:MOST_WORDS])
    why = field.told[wrong[0]] if wrong else ""
    if field.several:
        share = (1 if right else 0.5) - 0.5 * (len(wrong) + (unknown is not None))
    else:
        share = 1.0 if right else 0.0
    if unknown is not None:
        saw, hint = _strange(field, unknown)
        saw = f"{name}: {saw}" if len(words) == 1 else f"{name}: {said}; {saw}"
        return _Found(field, max(share, -1), saw, line, hint=hint, why=why or _UNREAD)
    if field.several and wrong:
        fits = f"{', '.join(right)} fits, but " if right else ""
        hint = "Keep only the reasons for which you can show words in the facts." if right else ""
        aren_t = "isn't" if len(wrong) == 1 else "aren't"
        saw = f"{name}: {fits}{_listed(wrong, 'and')} {aren_t} in the facts"
        return _Found(field, max(share, -1), saw, line, why=why, hint=hint)
    return _Found(field, share, f"{name}: {said}", line, why=why)


def _strange(field: Field, word: str) -> tuple[str, str]:
    """What to say of a word that isn't in the list, and what to do."""
    written, options = f"“{shown(word, 40)}”", _listed(field.options)
    inside = named(word, field.options)
    if len(inside) > 1:
        return f"{written} names {len(inside)} of the words, where one belongs", f"Write one word: {options}."
    if inside:
        return f"{written} is more than a word of the list", f"Write one word and nothing beside it: {options}."
    if example := example_of(word, field.examples):
        name, option = example
        return (
            f"{written}, a word that isn't in the list",
            f"“{shown(name, 40)}” is an example of {option}: write {option}.",
        )
    way = f"{suggested(word, field.options)} The words are {', '.join(field.options)}.".lstrip()
    return f"{written}, a word that isn't in the list", way


def _listed(words: Sequence[str], last: str = "or") -> str:
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _quoted(words: Sequence[str]) -> str:
    return _listed([f"“{shown(word, 40)}”" for word in words[:MOST_WORDS]], "and")


def _together(found: Sequence[_Found]) -> Verdict:
    """One verdict on an item's fields: the first is half of it, and nothing counts without it."""
    first, *others = found
    share = first.share
    if share == 1 and others:
        share = 0.5 + 0.5 * sum(other.share for other in others) / len(others)
    missed = next((one for one in found if one.share < 1), None)
    if missed is None:
        return passed(", ".join(one.saw for one in found), line=first.line)
    saw = missed.saw if missed is first else f"{first.saw} fits; {missed.saw}"
    if missed is not first and missed.why and not missed.hint and not missed.field.several:
        saw += " doesn't"
    return partly(
        share, saw, missed.hint, line=missed.line, why=missed.why, hints=missed.field.hints, expected=missed.field.expected,
    )  # fmt: skip


def _notes(items: tuple[Item, ...]) -> Callable[[Choices, None], tuple[str, ...]]:
    """Remarks on what was written and wasn't asked; it costs nothing."""

    def notes(answer: Choices, _evidence: None) -> tuple[str, ...]:
        return tuple(said for _, said in zip(range(MOST_NOTES), _unasked(items, answer), strict=False))

    return notes


def _unasked(items: tuple[Item, ...], answer: Choices) -> Iterator[str]:
    names = {item.name: item for item in items}
    absent = [name for name in names if same(name, answer.items) is None]
    seen: dict[str, str] = {}
    for key, written in answer.items.items():
        name = same(key, names)
        if name is None:
            if not offered(key, absent):  # its finding says so already
                yield f"“{shown(key, 40)}” (line {answer.line(key)}) isn't asked about here, so it doesn't count."
        elif seen.setdefault(name, key) != key:
            yield f"“{shown(key, 40)}” (line {answer.line(key)}) is {name} once more; the first of them counts."
        elif isinstance(written, dict):
            yield from _unasked_fields(names[name], key, written, answer)


def _unasked_fields(item: Item, key: str, written: Mapping[str, Any], answer: Choices) -> Iterator[str]:
    asked = [field.name for field in item.fields]
    absent = [field for field in asked if same(field, written) is None]
    for extra in written:
        if same(extra, asked) is None and not offered(extra, absent):
            where = f"“{shown(extra, 40)}” of {item.name} (line {answer.line(key, extra)})"
            yield f"{where} isn't asked about here, so it doesn't count."
