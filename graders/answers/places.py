"""A form that learners fill in: terms at their places, by whatever names people give them, however they group them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cluster.errors import AnswerError
from cluster.manifests import Document, Path, read
from graders.answers.text import shown

Term = tuple[str, ...]
"""A term's place in a form, such as ``("compute", "requests", "cpu")``."""

SHOWN_STRANGERS = 5
"""So many keys that are no term are told; what was meant is looked for in these only, since that takes its time."""

_BLANKS = frozenset(("", "...", "…", "?", "??", "???", "todo", "tbd", "___"))


@dataclass(frozen=True, slots=True)
class Written:
    """What stands for a term: its value, the key as it was written, and the learner's line."""

    value: Any
    key: str
    line: int


@dataclass(frozen=True, slots=True)
class Stranger:
    """A key that is no term, with its line and the name that was probably meant, or none.

    ``below`` is the place in the form below which the key was looked for; none where only its value is strange.
    """

    key: str
    line: int
    meant: str = ""
    below: Term | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """The terms that were written, of how many, and the keys that are none. A term that was left blank isn't there."""

    terms: Mapping[Term, Written]
    strangers: tuple[Stranger, ...]
    of: int

    @property
    def kept(self) -> str:
        """How the answer was read, in a few words."""
        return f"{len(self.terms)} of {self.of} terms"


@dataclass(frozen=True)
class Form:
    """What may stand where: the ``terms`` in their order, and other names for each of their words, bare (``finishwithin``).

    ``sentences`` are places whose terms people also write as one sentence; ``units`` may end a key, as in ``lag-seconds``.
    ``called`` is what the whole is (“contract”).
    """

    called: str
    terms: tuple[Term, ...]
    names: Mapping[str, tuple[str, ...]]
    sentences: tuple[Term, ...] = field(default=())
    units: tuple[str, ...] = field(default=())

    def read(self, text: str) -> Filled:
        """Read an answer. Raises AnswerError for a text that is no YAML, no mapping, a manifest, or doubles a key."""
        document = self._the_one(read(text))
        for path, line in document.duplicates:
            raise AnswerError(
                f"“{shown(path[-1])}” stands twice in one part, the second time on line {line}.",
                "Keep the line that is to count.", line=line,
            )  # fmt: skip
        wrapped = list(document.data) == [self.called] and isinstance(document.get(self.called), dict)
        terms: dict[Term, Written] = {}
        strangers: list[Stranger] = []
        for found in self._walk(document, (self.called,) if wrapped else (), ()):
            if isinstance(found, Stranger):
                strangers.append(found)
                continue
            term, written = found
            if term in terms:
                raise AnswerError(
                    f"The term {' '.join(term[1:])} stands twice, on lines {terms[term].line} and {written.line}.",
                    "Keep the line that is to count.", line=written.line,
                )  # fmt: skip
            terms[term] = written
        there = {term: written for term, written in terms.items() if not _blank(written.value)}
        told = tuple(self._with_what_was_meant(stranger) for stranger in strangers[:SHOWN_STRANGERS])
        return Filled(there, (*told, *strangers[SHOWN_STRANGERS:]), len(self.terms))

    @cached_property
    def _places(self) -> frozenset[Term]:
        return frozenset(term[:end] for term in self.terms for end in range(1, len(term) + 1))

    @cached_property
    def _by_own_name(self) -> Mapping[str, tuple[Term, ...]]:
        names = {bared(place[-1]) for place in self._places}
        return {name: tuple(place for place in self._places if bared(place[-1]) == name) for name in names}

    def _the_one(self, documents: tuple[Document, ...]) -> Document:
        if len(documents) != 1:
            raise AnswerError(
                f"There are {len(documents)} documents in your answer; a {self.called} is one.",
                "Take the lines “---” out.",
            )
        (document,) = documents
        begins = self.terms[0][0]
        if not isinstance(document.data, dict):
            raise AnswerError(
                f"Your answer is no {self.called}: it has no parts.",
                f"A {self.called} is a mapping that begins with a part, such as “{begins}:”.", line=document.line(),
            )  # fmt: skip
        if document.get("apiVersion") or document.get("kind"):
            raise AnswerError(
                f"This is a {shown(document.get('kind') or 'manifest')}; the exercise asks for the {self.called} itself.",
                f"Start with the part “{begins}:”, as in the example above the answer.", line=document.line("kind"),
            )  # fmt: skip
        return document

    def _walk(self, document: Document, at: Path, place: Term) -> Iterator[tuple[Term, Written] | Stranger]:
        value = document.get(*at) if at else document.data
        for key, inner in value.items():
            here, line = (*at, key), document.line(*at, key)
            found = self._place(key, place)
            if found is None:
                yield Stranger(shown(key), line, below=place)
            elif found in self.terms:
                yield found, Written(inner, str(key), line)
            elif isinstance(inner, dict):
                yield from self._walk(document, here, found)
            elif found in self.sentences and isinstance(inner, str):
                yield from (
                    (term, Written(inner, str(key), line)) for term in self.terms if term[: len(found)] == found
                )
            elif not _blank(inner):
                yield Stranger(f"{shown(key)}: {shown(inner)}", line)

    def _place(self, key: str, place: Term) -> Term | None:
        """The place in the form that a key names below another, or anywhere if only one has that name."""
        bare = self._without_unit(key)
        for at in self._places:
            if at[:-1] == place and (bare == bared(at[-1]) or bare in self.names.get(at[-1], ())):
                return at
        anywhere = self._by_own_name.get(bare, ())
        return anywhere[0] if len(anywhere) == 1 else None

    def _without_unit(self, key: str) -> str:
        bare = bared(key)
        if (words := re.findall(r"[A-Za-z]+", str(key)[:80])) and words[-1].casefold() in self.units:
            return bare.removesuffix(words[-1].casefold()) or bare
        return bare

    def _with_what_was_meant(self, stranger: Stranger) -> Stranger:
        if stranger.below is None:
            return stranger
        near = [p[-1] for p in self._places if p[:-1] == stranger.below] or [p[-1] for p in self._places]
        found = difflib.get_close_matches(stranger.key.casefold(), near, n=1, cutoff=0.7)
        return replace(stranger, meant=found[0] if found else "")


def bared(key: object) -> str:
    """A word without capitals, blanks and hyphens: names are compared like this."""
    return "".join(c for c in str(key)[:80].casefold() if c.isalnum())


def _blank(value: Any) -> bool:
    return value is None or value in ({}, []) or (isinstance(value, str) and value.strip().casefold() in _BLANKS)
