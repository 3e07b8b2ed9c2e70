"""The errors of a text that can't be read as a manifest, as the learner sees them.

The parser's own error is ``__cause__``, for callers that answer in the API server's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from cluster.errors import AnswerError, LimitError
from cluster.limits import LABEL_CHARACTERS
from cluster.manifests import yaml_slips
from cluster.manifests.bounds import Bounds
from cluster.manifests.streams import BREAK as _BREAK

_OPEN_QUOTE = "found unexpected end of stream"

_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed", "There is a colon where YAML expects none.",
        "If the value contains “: ”, put it in quotes. Else check the indentation of this line and the line above.",
    ),
    (
        "could not find expected ':'", "A line has no colon.",
        "Put a colon and a space after the name. If the value is a text over several lines, put it in quotes.",
    ),
    (
        "did not find expected <document start>",
        "A line begins further left than the first line.",
        "Begin all names of the top level in the first column. In a manifest these are apiVersion, kind, metadata and spec.",
    ),
    (
        "did not find expected key", "The indentation changes in the middle of a block.",
        "Begin all names of a block in the same column: compare this line with the lines above it.",
    ),
    (
        "did not find expected '-' indicator", "The indentation changes in the middle of a list.",
        "Begin all entries of a list with “- ” in the same column. Indent the lines of an entry by two more spaces.",
    ),
    (
        "block sequence entries are not allowed", "A list can't begin on the line of its name.",
        "Put each entry “- ” on its own line below the name.",
    ),
    (
        "did not find expected ',' or", "A bracket or brace isn't closed, or a comma is missing.",
        "Look for the last { or [ before this line.",
    ),
    (
        "did not find expected node content", "A value is missing after a bracket, a brace or a comma.",
        "Write the value, or close the last { or [.",
    ),
    (
        _OPEN_QUOTE, "A quote isn't closed.",
        "Add the missing quote at the end of the value.",
    ),
    (
        "found character that cannot start any token", "A value begins with a character that has a special meaning in YAML.",
        "Put the value in quotes.",
    ),
    ("found unknown escape character", "In double quotes, YAML doesn't know this character after a backslash.",
     "Use single quotes, or write the backslash twice."),
    ("did not find expected alphabetic or numeric", "In YAML, a value can't begin with * or & without quotes.",
     "Put the whole value in quotes."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """The part of a text with a document, the number of lines above it, and the text's bounds."""

    text: str
    above: int
    bounds: Bounds

    def source(self, line: int) -> str:
        """Return a written line; lines count from 1 in the whole text."""
        return _line(self.text, line - self.above)


def worded(error: Exception, place: DocumentPlace) -> AnswerError:
    """Return the parser's error in words for a learner."""
    found = _worded(error, place)
    found.__cause__ = found.__cause__ or error
    return found


def _worded(error: Exception, place: DocumentPlace) -> AnswerError:
    if isinstance(error, UnicodeEncodeError):
        return AnswerError(
            f"{place.bounds.what} has a character that no text file can have (half of a surrogate pair).",
            "Delete it and type it again.",
        )
    text, above = place.text, place.above
    if isinstance(error, yaml.reader.ReaderError):
        return _control_character(place)
    problem = str(getattr(error, "problem", None) or error)
    # For an unclosed quote, the line where it was opened is more useful than the end of the text.
    marks = ("context_mark", "problem_mark") if _OPEN_QUOTE in problem else ("problem_mark", "context_mark")
    mark = next((mark for name in marks if (mark := getattr(error, name, None)) is not None), None)
    line, column = _last_written(text, mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    written = _line(text, line)
    if "\t" in written[: len(written) - len(written.lstrip())] or "\t" in written[column - 1 : column]:
        column = written.index("\t") + 1
        return AnswerError(
            f"Line {above + line} has a tab; YAML indents with spaces only.", "Replace each tab with spaces: two for each level.",
            line=above + line, column=column, source_line=written,
        )  # fmt: skip
    if directive := _DIRECTIVE.match(text):
        return _directive(directive, place)
    if slip := _slip_nearby(place, line, keys=any(words in problem for words in _OF_KEYS)):
        return slip
    if slip := _slip_above(error, problem, place):
        return slip
    line += above
    for words, ours, hint in _PROBLEMS:
        if words in problem:
            stopped = "It begins in" if words == _OPEN_QUOTE else "Reading stopped at"
            return AnswerError(f"{ours} {stopped} line {line}.", hint, line=line, column=column, source_line=written)
    return AnswerError(
        f"This isn't YAML: {problem[:LABEL_CHARACTERS]} (line {line}, column {column}).",
        "Compare the line with the one above it: indentation, quotes, brackets.",
        line=line, column=column, source_line=written,
    )  # fmt: skip


def _slip_above(error: Exception, problem: str, place: DocumentPlace) -> AnswerError | None:
    """Return a mistake that is in another line than the stop, or that the parser can't describe."""
    at, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if at is None:
        return None
    stop = yaml_slips.Stop(
        problem, at.line + 1, at.column + 1, *((began.line + 1, began.column + 1) if began is not None else ())
    )
    lines = _BREAK.split(place.text)
    found = yaml_slips.slip(lines, stop)
    if found is None:
        return None
    return _named(place.above + found.line, lines[found.line - 1], (found.problem, found.hint, found.column))


_DIRECTIVE = re.compile(r"(?:[ \t]*+(?:#[^\n]*+)?\n)*+(%[A-Z]+)(?:[ \t]++([^\s#]++))?")
_READ_VERSION = "1.1"


def _directive(found: re.Match[str], place: DocumentPlace) -> AnswerError:
    """Return the error for a YAML directive above its ---: kubectl cuts the text there."""
    line = place.above + place.text.count("\n", 0, found.start(1)) + 1
    error = AnswerError(
        f"Line {line} begins with {found[1][:LABEL_CHARACTERS]}, which kubectl can't read: for kubectl, the next --- ends the document.",
        "Delete the line; kubectl reads YAML 1.1.", line=line, column=1, source_line=place.source(line),
    )  # fmt: skip
    other = found[1] == "%YAML" and found[2] != _READ_VERSION
    words = "found incompatible YAML document" if other else "line 1: did not find expected <document start>"
    error.__cause__ = yaml.YAMLError(words)
    return error


_OF_KEYS = ("mapping values are not allowed", "could not find expected ':'", "did not find expected key")
_NEARBY = 3
"""How many written lines upwards from where reading stopped may contain the mistake."""


Slip = tuple[str, str, int]
"""The problem of a line, the hint, and the column, from 1."""


def _slip_nearby(place: DocumentPlace, line: int, *, keys: bool) -> AnswerError | None:
    """Return the mistake that the parser noticed only further down, because it read such a line as a continued text.

    ``line`` counts from the document's beginning. A missing space is searched only if the parser missed a key
    (``keys``): otherwise ``nginx:1.25`` is a plain text.
    """
    lines = _BREAK.split(place.text)[:line]
    written = [(number, one) for number, one in enumerate(lines, place.above + 1) if one.strip()]
    if keys and len(written) > 1:
        (above, name), (_, below) = written[-2:]
        if (bare := _NAME.fullmatch(name)) and len(below) - len(below.lstrip()) > len(bare[1]):
            problem = f"a colon is missing after “{bare[2]}”"
            return _named(above, name, (problem, f"Write “{bare[2]}:”.", len(name.rstrip()) + 1))
    for number, whole in reversed(written[-_NEARBY:]):
        if found := _slip(whole[:LABEL_CHARACTERS], keys=keys):
            return _named(number, whole, found)
    return None


def strange_beginning(text: str) -> AnswerError | None:
    """Return the error for the first line that begins with a character that YAML reads as a letter: an unusual space, dash or colon."""
    for number, whole in enumerate(_BREAK.split(text.removeprefix("\ufeff")), 1):
        line = whole[:LABEL_CHARACTERS]
        if any(sign.match(_COMMENT.sub("", line)) for sign in _BEGINNINGS) and (found := _strange(line)):
            return _named(number, whole, found)
    return None


def strange_sign(text: str) -> AnswerError | None:
    """Return the error for the first line with a lookalike of a YAML character, or with template syntax."""
    for number, whole in enumerate(_BREAK.split(text.removeprefix("\ufeff")), 1):
        if found := _strange(whole[:LABEL_CHARACTERS]):
            return _named(number, whole, found)
    return None


def _named(number: int, whole: str, slip: Slip) -> AnswerError:
    problem, hint, column = slip
    return AnswerError(
        f"In line {number} {problem}.", hint, line=number, column=column, source_line=whole[:LABEL_CHARACTERS]
    )


def _slip(line: str, *, keys: bool) -> Slip | None:
    bare = line.strip()
    column = len(line) - len(line.lstrip()) + 1
    if bare in {"...", "…"}:
        return "the form's placeholder is still there", "Replace it with your own lines, or delete it.", column
    if bare.startswith("```"):
        return "there is ```, which is formatting of the page that you copied", "Delete that line.", column
    if strange := _strange(line):
        return strange
    if tight := _TIGHT_DASH.match(line):
        return "a dash has no space after it", f"Put a space after the dash: “- {tight[1].strip()}”.", column
    if keys and (pair := yaml_slips.tight(bare.removeprefix("- "))):
        return "a colon has no space after it", f"Put a space after the colon: “{pair[0]}: {pair[1]}”.", column
    return None


_TIGHT_DASH = re.compile(r"\s*-([A-Za-z].{0,60})")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_BLANKS = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_NO_PLAIN_BLANK = re.compile(rf"(?:^[\s-]*?|[:,\[{{]\s*?)([{_BLANKS}])")
_LONG_DASH = re.compile(r"\s*([\u2010-\u2015\u2212\ufe58\uff0d\u2022\u00b7])\s*(\S.{0,60})")
_WIDE_COLON = re.compile(r"\s*(?:- )?[^\s:\"'#]{1,62}\s*([\uff1a\ufe55\ua789])")
_CURLY = re.compile(r"(?:^|[\s:,\[{-])([\u201c\u201d\u201e\u2018\u2019\u201a\u00ab])\S")
_BEGINNINGS = (re.compile(rf"[ \t-]*[{_BLANKS}]"), _LONG_DASH, _WIDE_COLON)
_NAME = re.compile(r"(\s*(?:- )?)([A-Za-z][\w.-]{0,62})\s*")
_TEMPLATE = re.compile(r"(\{\{)")
_SEPARATOR = re.compile(r"---[ \t]+([^\s#]).*")


def _strange(line: str) -> Slip | None:
    """Return the lookalike of a YAML character, or the template syntax, in a line; comments are ignored."""
    bare = _COMMENT.sub("", line)
    if found := _TEMPLATE.search(bare):
        problem = "there is {{, so this is a Helm template and not YAML"
        hint = "Replace {{ … }} with the value, or render the template first (helm template)."
    elif found := _SEPARATOR.match(bare):
        problem = "there is text after ---"
        hint = "Delete the text, or put # before it: --- needs its own line."
    elif found := _NO_PLAIN_BLANK.search(bare):
        what = "no-break space" if found[1] in _NO_BREAK else "special space"
        problem = f"a {what} (U+{ord(found[1]):04X}) isn't a plain space"
        hint = "Delete that space and type it again."
    elif found := _LONG_DASH.match(bare):
        problem = f"the dash is “{found[1]}”; a list in YAML has the plain dash -"
        hint = f"Write “- {found[2].strip()}”."
    elif found := _WIDE_COLON.match(bare):
        problem = f"the colon is “{found[1]}”; YAML has the plain colon :"
        hint = "Write a plain colon and a space after the name."
    elif found := _CURLY.search(bare):
        problem = f"there is a curly quote ( {found[1]} ); YAML's quotes are straight"
        hint = "Write \" or ', or leave out the quotes."
    else:
        return None
    return problem, hint, found.start(1) + 1


_NO_BREAK = "\u00a0\u202f\u2060\ufeff"


_REFUSED = {
    "anchor": "*name repeats a block that is marked with &name above. If the star is part of the value, put the value in quotes.",
    "merge": "After << write a block of names and values, or *name for a block that is marked with &name.",
    "json": "Put the value in quotes if you mean text.",
    "base64": "Write the text itself, without the tag !!binary.",
}


def refused(words: str, line: int, place: DocumentPlace) -> AnswerError:
    """Return the error for a text that go-yaml refuses after parsing, in its words."""
    error = AnswerError(
        f"Line {line} can't be read: {words}.",
        next((hint for word, hint in _REFUSED.items() if word in words), "Remove the tag, or write a value that fits it."),
        line=line, source_line=place.source(line),
    )  # fmt: skip
    error.__cause__ = yaml.YAMLError(words)
    return error


def bad_key(line: int, place: DocumentPlace) -> AnswerError:
    """Return the error for a key that is empty, a list or a mapping."""
    if slip := _slip_nearby(place, line - place.above, keys=False):
        slip.__cause__ = yaml.YAMLError("invalid map key")
        return slip
    error = AnswerError(
        f"In line {line} there is no name before the colon.",
        "Write a name, a colon, a space, and the value.",
        line=line, source_line=place.source(line),
    )  # fmt: skip
    error.__cause__ = yaml.YAMLError("invalid map key")
    return error


def python_object(tag: str, line: int, column: int, place: DocumentPlace) -> AnswerError:
    """Return the error for a tag of a Python object."""
    name = tag.rpartition(":python/")[2][:40]
    return AnswerError(
        f"Line {line} asks for a Python object (!!python/{name}); a manifest has only plain values.",
        "Remove the tag, and write the value itself.",
        line=line, column=column, source_line=place.source(line),
    )  # fmt: skip


class StreamError(yaml.YAMLError):
    """An error of kubectl before it reads YAML; the text is its own message."""


def broken_stream(problem: str, line: int, place: DocumentPlace) -> AnswerError:
    """Return the error for a separator with text on its line, or for a broken stream of JSON; ``problem`` is kubectl's message."""
    source = place.source(line)
    if strange := _strange(source[:LABEL_CHARACTERS]):
        error = _named(line, source, strange)
    elif "separator" in problem:
        error = AnswerError(
            f"In line {line} there is text after ---.", "Put --- on its own line.", line=line, source_line=source
        )
    else:
        error = AnswerError(
            f"In line {line} the stream of JSON can't be read further: {problem}.",
            "Write one JSON object after the other; --- doesn't belong between them.",
            line=line, source_line=source,
        )  # fmt: skip
    error.__cause__ = StreamError(problem)
    return error


def second_document(line: int, place: DocumentPlace) -> AnswerError:
    """Return the error for text below three dots, which end a document."""
    return AnswerError(
        f"Line {line} and the lines below it aren't read: three dots above end the document.",
        "If another document begins there, replace the dots with ---. Otherwise delete them.",
        line=line, source_line=place.source(line),
    )  # fmt: skip


def too_large(text: str, bounds: Bounds) -> LimitError:
    """Return the error for too many bytes."""
    most = bounds.reads.format(f"{bounds.bytes // 1024:,} kB")
    return LimitError(f"{bounds.what} has {len(text) // 1024:,} kB; {most}.", bounds.smaller)


def too_many_documents(line: int, bounds: Bounds) -> LimitError:
    """Return the error for too many documents."""
    return LimitError(f"{bounds.what} has more than {bounds.documents:,} documents.", bounds.fewer, line=line)


def too_many_values(line: int, place: DocumentPlace) -> LimitError:
    """Return the error for too many values, aliases expanded."""
    error = LimitError(
        f"{place.bounds.what} grows to more than {place.bounds.nodes:,} values when each *name is written out.",
        "Repeat only a few blocks with &name and *name.",
        line=line, source_line=place.source(line),
    )  # fmt: skip
    error.__cause__ = yaml.YAMLError(EXCESSIVE)
    return error


def too_long_repeated(line: int, place: DocumentPlace) -> LimitError:
    """Return the error for too much text repeated by aliases."""
    return LimitError(
        f"{place.bounds.what} repeats more than {place.bounds.repeated:,} characters when each *name is written out.",
        "Repeat only a few blocks with &name and *name.",
        line=line, source_line=place.source(line),
    )  # fmt: skip


def too_many_aliases(line: int, place: DocumentPlace) -> AnswerError:
    """Return the error for a text that is almost only aliases; go-yaml refuses it, too."""
    error = AnswerError(
        f"{place.bounds.what} consists almost only of repetitions when each *name is written out.",
        "Repeat only a few blocks with &name and *name.",
        line=line, source_line=place.source(line),
    )  # fmt: skip
    error.__cause__ = yaml.YAMLError(EXCESSIVE)
    return error


EXCESSIVE = "document contains excessive aliasing"


def too_deep(line: int, place: DocumentPlace) -> LimitError:
    """Return the error for a document that nests too deep."""
    return LimitError(
        f"{place.bounds.what} nests more than {place.bounds.depth} levels deep.",
        "A manifest needs only about twelve.",
        line=line, source_line=place.source(line),
    )  # fmt: skip


def _last_written(text: str, line: int, column: int) -> tuple[int, int]:
    """Return the line and column where reading stopped, or if only blank lines follow, the end of the last written line."""
    lines = _BREAK.split(text)
    if line > len(lines) or not any(rest.strip() for rest in (lines[line - 1][column - 1 :], *lines[line:])):
        written = [number for number, one in enumerate(lines[:line], 1) if one.strip()]
        if written and written[-1] < line:
            return written[-1], len(lines[written[-1] - 1].rstrip()) + 1
    return line, column


def _control_character(place: DocumentPlace) -> AnswerError:
    text = place.text
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if found is None:
        return AnswerError(f"{place.bounds.what} has bytes that aren't text.", "Save it as UTF-8 text.")
    line = place.above + len(_BREAK.findall(text[: found.start()])) + 1
    written = place.source(line)
    return AnswerError(
        f"Line {line} has a control character (U+{ord(found[0]):04X}), which isn't text.",
        "Delete it, or paste the text again from a text editor.",
        line=line, column=max(written.find(found[0]), 0) + 1, source_line=written,
    )  # fmt: skip


def _line(text: str, line: int) -> str:
    lines = _BREAK.split(text)
    return lines[line - 1] if 0 < line <= len(lines) else ""
