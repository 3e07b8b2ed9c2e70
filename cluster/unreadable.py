"""Why a text can't be read as a manifest: each reason as the error that the learner sees.

The parser's own words go along as ``__cause__``, or as the error's ``server`` text, for whoever has to answer in the
API server's words.
"""

from __future__ import annotations

import re
from itertools import islice

import yaml

from cluster.errors import AnswerError
from cluster.limits import ANSWER_BYTES, LABEL_CHARACTERS, MANIFEST_DEPTH, MANIFEST_DOCUMENTS, MANIFEST_NODES

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")

_OPEN_QUOTE = "found unexpected end of stream"

_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed", "A colon stands where no key can be.",
        "Is the line above indented too little, or a value with “: ” in it not quoted?",
    ),
    (
        "could not find expected ':'", "A line looks like a key and has no colon after it.",
        "Put a colon and a space after the key; quote the value if it is text over several lines.",
    ),
    (
        "did not find expected <document start>",
        "A line stands further left than the manifest begins.",
        "Start every top-level key in the first column; a manifest's are apiVersion, kind, metadata and spec.",
    ),
    (
        "did not find expected key", "The indentation changes in the middle of a mapping.",
        "Keys of one mapping start in one column; compare this line with the ones above it.",
    ),
    (
        "did not find expected '-' indicator", "The indentation changes in the middle of a list.",
        "Entries of one list start with “- ” in one column; keys of an entry stand two columns further in.",
    ),
    (
        "block sequence entries are not allowed", "A list entry “- ” stands where a list can't begin.",
        "Put the list on lines of its own below its key.",
    ),
    (
        "did not find expected ',' or", "A bracket or brace isn't closed, or a comma is missing.",
        "Look for the { or [ that was opened last before this line.",
    ),
    (
        "did not find expected node content", "A value is missing after a bracket, a brace or a comma.",
        "Close the { or [ that was opened last, or write the value.",
    ),
    (
        _OPEN_QUOTE, "A quote isn't closed before the text ends.",
        "Look for its partner: the one that is missing belongs at the end of that value.",
    ),
    (
        "found character that cannot start any token", "A value starts with a character that YAML keeps for itself.",
        "Put the value in quotes.",
    ),
    ("found unknown escape character", "A backslash in double quotes is followed by a letter that means nothing.",
     "Use single quotes, or write the backslash twice."),
    ("did not find expected alphabetic or numeric", "A * or & stands without the name of an anchor.",
     "Put the value in quotes if the star belongs to it."),
)  # fmt: skip


def worded(error: Exception, text: str) -> AnswerError:
    """The parser's error in a learner's words."""
    if isinstance(error, UnicodeEncodeError):
        return AnswerError(
            "Your answer holds a character that no text file can hold (half of a pair).", "Delete it and type it again."
        )
    if isinstance(error, yaml.reader.ReaderError):
        return _control_character(text)
    problem = str(getattr(error, "problem", None) or error)
    # The end of the text says nothing of a quote that isn't closed; the line where it was opened does.
    marks = ("context_mark", "problem_mark") if _OPEN_QUOTE in problem else ("problem_mark", "context_mark")
    mark = next((mark for name in marks if (mark := getattr(error, name, None)) is not None), None)
    line, column = _last_written(text, mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    written = _line(text, line)
    if "\t" in written[: len(written) - len(written.lstrip())] or "\t" in written[column - 1 : column]:
        column = written.index("\t") + 1
        return AnswerError(
            f"Line {line} has a tab; YAML indents with spaces only.", "Replace each tab by spaces (two a level).",
            line=line, column=column, source_line=written,
        )  # fmt: skip
    if slip := _slip_nearby(text, line, keys=any(words in problem for words in _OF_KEYS)):
        return slip
    for words, ours, hint in _PROBLEMS:
        if words in problem:
            stopped = "It begins in" if words == _OPEN_QUOTE else "Reading stopped at"
            return AnswerError(f"{ours} {stopped} line {line}.", hint, line=line, column=column, source_line=written)
    return AnswerError(
        f"This isn't YAML: {problem[:LABEL_CHARACTERS]} (line {line}, column {column}).",
        "Compare the line with the one above it: indentation, quotes, brackets.",
        line=line, column=column, source_line=written,
    )  # fmt: skip


_TIGHT = re.compile(r"\s*(?:- )?([A-Za-z][\w.-]{0,62}):([^\s:/\"'].{0,60})")
"""A key whose value follows the colon without a blank, as in ``replicas:3``; an address has a slash there."""
_OF_KEYS = ("mapping values are not allowed", "could not find expected ':'", "did not find expected key")
_NEARBY = 3
"""How many written lines, from where reading stopped upwards, may hold the slip that stopped it."""


def _slip_nearby(text: str, line: int, *, keys: bool) -> AnswerError | None:
    """The slip that the parser only noticed further down: it takes such a line for a text that goes on.

    A missing blank is looked for only where the parser missed a key (``keys``): elsewhere ``nginx:1.25`` is a plain text.
    """
    lines = _BREAK.split(text)[:line]
    written = (
        (number, one) for number, one in zip(range(len(lines), 0, -1), reversed(lines), strict=True) if one.strip()
    )
    for number, whole in islice(written, _NEARBY):
        one = whole[:LABEL_CHARACTERS]
        if slip := _slip(one, keys=keys):
            problem, hint = slip
            column = len(one) - len(one.lstrip()) + 1
            return AnswerError(f"In line {number} {problem}.", hint, line=number, column=column, source_line=one)
    return None


def _slip(line: str, *, keys: bool) -> tuple[str, str] | None:
    bare = line.strip()
    if bare in {"...", "…"}:
        return "the dots of the form are still there", "Write your own lines in their place, or delete them."
    if bare.startswith("```"):
        return "there is ```, which belongs to the page that this was copied from", "Delete that line."
    if keys and (tight := _TIGHT.fullmatch(line)):
        key, value = tight[1], tight[2].strip()
        return "a colon has no blank after it", f"Put a blank between colon and value: “{key}: {value}”."
    return None


_REFUSED = {
    "anchor": "An alias (*name) needs its anchor (&name) above it.",
    "merge": "After << comes a mapping or its alias.",
    "json": "Put the value in quotes if you mean text.",
    "base64": "Write the text itself, without the tag !!binary.",
}


def refused(words: str, line: int, text: str) -> AnswerError:
    """What go-yaml refuses after parsing, in its words."""
    error = AnswerError(
        f"Line {line} can't be read: {words}.",
        next((hint for word, hint in _REFUSED.items() if word in words), "Remove the tag, or write a value that fits it."),
        line=line, source_line=_line(text, line),
    )  # fmt: skip
    error.__cause__ = yaml.YAMLError(words)
    return error


def bad_key(line: int, text: str) -> AnswerError:
    """A key that is empty, a list or a mapping."""
    error = AnswerError(
        f"A key in line {line} is empty, a list or a mapping; keys are words.",
        "If you meant a placeholder such as {{ name }}, put it in quotes.",
        line=line, source_line=_line(text, line),
    )  # fmt: skip
    error.__cause__ = yaml.YAMLError("invalid map key")
    return error


def python_object(tag: str, line: int, column: int, text: str) -> AnswerError:
    """A tag that asks for a Python object."""
    name = tag.rpartition(":python/")[2][:40]
    return AnswerError(
        f"Line {line} asks for a Python object (!!python/{name}); a manifest holds plain values only.",
        "Remove the tag and write the value itself.",
        line=line, column=column, source_line=_line(text, line),
    )  # fmt: skip


def too_large(text: str) -> AnswerError:
    """More bytes than an answer may have."""
    return AnswerError(
        f"Your answer has {len(text) // 1024} kB; at most {ANSWER_BYTES // 1024} kB are read.",
        "Keep the answer alone in its cell.",
    )


def too_many_documents(line: int) -> AnswerError:
    """More documents than an answer may have."""
    return AnswerError(
        f"Your answer has more than {MANIFEST_DOCUMENTS} documents.",
        "Keep those that the exercise asks for.",
        line=line,
    )


def too_many_values(line: int, text: str) -> AnswerError:
    """More values than an answer may have, aliases expanded."""
    error = AnswerError(
        f"Your answer grows to more than {MANIFEST_NODES:,} values once its aliases are written out.",
        "Use anchors and aliases for a few repeated blocks only.",
        line=line, source_line=_line(text, line),
    )  # fmt: skip
    error.__cause__ = yaml.YAMLError("document contains excessive aliasing")
    return error


def too_deep(line: int, text: str) -> AnswerError:
    """Deeper than a document may nest."""
    return AnswerError(
        f"Your answer nests more than {MANIFEST_DEPTH} levels deep.", "Even a manifest needs only about twelve.",
        line=line, source_line=_line(text, line),
    )  # fmt: skip


def _last_written(text: str, line: int, column: int) -> tuple[int, int]:
    """The line and column where reading stopped; where only blank lines are left, the end of the last written one."""
    lines = _BREAK.split(text)
    if line > len(lines) or not any(rest.strip() for rest in (lines[line - 1][column - 1 :], *lines[line:])):
        written = [number for number, one in enumerate(lines[:line], 1) if one.strip()]
        if written and written[-1] < line:
            return written[-1], len(lines[written[-1] - 1].rstrip()) + 1
    return line, column


def _control_character(text: str) -> AnswerError:
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if found is None:
        return AnswerError("Your answer holds bytes that are no text.", "Save it as UTF-8 text.")
    line = len(_BREAK.findall(text[: found.start()])) + 1
    written = _line(text, line)
    return AnswerError(
        f"Line {line} holds a control character (U+{ord(found[0]):04X}); that is no text.",
        "Delete it, or paste the text anew from a text editor.",
        line=line, column=max(written.find(found[0]), 0) + 1, source_line=written,
    )  # fmt: skip


def _line(text: str, line: int) -> str:
    lines = _BREAK.split(text)
    return lines[line - 1] if 0 < line <= len(lines) else ""
