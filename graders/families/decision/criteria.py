"""Exercises of kind ``decision``: for each item a choice, alone or with the reason for it.

An item's first field is the choice. A wrong choice earns nothing for the item; the card shows its consequence, never the
answer. A right choice earns half the item's points, and the other fields share the other half; they keep it if the choice
can't be read. A word that the facts don't support takes back half the points of a right one. An empty or unreadable field
takes nothing back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cluster.errors import AnswerError
from cluster.manifests.documents import Path
from cluster.text.names import nearest
from graders.core.exercise import Criterion, Echo, Exercise, Sample, Verdict, failed, not_started, partly, passed
from graders.families.decision.words import Field, Ladder, Word, find, listed, recognized, word, words
from graders.families.manifest.documents import is_started
from graders.reading.choices import Choices, parse, tight_colon
from graders.reading.text import shown
from graders.reading.vocabulary import example_of, named, same, suggested

__all__ = ["Field", "Item", "decision", "form", "prints", "shares"]

READ = "notebook {}, the text above the exercise"
MOST_NOTES = 3
MOST_READ = 5
"""How many corrected words a note names."""
MOST_WORDS = 12
"""How many words of a list a message quotes."""
WRONG = 0.5
"""The share of a right word's points that an unsupported word takes back."""

_UNREAD = "Only the listed words are read; any other word chooses nothing."
_UNPLACED = "A line that belongs to no item isn't read."
_LINES = (
    "Compare your lines with the form above the cell.",
    "In YAML, the spaces at the beginning of a line say what the line belongs to.",
    "Begin an item with its name and a colon, without spaces. Write its word after the colon, or its fields below, indented by two spaces.",
)
"""The hints for a line that differs from the form."""


@dataclass(frozen=True, slots=True)
class Item:
    """One decision: its ``facts`` as the notebook states them, and the fields to fill in."""

    name: str
    title: str
    facts: str
    fields: tuple[Field, ...]
    why: str
    hints: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Found:
    """The result of one field, with its texts.

    ``share`` is 1 for a right field and 0 for a wrong or unreadable one; below 0 it takes back points of the choice.
    ``unread`` is true for a text that may be right but can't be read, ``empty`` for no text. ``loosely`` lists the words
    and names that were read although their spelling differs from the table.
    """

    field: Field
    share: float
    observed: str
    line: int
    why: str = ""
    hint: str = ""
    hints: Ladder = ()
    expected: str = ""
    unread: bool = False
    empty: bool = False
    loosely: tuple[str, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether it is a word of the table that the facts don't support."""
        return bool(self.why) and not self.hint and not self.field.several


@dataclass(frozen=True, slots=True)
class _Read:
    """The results of an item's fields; or, if no field could be read, a verdict ``instead``.

    ``loosely`` lists names whose spelling differs from the form.
    """

    fields: tuple[_Found, ...] = ()
    instead: Verdict | None = None
    loosely: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The item's verdict."""
        return self.instead or _together(self.fields)

    @property
    def remarks(self) -> tuple[str, ...]:
        """The words and names that were read although their spelling differs from the table."""
        return (*self.loosely, *(said for found in self.fields for said in found.loosely))


JUDGED_BY = "the consequences of your choices"


def echo(answer: Choices) -> Echo:
    """The choices that were read, and the lines that weren't."""
    return Echo(answer.kept, answer.not_understood)


def decision(
    *,
    name: str,
    title: str,
    section: str,
    minutes: int,
    points: float,
    part: int,
    items: tuple[Item, ...],
    sample: Sample | None = None,
    printed: Sequence[str] | None = None,
) -> Exercise[Choices, None]:
    """An exercise with a criterion for each item, its ``points`` shared equally; ``part`` is the notebook's number.

    ``printed`` are the texts that the notebook must contain, if they differ from those that ``prints`` returns.
    """
    names = tuple(item.name for item in items)

    def read(text: str) -> Choices:
        return parse(text, lambda key: recognized(key, names) is not None)

    return Exercise(
        name=name, title=title, kind="decision", section=section, minutes=minutes,
        criteria=tuple(_criterion(item, names, each, part) for item, each in zip(items, shares(points, len(items)), strict=True)),
        parse=read, observe=_observe, is_started=is_started, notes=_notes(items), echo=echo, judged_by=JUDGED_BY, sample=sample,
        prints=lambda: prints(items) if printed is None else printed,
    )  # fmt: skip


def shares(points: float, parts: int) -> tuple[float, ...]:
    """Points in equal parts, rounded to a hundredth, whose sum is ``points``: 5 in 6 parts is 0.84, 0.84, 0.83 ..."""
    each, left = divmod(round(points * 100), parts)
    return tuple((each + (part < left)) / 100 for part in range(parts))


def form(items: Sequence[Item]) -> str:
    """The blank form, for learners to copy."""
    return "".join(
        f"{item.name}:\n"
        if len(item.fields) == 1
        else "\n".join([f"{item.name}:", *(f"  {field.name}:" for field in item.fields)]) + "\n"
        for item in items
    )


def prints(items: Sequence[Item]) -> tuple[str, ...]:
    """The texts that a notebook must contain: a row with the facts of each item, each word as code, the blank form."""
    rows = (f"| `{item.name}` | {item.facts}" for item in items)
    options = dict.fromkeys(option for item in items for field in item.fields for option in field.options)
    return (*rows, *(f"`{option}`" for option in options), f"```yaml\n{form(items)}```")


def _observe(_answer: Choices, _world: object, _so_far: object = None) -> None:
    """No evidence: the verdict depends on the answer alone."""


def _criterion(item: Item, names: tuple[str, ...], points: float, part: int) -> Criterion[Choices, None]:
    def judge(answer: Choices, _evidence: None) -> Verdict:
        return _read(item, names, answer).verdict

    return Criterion(
        name=item.name, points=points, title=item.title, judge=judge,
        expected="a choice that fits the facts", why=item.why, docs_url=READ.format(part), hints=item.hints,
    )  # fmt: skip


def _read(item: Item, names: tuple[str, ...], answer: Choices) -> _Read:
    """The part of an answer about an item."""
    key = find(item.name, answer.places, names)
    if key is None:
        return _Read(instead=_absent(item, names, answer))
    loosely: tuple[str, ...] = ()
    if same(key, names) is None:
        loosely = (_read_as(key, answer.line(key), item.name),)
    written, one = answer.get(key), item.fields[0]
    if len(item.fields) == 1 and not answer.below(key):
        return _Read((_field(one, key, (), answer, item.name),), loosely=loosely)
    if answer.below(key):
        if isinstance(written, list):
            loosely += (
                f"the list below “{shown(key, 40)}” (line {answer.line(key)}) as its fields, which have no dashes",
            )
        return _Read(tuple(_field_of(field, key, answer, item, names) for field in item.fields), loosely=loosely)
    if isinstance(written, str) and (short := word(written, one)).option:
        # A single word is the choice; the message says where the other fields belong.
        said = _read_as(f"{key}: {written}", answer.line(key), f"{one.name}: {short.option}")
        others = [_Found(other, 0, f"{other.name} isn't filled in", answer.line(key), why=other.why, hint=_below(item), hints=_LINES)
                  for other in item.fields[1:]]  # fmt: skip
        return _Read((_judged(one, [short], answer.line(key), one.name), *others), loosely=(*loosely, said))
    return _Read(instead=_nothing_below(item, key, answer, names))


def _nothing_below(item: Item, key: str, answer: Choices, names: tuple[str, ...]) -> Verdict:
    """The verdict on an item with several fields and no field below it."""
    written, line = answer.get(key), answer.line(key)
    if not written:
        strays = [stray for field in item.fields if (stray := _stray(field, key, answer, names))]
        if strays:
            first, *more = strays
            return failed(
                first.observed, first.hint, line=first.line, hints=_LINES, also="; ".join(one.observed for one in more)
            )
        return not_started("nothing is chosen for it yet", f"Choose: {', '.join(item.fields[0].options)}.", line=line)
    way = _below(item)
    if isinstance(written, str) and (tight := tight_colon(written)):
        way = f"Put a space after each colon: “{tight}”."
    elif isinstance(written, str) and "=" in written:
        way = "Write a colon and a space in place of each =."
    elif isinstance(written, list) and any(isinstance(one, dict) for one in written):
        way = f"Delete the dashes before {_asked(item)}: a dash begins an entry of a list."
    return failed(f"{item.name}: {shown(written)}", way, line=line, hints=_LINES)


def _below(item: Item) -> str:
    return f"Below “{item.name}:”, indented, write {_asked(item)}."


def _asked(item: Item) -> str:
    return listed([f"“{field.name}:”" for field in item.fields], "and")


def _read_as(written: str, line: int, meant: str) -> str:
    return f"“{shown(written, 40)}” (line {line}) as {meant}"


def _stray(field: Field, key: str, answer: Choices, names: tuple[str, ...]) -> _Found | None:
    """The result of a field that isn't indented, right after the item to which it belongs; None otherwise."""
    above = ""
    for name in answer.places:
        if recognized(name, names):
            above = name
        elif above == key and recognized(name, (field.name,)):
            observed = f"“{shown(name, 40)}:” isn't indented, so it belongs to no item"
            hint = f"Put two spaces before “{shown(name, 40)}:”, below “{shown(key, 40)}:”."
            return _Found(field, 0, observed, answer.line(name), why=_UNPLACED, hint=hint, hints=_LINES)
    return None


def _absent(item: Item, names: tuple[str, ...], answer: Choices) -> Verdict:
    if broken := _broken(item, names, answer):
        return failed(broken.problem.rstrip("."), broken.hint, line=broken.line, hints=_LINES)
    meant = [key for key in answer.places if recognized(key, names) is None and nearest(key, (item.name,))]
    if meant:
        return failed(
            f"there is “{shown(meant[0], 40)}”, but no {item.name}", f"Did you mean “{item.name}”?",
            line=answer.line(meant[0]), hints=_LINES,
        )  # fmt: skip
    return not_started("nothing is written for it yet", f"Add “{item.name}:”, and choose.")


def _broken(item: Item, names: tuple[str, ...], answer: Choices) -> AnswerError | None:
    key = find(item.name, answer.broken, names)
    return None if key is None else answer.broken[key]


def _field_of(field: Field, item: str, answer: Choices, asked: Item, names: tuple[str, ...]) -> _Found:
    """One field of an item whose fields are written below it. An item's only field has the item's name."""
    alone, below, fields = len(asked.fields) == 1, answer.below(item), [one.name for one in asked.fields]
    name, key = asked.name if alone else field.name, find(field.name, below, fields)
    if key is not None:
        found = _field(field, item, below[key], answer, name, more=_more_words(field, item, answer, fields))
        if same(key, fields):
            return found
        return replace(found, loosely=(_read_as(key, answer.line(item, *below[key]), field.name), *found.loosely))
    if stray := _stray(field, item, answer, names):
        return stray
    meant = [key for key in below if recognized(key, fields) is None and nearest(key, (field.name,))]
    if meant and not alone:
        observed = f"there is “{shown(meant[0], 40)}”, but no {name}"
        return _Found(
            field, 0, observed, answer.line(item, *below[meant[0]]), hint=f"Did you mean “{name}:”?", hints=_LINES
        )
    strange = alone and bool(below)
    observed = f"{name}: there are fields below it in place of one word" if strange else f"{name} isn't filled in"
    return _Found(
        field, 0, observed, answer.line(item), hint=_ask(field, name), why=field.why, hints=_LINES if strange else (), empty=not strange
    )  # fmt: skip


def _more_words(field: Field, item: str, answer: Choices, fields: Sequence[str]) -> list[Word]:
    """Words of a list without brackets, which YAML reads as names: ``{because: this, that}``."""
    if not field.several:
        return []
    empty = [
        key
        for key, path in answer.below(item).items()
        if answer.get(item, *path) is None and not recognized(key, fields)
    ]
    return [more for key in empty if (more := word(key, field)).option]


def _field(field: Field, item: str, path: Path, answer: Choices, name: str, *, more: Sequence[Word] = ()) -> _Found:
    """The result of a field that is written; ``name`` is its name in the notebook."""
    line = answer.line(item, *path)
    written = words(field, item, path, answer)
    if written is None:
        observed = f"{name}: there is a block in place of {_how_many(field)} of the words"
        return _Found(field, 0, observed, line, hint=_ask(field, name), hints=_word_hints(field))
    if not written:
        return _Found(field, 0, f"{name} isn't filled in", line, hint=_ask(field, name), why=field.why, empty=True)
    if len(written) > 1 and not field.several:
        observed = f"{name}: {_quoted(written)} are {len(written)} words; only one is allowed"
        return _Found(field, 0, observed, line, hint=_ask(field, name), why=_UNREAD, hints=_word_hints(field))
    found = _judged(field, [*written, *more], line, name)
    if not more:
        return found
    said = f"{_quoted(more)} (line {line}) as a part of {name}; a list needs brackets: [one, another]"
    return replace(found, loosely=(*found.loosely, said))


def _ask(field: Field, name: str) -> str:
    return f"After “{name}:”, write {_how_many(field)} of {listed(field.options)}."


def _how_many(field: Field) -> str:
    return "one or more" if field.several else "one"


def _word_hints(field: Field) -> tuple[str, str, str]:
    return (
        "The text above the cell lists the allowed words.",
        "Write the word exactly as in that list, and nothing else.",
        f"The allowed words are: {', '.join(field.options)}.",
    )


def _judged(field: Field, written: Sequence[Word], line: int, name: str) -> _Found:
    unknown = next((one.written for one in written if one.option is None), None)
    options = list(dict.fromkeys(one.option for one in written if one.option is not None))
    right = [option for option in options if option in field.right]
    wrong = [option for option in options if option in field.told]
    name = shown(name, 40)
    said = ", ".join(dict.fromkeys(one.option or f"“{shown(one.written, 40)}”" for one in written[:MOST_WORDS]))
    why = field.told[wrong[0]] if wrong else ""
    share = bool(right) - WRONG * (len(wrong) + (bool(right) and unknown is not None))
    loosely = tuple(_read_as(one.written, line, one.option) for one in written if one.loosely and one.option)
    found = _Found(field, max(share, -1), f"{name}: {said}", line, why=why, loosely=loosely)
    if unknown is not None:
        return _unknown(found, unknown, name, said if len(written) > 1 else "")
    if field.several and wrong:
        fits = f"{listed(right, 'and')} {'fits' if len(right) == 1 else 'fit'}, but " if right else ""
        hint = "Keep only the reasons that the facts give." if right else ""
        aren_t = "isn't" if len(wrong) == 1 else "aren't"
        return replace(found, observed=f"{name}: {fits}{listed(wrong, 'and')} {aren_t} in the facts", hint=hint)
    # With only two options, naming the wrong one would give the answer away.
    expected = "a choice that fits the facts" if wrong and len(field.options) == 2 else ""  # noqa: PLR2004
    return replace(found, expected=expected)


def _unknown(found: _Found, unknown: str, name: str, said: str) -> _Found:
    """The same result for a word that isn't one of the field's options."""
    field = found.field
    observed, hint = _strange(field, unknown)
    example = example_of(unknown, field.examples) if not named(unknown, field.options) else None
    consequence = field.told.get(example[1], "") if example else ""
    if consequence:
        hint = f"{hint.partition(':')[0]}. Write one of the listed words, and read the facts again."
    hedged = len(named(unknown, field.options)) > 1
    return replace(
        found, observed=f"{name}: {said}; {observed}" if said else f"{name}: {observed}", hint=hint, why=found.why or consequence or _UNREAD,
        hints=() if consequence else _word_hints(field), unread=not consequence and not hedged,
    )  # fmt: skip


def _strange(field: Field, text: str) -> tuple[str, str]:
    """What is wrong with a word that isn't in the list, and what to do."""
    written, options = f"“{shown(text, 40)}”", listed(field.options)
    inside = named(text, field.options)
    if len(inside) > 1:
        return f"{written} has {len(inside)} of the words; only one is allowed", f"Write one word: {options}."
    if inside:
        return f"{written} has more than the word", f"Write one word and nothing else: {options}."
    if example := example_of(text, field.examples):
        name, option = example
        return (
            f"{written}, a word that isn't in the list",
            f"“{shown(name, 40)}” is an example of {option}: write {option}.",
        )
    way = f"{suggested(text, field.options)} The words are {', '.join(field.options)}.".lstrip()
    return f"{written}, a word that isn't in the list", way


def _quoted(some: Sequence[Word]) -> str:
    return listed([f"“{shown(one.written, 40)}”" for one in some[:MOST_WORDS]], "and")


def _together(found: Sequence[_Found]) -> Verdict:
    """The verdict on an item's fields: the first counts half, and if it is wrong the others earn nothing."""
    first, *others = found
    if all(one.empty for one in found):
        return not_started("nothing is chosen for it yet" if others else first.observed, first.hint, line=first.line)
    share = first.share
    if others and (share == 1 or first.unread):
        share = 0.5 * first.share + 0.5 * sum(other.share for other in others) / len(others)
    missed = [one for one in found if one.share < 1]
    if not missed:
        return passed(", ".join(one.observed for one in found), line=first.line)
    one, *more = missed
    observed = one.observed if one is first else f"{first.observed} fits; {one.observed}"
    if one is not first and one.wrong:
        observed += " doesn't"
    also = "; ".join(other.observed + (" doesn't fit" if other.wrong else "") for other in more)
    return partly(
        max(share, 0), observed, one.hint, line=one.line, why=one.why, hints=one.hints or one.field.hints,
        expected=one.expected or _expected(one.field), also=also if first.share == 1 or first.unread else "",
    )  # fmt: skip


def _expected(field: Field) -> str:
    """The expected content of a field."""
    if field.several:
        return f"one or more reasons that the facts give: {listed(field.options)}"
    return f"the word that fits the facts: {listed(field.options)}"


def _notes(items: tuple[Item, ...]) -> Callable[[Choices, None], tuple[str, ...]]:
    """Notes on corrected spellings and on items that weren't asked for; they cost no points."""
    names = tuple(item.name for item in items)

    def notes(answer: Choices, _evidence: None) -> tuple[str, ...]:
        loosely = [said for item in items for said in _read(item, names, answer).remarks]
        more = [f"and {len(loosely) - MOST_READ} more"] if len(loosely) > MOST_READ else []
        read = [f"We read {'; '.join([*loosely[:MOST_READ], *more])}."] if loosely else []
        unasked = (said for _, said in zip(range(MOST_NOTES), _unasked(items, answer), strict=False))
        return (*answer.notes, *read, *unasked)

    return notes


def _unasked(items: tuple[Item, ...], answer: Choices) -> Iterator[str]:
    names = {item.name: item for item in items}
    used = {key: name for name in names if (key := find(name, answer.places, names)) is not None}
    absent = [name for name in names if name not in used.values()]
    above: Item | None = None
    for key in answer.places:
        where = f"“{shown(key, 40)}” (line {answer.line(key)})"
        if key in used:
            above = names[used[key]]
            yield from _unasked_fields(above, key, answer)
        elif name := recognized(key, names):
            as_well = "" if key.casefold() == name.casefold() else f" Did you mean “{name}”? Then put both together."
            yield (
                f"{where} repeats {name}; the first one counts."
                if not as_well
                else f"{where} isn't part of this exercise, so it doesn't count.{as_well}"
            )
        elif not nearest(key, absent) and not (above and _misplaced(above, key, answer, tuple(names))):
            yield f"{where} isn't part of this exercise, so it doesn't count."


def _misplaced(item: Item, key: str, answer: Choices, names: tuple[str, ...]) -> bool:
    """Whether a name that isn't indented is a field of the item above it; that item's finding names it already."""
    own = find(item.name, answer.places, names)
    field = next((field for field in item.fields if recognized(key, (field.name,))), None)
    return (
        own is not None
        and field is not None
        and find(field.name, answer.below(own), [one.name for one in item.fields]) is None
    )


def _unasked_fields(item: Item, key: str, answer: Choices) -> Iterator[str]:
    asked, below = [field.name for field in item.fields], answer.below(key)
    read = [find(name, below, asked) for name in asked]
    absent = [name for name, own in zip(asked, read, strict=True) if own is None]
    more = {
        one.written
        for field in item.fields
        if field.name not in absent
        for one in _more_words(field, key, answer, asked)
    }
    for extra, path in below.items():
        if extra not in read and extra not in more and not nearest(extra, absent):
            where = f"“{shown(extra, 40)}” of {item.name} (line {answer.line(key, *path)})"
            yield f"{where} isn't part of this exercise, so it doesn't count."
