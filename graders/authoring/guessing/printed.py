"""The texts that a notebook prints above an answer cell: the form, the words, the tables and the examples."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import yaml

from graders.core.exercise import Exercise
from graders.reading.notebook_cells import ANSWER, Notebook, grade_id, source

WORD_CHARACTERS = 40

_FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_WORD = re.compile(r"[\w./:+-]+( [\w./:+-]+){0,3}")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n\s*\n|\n- ")
_FIGURE = re.compile(r"`([^`\n]+)`|\b(\d[\d.,]*(?: ?[A-Za-z%]+)?)\b|\b(GET /\w+|[A-Z]{2,}\w*)\b")
_ADMIT = re.compile(r'admit\("""\n(.*?)"""\)', re.DOTALL)
_LINE = re.compile(r"^ *(\d+) \| ?(.*)$", re.MULTILINE)

_AMOUNT = re.compile(r"(?<![\w./:-])(\d[\d.,:]*(?: ?(?:[A-Za-z]+))?)")

Row = tuple[str, ...]
Leaf = tuple[str | int, ...]
"""The path of a field in the form: the names above it, and its own."""


@dataclass(frozen=True)
class Printed:
    """The cells between the previous exercise and this one's answer, in their order."""

    exercise: str
    markdown: tuple[str, ...]
    code: tuple[str, ...]

    @cached_property
    def own(self) -> str:
        """The Markdown from the exercise's heading on, or all of it without such a heading."""
        text = "\n\n".join(self.markdown)
        _, heading, rest = text.partition(f"Exercise `{self.exercise}`")
        return rest if heading else text

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """The fenced YAML blocks, in their order."""
        return tuple(m[2] for m in _FENCE.finditer("\n\n".join(self.markdown)) if m[1] in ("yaml", "yml"))

    @cached_property
    def schemas(self) -> tuple[dict[str, Any], ...]:
        """The blocks that are schemas."""
        read = map(_read, self.blocks)
        return tuple(block for block in read if isinstance(block, dict) and isinstance(block.get("properties"), dict))

    @cached_property
    def form_text(self) -> str:
        """The last block with blanks, as printed, or ""."""
        return next((block for block in reversed(self.blocks) if blanks(_read(block))), "")

    @cached_property
    def form(self) -> Any:
        """The same block as data, or None."""
        return _read(self.form_text)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The fields of the form that are blank."""
        return tuple(blanks(self.form))

    @cached_property
    def blank_form(self) -> str:
        """The form as printed if all its fields are blank, or else ""."""
        return self.form_text if len(self.leaves) == _values(self.form) else ""

    @cached_property
    def tables(self) -> tuple[tuple[Row, ...], ...]:
        """The tables, row by row, with their headings first and without the line below these."""
        text = _FENCE.sub("", "\n\n".join(self.markdown))
        runs = re.findall(r"(?:^\|.*\|[ \t]*$\n?)+", text, re.MULTILINE)
        return tuple(
            tuple(_cells(line) for line in run.splitlines() if not re.fullmatch(r"[|\s:-]+", line)) for run in runs
        )

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Words that are printed together: in one cell of a table, in the first column of one, or in one sentence."""
        names = self._names
        found = [tuple(dict.fromkeys(w for w in words if w not in names)) for words in self._side_by_side()]
        return tuple(dict.fromkeys(group for group in found if len(group) > 1))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words printed as code that aren't names in the form: below the heading, or above it if there are none below."""
        own, every = (_words(_FENCE.sub("", text)) for text in (self.own, "\n\n".join(self.markdown)))
        return tuple(
            dict.fromkeys(w for w in chain(own or every, *self.groups, *self.options.values()) if w not in self._names)
        )

    @cached_property
    def options(self) -> Mapping[Leaf, tuple[str, ...]]:
        """The options in the comment beside a field: the words of “one of a · b”, or the example of “such as a”."""
        comments = [m[1] for m in re.finditer(r"^[ -]*[\w-]+:(?:[ \t]+# (.*))?$", self.form_text, re.MULTILINE)]
        names = re.findall(r"^[ -]*([\w-]+):", self.form_text, re.MULTILINE)
        leaves = iter(self.leaves)
        said = [(next(leaves), comment) for name, comment in zip(names, comments, strict=True) if comment]
        return {
            leaf: tuple(comment.removeprefix("one of ").split(" · ")) if comment.startswith("one of ")
            else (comment.rpartition("such as ")[2],)
            for leaf, comment in said
        }  # fmt: skip

    @cached_property
    def amounts(self) -> tuple[str, ...]:
        """The figures in the tables, with their units."""
        cells = [cell for table in self.tables for row in table[1:] for cell in row[1:]]
        return tuple(dict.fromkeys(m for cell in cells for m in _AMOUNT.findall(cell.replace("*", ""))))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields in the form, each once; ``*`` if an item is itself the field."""
        return tuple(dict.fromkeys(field_of(leaf) for leaf in self.leaves))

    @cached_property
    def examples(self) -> tuple[dict[str, Any], ...]:
        """The mappings that code cells assign as examples."""
        return tuple(chain.from_iterable(_dicts(cell) for cell in self.code))

    @cached_property
    def manifests(self) -> tuple[str, ...]:
        """The manifests that the code cells show to the cluster."""
        return tuple(m[1] for cell in self.code for m in _ADMIT.finditer(cell))

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The numbers of the printed manifest's lines."""
        return tuple(int(m[1]) for m in _LINE.finditer("\n\n".join(self.markdown)))

    def column(self, heading: str) -> tuple[str, ...]:
        """Return the cells of a table's column by its heading, without Markdown marks; empty if no table has it."""
        for heads, *rows in self.tables:
            if heading in heads:
                at = heads.index(heading)
                return tuple(row[at].strip("`* ") for row in rows)
        return ()

    def figures(self, leaf: Leaf) -> tuple[str, ...]:
        """Return the figures and words of those table rows whose first cell shares a word with the field's path."""
        sought = {part for name in leaf for part in re.findall(r"[a-z]+", str(name).casefold())}
        rows = (
            row for table in self.tables for row in table[1:] if sought & {*re.findall(r"[a-z]+", row[0].casefold())}
        )
        return tuple(dict.fromkeys(next(filter(None, m)) for row in rows for m in _FIGURE.findall(" | ".join(row[1:]))))

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names in the form, and of the exercise."""
        return frozenset({*(str(name) for leaf in self.leaves for name in leaf), *_keys(self.form), self.exercise})

    def _side_by_side(self) -> list[list[str]]:
        cells = [_words(cell) for table in self.tables for row in table[1:] for cell in row[1:]]
        columns = [[w for row in table[1:] for w in _words(row[0])] for table in self.tables]
        prose = re.sub(r"^\|.*$", "", _FENCE.sub("\n\n", self.own), flags=re.MULTILINE)
        return [*cells, *columns, *(_words(sentence) for sentence in _SENTENCE.split(prose))]


def printed(exercise: Exercise[Any, Any], notebook: Notebook) -> Printed:
    """Return the texts that a notebook prints above an exercise's answer cell.

    They include the exercise's ``prints`` that are further up.
    """
    above: list[Any] = []
    for cell in notebook["cells"]:
        if grade_id(cell) == f"{exercise.name}{ANSWER}":
            break
        above = [] if grade_id(cell) else [*above, cell]
    markdown = tuple(source(cell) for cell in above if cell["cell_type"] == "markdown")
    further_up = [said for said in exercise.prints() if said not in "\n\n".join(markdown)]
    words = " · ".join(said for said in further_up if "\n" not in said)
    return Printed(
        exercise.name,
        tuple(filter(None, (*markdown, *(said for said in further_up if "\n" in said), words))),
        tuple(source(cell) for cell in above if cell["cell_type"] == "code"),
    )


def blanks(data: Any, above: Leaf = ()) -> list[Leaf]:
    """Return the paths of a form's blank fields: empty, or dots."""
    if isinstance(data, dict):
        return [leaf for name, value in data.items() for leaf in blanks(value, (*above, name))]
    if isinstance(data, list):
        return [leaf for at, value in enumerate(data) for leaf in blanks(value, (*above, at))]
    return [above] if above and (data is None or data in ("", "...", "…")) else []


def _values(data: Any) -> int:
    """Count the values, including blank ones."""
    below = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return sum(map(_values, below)) if below else 1


def field_of(leaf: Leaf) -> str:
    """Return the field's name, or ``*`` if the item is itself the field."""
    return str(leaf[-1]) if len(leaf) > 1 else "*"


def _read(block: str) -> Any:
    """Return a block as data, without lines of dots only, or None if it isn't YAML."""
    try:
        return yaml.safe_load(re.sub(r"^\s*(- )?(\.\.\.|…)\s*$", "", block, flags=re.MULTILINE))
    except yaml.YAMLError:
        return None


def _keys(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [key for name, value in data.items() for key in (str(name), *_keys(value))]
    return [key for value in data for key in _keys(value)] if isinstance(data, list) else []


def _cells(line: str) -> Row:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _words(text: str) -> list[str]:
    return [w for w in _CODE.findall(text) if len(w) <= WORD_CHARACTERS and _WORD.fullmatch(w)]


def _dicts(code: str) -> list[dict[str, Any]]:
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a line for IPython
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            try:
                found.append(ast.literal_eval(node.value))
            except ValueError:  # it is computed, not a literal
                continue
    return found
