"""The words of a decision and their spellings: a field's options, the lesson's terms for them, and one-character typos."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cluster.manifests.documents import Path
from graders.reading.choices import Choices
from graders.reading.vocabulary import example_of, misspelled, same

MOST_TEXT = 400
"""How many characters are read of a list that is written as a text."""

Ladder = tuple[str, str, str] | tuple[()]

_BETWEEN = re.compile(r"[,;/+&|]")
_AND = re.compile(r"\s(?:and|or)\s")
_AT_MOST = re.compile(r"\s*(?:<=?|≤)\s*(?=\d)")
_PLAIN = re.compile(r"[\w\s.\u2010-\u201f\u2212\"'-]*")
"""Words, with the characters allowed between and around them; any other character may change the meaning."""
_ARTICLES = frozenset(("a", "an", "the"))


@dataclass(frozen=True, slots=True)
class Field:
    """One question about an item, answered by a word out of ``options``.

    Every word in ``right`` is right; ``told`` maps each other word to its consequence. A field with ``several`` takes a
    list. ``hints`` is this field's hint ladder; if empty, the item's ladder is used. ``why`` is the reason to fill the
    field in. ``terms`` maps the lesson's other words to an option, and ``nouns`` may follow an option (``graph
    database``): both are read as the option. ``examples`` maps names of products, such as ``redis``, to their option: they
    aren't read, but the message names the option.
    """

    name: str
    options: tuple[str, ...]
    right: tuple[str, ...]
    told: Mapping[str, str]
    several: bool = False
    hints: Ladder = ()
    why: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    nouns: tuple[str, ...] = ()
    examples: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if {*self.right, *self.told} != set(self.options) or set(self.right) & set(self.told):
            raise ValueError(f"{self.name}: each option must be right or have a consequence, and not both")
        if not {*self.examples.values(), *self.terms.values()} <= {*self.options}:
            raise ValueError(f"{self.name}: each example and term must belong to an option")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, and its option or None. ``loosely`` is true if the spelling differs from the option's."""

    written: str
    option: str | None
    loosely: bool = False


def word(text: str, field: Field) -> Word:
    """The option that a word means, if only one is possible."""
    if option := same(text, field.options):
        return Word(text, option)
    plain = " ".join(
        part for part in re.split(r"[\s_-]+", _AT_MOST.sub("", text)[:MOST_TEXT]) if part.casefold() not in _ARTICLES
    )
    terms = {_bare(term): option for term, option in _terms(field)}
    option = terms.get(_bare(plain)) if _PLAIN.fullmatch(plain) else None
    if option is None and example_of(text, field.examples) is None:
        option = misspelled(plain, field.options)
    return Word(text, option, loosely=option is not None)


def _terms(field: Field) -> Iterator[tuple[str, str]]:
    yield from ((option, option) for option in field.options)
    yield from field.terms.items()
    yield from ((f"{option} {noun}", option) for option in field.options for noun in field.nouns)


def _bare(text: str) -> str:
    """A word without articles, spaces and dashes."""
    return "".join(part for part in re.findall(r"[^\W_]+", text.casefold()) if part not in _ARTICLES)


def recognized(key: str, names: Iterable[str]) -> str | None:
    """The name that a key equals after normalization, or is a typo of; None if it matches no name."""
    every = tuple(names)
    return same(key, every) or misspelled(key, every)


def find(name: str, keys: Iterable[str], names: Iterable[str]) -> str | None:
    """The key that equals ``name`` after normalization, or else the first key that is a typo of it and of no other name."""
    written, every = tuple(keys), tuple(names)
    exact = same(name, written)
    return exact or next((key for key in written if same(key, every) is None and misspelled(key, every) == name), None)


def words(field: Field, item: str, path: Path, answer: Choices) -> list[Word] | None:
    """The distinct words at a path of an item; None if a mapping or a list of lists stands there."""
    written = answer.get(item, *path)
    places = [(*path, index) for index in range(len(written))] if isinstance(written, list) else [path]
    values = written if isinstance(written, list) else [written]
    if any(isinstance(value, dict | list) for value in values):
        return None
    texts = [answer.written(item, *place) for place, value in zip(places, values, strict=True) if value is not None]
    if field.several:
        texts = [part for text in texts for part in _parts(text, field)]
    return [word(text, field) for text in dict.fromkeys(text.strip() for text in texts if text.strip())]


def _parts(text: str, field: Field) -> Iterator[str]:
    """The words of a list that was written as a text: ``this, that and the other``."""
    for part in _BETWEEN.split(text[:MOST_TEXT]):
        yield from (part,) if same(part, field.options) else _AND.split(part)


def listed(some: Sequence[str], last: str = "or") -> str:
    """A list in words: ``this, that or the other``."""
    return f" {last} ".join(part for part in (", ".join(some[:-1]), some[-1]) if part)
