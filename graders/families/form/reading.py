"""Read a form: the value of each field, and the lines that aren't understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster.manifests.documents import Document, DoubledKey, Path
from cluster.text.names import nearest
from graders.families.form.fields import FieldType
from graders.families.manifest.documents import is_blank
from graders.reading.choices import mapping
from graders.reading.documents import KEEP, refused
from graders.reading.text import shown
from graders.reading.vocabulary import same

Term = tuple[str, ...]
"""A field's place in a form, such as ``("patching", "window", "day")``."""

LONGEST = 60
"""The longest value of a field, in characters; longer texts aren't understood."""

SHOWN_STRANGERS = 5
"""How many unknown keys are named; only these get a suggestion, because the search takes time."""

_BOOLEAN_KEY = re.compile(r"\b(y|yes|no|n|on|off)\b[\"']?[ \t]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """The content of a field: its ``text``, its ``value``, the learner's line, and the ``key`` before it.

    If it isn't understood, ``value`` is None and ``form`` describes the format.
    """

    text: str
    line: int
    value: Any = None
    form: str = ""
    key: str = ""

    @property
    def way(self) -> str:
        """The next step for a text that isn't understood."""
        return f"Write it as {self.form}."

    @property
    def not_understood(self) -> str:
        """A sentence with the next step for a text that isn't understood; else empty."""
        return f"“{shown(self.text)}” isn't understood. {self.way}" if self.form else ""


@dataclass(frozen=True, slots=True)
class Stranger:
    """An unknown key, its line, and the place of the field that was probably meant, or an empty tuple."""

    key: str
    line: int
    meant: Term = ()

    @property
    def said(self) -> str:
        """A sentence about it."""
        where = f" of “{self.meant[-2]}”" if len(self.meant) > 1 else ""
        way = f"did you mean “{self.meant[-1]}”{where}?" if self.meant else "it isn't judged."
        return f"Line {self.line}: “{self.key}” isn't a field here; {way}"


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields that are filled in, the number of all fields, and the unknown keys. Blank fields are left out."""

    terms: Mapping[Term, Written]
    strangers: tuple[Stranger, ...]
    of: int

    @property
    def kept(self) -> str:
        """The number of fields that were read, in a few words."""
        return f"{sum(not one.form for one in self.terms.values())} of {self.of} fields"

    @property
    def not_understood(self) -> tuple[tuple[int, str], ...]:
        """Line number and sentence for each line that isn't understood; the answer cell shows them at once."""
        odd = {(one.line, f"{one.key} {one.not_understood}") for one in self.terms.values() if one.form}
        odd |= {(one.line, one.said.partition(": ")[2]) for one in self.strangers[:SHOWN_STRANGERS]}
        return tuple(sorted(odd))

    def value(self, *term: str) -> Any:
        """The value of a field; None if it is blank or isn't understood."""
        return self.terms[term].value if term in self.terms else None


@dataclass(frozen=True)
class Form:
    """The fields of a form by their places, in order."""

    fields: Mapping[Term, FieldType]

    def printed(self) -> str:
        """The blank form as YAML: each field with a comment that describes its format."""
        lines: dict[Term, str] = {}
        for term, field in self.fields.items():
            lines |= {term[:end]: "" for end in range(1, len(term)) if term[:end] not in lines} | {term: field.form}
        keys = {place: f"{'  ' * (len(place) - 1)}{place[-1]}:" for place in lines}
        width = max(map(len, keys.values())) + 2
        return "".join(f"{keys[p]:{width}}# {form}\n" if form else f"{keys[p]}\n" for p, form in lines.items())

    def read(self, text: str) -> Filled:
        """Read an answer. Raises AnswerError for a text that isn't YAML or not a mapping, or has a key twice."""
        document = mapping(text)
        terms: dict[Term, Written] = {}
        strangers: list[Stranger] = []
        for term, written in self._walk(document, (), ()):
            if written is None:
                strangers.append(self._stranger(term, text, document, look=len(strangers) < SHOWN_STRANGERS))
            elif term in terms:
                where = DoubledKey(term, terms[term].line, written.line).where
                raise refused(f"“{term[-1]}” is written twice, {where}.", KEEP, text, written.line)
            elif not is_blank(written.text):
                terms[term] = written
        return Filled(terms, tuple(strangers), len(self.fields))

    def _walk(self, document: Document, at: Path, place: Term) -> Iterator[tuple[Term, Written | None]]:
        """The place and content of each field; for an unknown key, its path and None."""
        names = dict.fromkeys(term[len(place)] for term in self.fields if term[: len(place)] == place)
        for key, inner in (document.get(*at) if at else document.data).items():
            path = (*at, key)
            name = same(key, names)
            below = [] if name is None else [t for t in self.fields if t[: len(place) + 1] == (*place, name)]
            if name is None:
                yield tuple(map(str, path)), None
            elif isinstance(inner, dict) and below != [(*place, name)]:
                yield from self._walk(document, path, (*place, name))
            else:
                for term in below:
                    yield term, self._written(document, path, inner, term, len(place) + 1)

    def _written(self, document: Document, path: Path, inner: Any, term: Term, depth: int) -> Written:
        text, line, form = document.written(*path).strip(), document.line(*path), self.fields[term].form
        if isinstance(inner, dict | list):
            return Written(shown(inner) if inner else "", line, None, form, term[-1])
        if len(term) > depth:
            return Written(text, line, None, "separate fields below its name, as in the form", term[depth - 1])
        value = self.fields[term].read(text) if len(text) <= LONGEST else None
        return Written(text, line, value, form if value is None else "", term[-1])

    def _stranger(self, path: Path, text: str, document: Document, *, look: bool) -> Stranger:
        key, line = str(path[-1]), document.line(*path)
        lines = text.splitlines()
        if key in ("true", "false") and (said := _BOOLEAN_KEY.search(lines[line - 1])):
            key = said[1]  # YAML reads an unquoted “on” as true
        if not look:
            return Stranger(shown(key), line)
        # The same name at another place, else a similar name: first beside it, then anywhere.
        beside = tuple(map(str, path[:-1]))
        places = {term[:end]: term[end - 1] for term in self.fields for end in range(1, len(term) + 1)}
        near = {place: name for place, name in places.items() if place[:-1] == beside}
        word = same(key, places.values()) or nearest(key, near.values()) or nearest(key, places.values())
        meant = next((place for place, name in {**near, **places}.items() if name == word), ())
        return Stranger(shown(key), line, meant)
