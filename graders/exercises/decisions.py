"""Exercises of kind ``decision``: for each item a choice, by itself or with the reason that decides it.

An item's first field is the choice. Where it is wrong the item earns nothing, and its consequence is told, never
the answer; where it is right it earns half the item's points, and the other fields share the other half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graders.answers.choices import Choices, begun, parse, tight_colon
from graders.answers.text import shown
from graders.exercises.exercise import Criterion, Exercise, Verdict, failed, partly, passed
from graders.exercises.vocabulary import offered, same

READ = "notebook {}, the text above the exercise"
MOST_NOTES = 3
MOST_WORDS = 12
"""How many words of a list are shown back."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question about an item, answered by a word out of ``options``.

    Any word in ``right`` is right. ``told`` has for each of the others what would come of it. Of a field with
    ``several``, a list may be given; wrong words in it cost their share.
    """

    name: str
    options: tuple[str, ...]
    right: tuple[str, ...]
    told: Mapping[str, str]
    several: bool = False

    def __post_init__(self) -> None:
        if {*self.right, *self.told} != set(self.options) or set(self.right) & set(self.told):
            raise ValueError(f"{self.name}: each option is right or has its consequence told, and not both")


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
    """What was found in one field: the share that is right, and the words for it."""

    share: float
    saw: str
    line: int
    why: str = ""
    hint: str = ""
    understood: bool = True


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
        expected=f"a choice that fits the facts: “{item.facts}”",
        why=item.why, read=READ.format(part), hints=item.hints,
    )  # fmt: skip


def _judge(item: Item, names: tuple[str, ...]) -> Callable[[Choices, None], Verdict]:
    def judge(answer: Choices, _evidence: None) -> Verdict:
        key = same(item.name, answer.items)
        if key is None:
            return _absent(item, names, answer)
        written = answer.items[key]
        if not written and (edge := _at_the_edge(item, answer)):
            return edge
        fields = _fields(item, written)
        if isinstance(fields, Verdict):
            return _at(fields, answer.line(key))
        found = [_field(field, fields, answer, key, whole=fields is not written) for field in item.fields]
        return _together(found)

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
    """What was written for an item as its fields; of an item with one field the value alone will do."""
    asked = " and ".join(f"“{field.name}:”" for field in item.fields)
    if isinstance(written, dict):
        return written
    if written is None or written == "":
        return failed("nothing is chosen for it yet", f"Choose: {', '.join(item.fields[0].options)}.")
    if len(item.fields) == 1:
        return {item.fields[0].name: written}
    way = f"Below “{item.name}:”, indented, write {asked}."
    if isinstance(written, str) and (tight := tight_colon(written)):
        way = f"Put a blank after each colon: “{tight}”."
    elif isinstance(written, list) and any(isinstance(one, dict) for one in written):
        way = f"Take out the dashes before {asked}; they make a list."
    return failed(f"{item.name}: {shown(written)}", way)


def _at(verdict: Verdict, line: int) -> Verdict:
    return failed(verdict.saw, verdict.hint, line=line)


def _field(field: Field, fields: dict[str, Any], answer: Choices, item: str, *, whole: bool) -> _Found:
    key = same(field.name, fields)
    if key is None:
        return _field_absent(field, fields, answer, item)
    line = answer.line(item) if whole else answer.line(item, key)
    words = _words(field, fields[key])
    if words is None:
        kind = "a mapping" if isinstance(fields[key], dict) else "more than one word"
        return _Found(0.0, f"{field.name}: {kind}, where a word belongs", line, hint=_ask(field), understood=False)
    if not words:
        return _Found(0.0, f"{field.name} isn't filled in", line, hint=_ask(field), understood=False)
    return _judged(field, words, line, item if whole else field.name)


def _field_absent(field: Field, fields: dict[str, Any], answer: Choices, item: str) -> _Found:
    meant = [key for key in fields if offered(key, (field.name,))]
    if meant:
        saw = f"there is “{shown(meant[0], 40)}”, and no {field.name}"
        return _Found(0.0, saw, answer.line(item, meant[0]), hint=f"Did you mean “{field.name}:”?", understood=False)
    return _Found(0.0, f"{field.name} isn't filled in", answer.line(item), hint=_ask(field), understood=False)


def _ask(field: Field) -> str:
    one = "one or more" if field.several else "one"
    return f"Write “{field.name}:” with {one} of {', '.join(field.options)}."


def _words(field: Field, written: Any) -> list[str] | None:
    """The words that were written, each once; None where they are no words, or more than may be."""
    if isinstance(written, dict):
        return None
    values = written if isinstance(written, list) else [written]
    if any(isinstance(value, dict | list) for value in values):
        return None
    texts = [value if isinstance(value, str) else shown(value) for value in values if value is not None]
    if field.several:
        texts = [part for text in texts for part in text.split(",")]
    words = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    return None if len(words) > 1 and not field.several else words


def _judged(field: Field, words: list[str], line: int, name: str) -> _Found:
    known = {word: same(word, field.options) for word in words}
    right = {option for option in known.values() if option in field.right}
    wrong = [option for option in known.values() if option is not None and option in field.told]
    unknown = [word for word, option in known.items() if option is None]
    said = ", ".join(known[word] or f"“{shown(word, 40)}”" for word in words[:MOST_WORDS])
    saw = f"{shown(name, 40)}: {said}"
    share = len(right) / (len(right) + len(set(wrong)) + len(unknown))
    if unknown:
        saw += (
            ", a word that isn't in the list"
            if len(words) == 1
            else f", and “{shown(unknown[0], 40)}” isn't in the list"
        )
        return _Found(share, saw, line, hint=_meant(field, unknown[0]), understood=False)
    return _Found(share, saw, line, why=field.told[wrong[0]] if wrong else "")


def _meant(field: Field, word: str) -> str:
    near = offered(word, field.options)
    meant = f"Did you mean “{near}”? " if near else ""
    return f"{meant}There are: {', '.join(field.options)}."


def _together(found: Sequence[_Found]) -> Verdict:
    """One verdict on an item's fields: the first is half of it, and nothing counts without it."""
    first, *others = found
    if first.share == 0:
        return failed(first.saw, first.hint, line=first.line, why=first.why)
    share = 0.5 + 0.5 * sum(other.share for other in others) / len(others) if others else first.share
    missed = next((other for other in others if other.share < 1), None)
    if missed is None:
        return passed(", ".join(one.saw for one in found), line=first.line)
    how = "" if not missed.understood else " fits only in part" if missed.share else " doesn't"
    saw = f"{first.saw} fits; {missed.saw}{how}"
    return partly(share, saw, missed.hint, line=missed.line, why=missed.why)


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
