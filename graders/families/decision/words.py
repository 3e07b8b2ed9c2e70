"""The words of a decision, and how they may be written: a field's options, the lesson's own terms for them, and slips of a sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cluster.manifests.documents import Path
from graders.reading.choices import Choices
from graders.reading.vocabulary import example_of, misspelt, same

MOST_TEXT = 400
"""How many characters of a list that is written as a text are read."""

Ladder = tuple[str, str, str] | tuple[()]

_BETWEEN = re.compile(r"[,;/+&|]")
_AND = re.compile(r"\s(?:and|or)\s")
_AT_MOST = re.compile(r"\s*(?:<=?|≤)\s*(?=\d)")
_PLAIN = re.compile(r"[\w\s.\u2010-\u201f\u2212\"'-]*")
"""Words and what may stand between and around them; any other sign may say something else."""
_ARTICLES = frozenset(("a", "an", "the"))


@dataclass(frozen=True, slots=True)
class Field:
    """One question about an item, answered by a word out of ``options``.

    Any word in ``right`` is right. ``told`` has for each of the others what would come of it. Of a field with
    ``several``, a list may be given. ``hints`` is the ladder for this field, the item's own where it is empty; ``why`` says
    what it is worth, to whoever left it out. ``terms`` are the lesson's own words for an option, and ``nouns`` what may
    stand behind one (``graph database``): these are read. ``examples`` are names that people write in place of an option,
    such as ``redis``, and the option of each: these are told.
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
            raise ValueError(f"{self.name}: each option is right or has its consequence told, and not both")
        if not {*self.examples.values(), *self.terms.values()} <= {*self.options}:
            raise ValueError(f"{self.name}: an example or a term is one of an option")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was written, and the option that it is; None where it is none. ``loosely`` is not letter by letter."""

    written: str
    option: str | None
    loosely: bool = False


def word(text: str, field: Field) -> Word:
    """What a word of a field means, as far as there is no doubt."""
    if option := same(text, field.options):
        return Word(text, option)
    plain = " ".join(
        part for part in re.split(r"[\s_-]+", _AT_MOST.sub("", text)[:MOST_TEXT]) if part.casefold() not in _ARTICLES
    )
    terms = {_bare(term): option for term, option in _terms(field)}
    option = terms.get(_bare(plain)) if _PLAIN.fullmatch(plain) else None
    if option is None and example_of(text, field.examples) is None:
        option = misspelt(plain, field.options)
    return Word(text, option, loosely=option is not None)


def _terms(field: Field) -> Iterator[tuple[str, str]]:
    yield from ((option, option) for option in field.options)
    yield from field.terms.items()
    yield from ((f"{option} {noun}", option) for option in field.options for noun in field.nouns)


def _bare(text: str) -> str:
    """A word without articles, blanks and dashes."""
    return "".join(part for part in re.findall(r"[^\W_]+", text.casefold()) if part not in _ARTICLES)


def recognized(key: str, names: Iterable[str]) -> str | None:
    """The name of a list that a key is, or is a slip of; None where it is none of them."""
    every = tuple(names)
    return same(key, every) or misspelt(key, every)


def find(name: str, keys: Iterable[str], names: Iterable[str]) -> str | None:
    """The key that is a name out of ``names``: spelt as it is, or else the first that is a slip of it."""
    written, every = tuple(keys), tuple(names)
    exact = same(name, written)
    return exact or next((key for key in written if same(key, every) is None and misspelt(key, every) == name), None)


def words(field: Field, item: str, path: Path, answer: Choices) -> list[Word] | None:
    """The words that stand at a path of an item, each once; None where there is more than words."""
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
