"""Choices are read strictly and within bounds, and every error has the learner's line."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.errors import AnswerError
from cluster.limits import ANSWER_BYTES, CHOICES_ITEMS, MANIFEST_DEPTH
from graders.families.manifest.documents import is_started
from graders.reading.choices import parse

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)
)


def refused(text: str) -> AnswerError:
    with pytest.raises(AnswerError) as raised:
        parse(text)
    return raised.value


def test_items_and_lines() -> None:
    """Items keep the learner's order, and each field its line."""
    read = parse("# mine\ntwo:\n  choose: a\n  because: [b, c]\none: d\n")
    assert dict(read.items) == {"two": {"choose": "a", "because": ["b", "c"]}, "one": "d"}
    assert (read.line("two"), read.line("two", "because"), read.line("one")) == (2, 4, 5)
    assert read.kept == "two, one"


def test_many_items_are_told_in_short() -> None:
    """Of many items only the first few are named."""
    assert parse("{a: 1, b: 2, c: 3, d: 4, e: 5}").kept == "a, b, c and 2 more"


@pytest.mark.parametrize(
    ("text", "said", "line", "column"),
    [
        ("one:\n  choose: a\none:\n  choose: b", "“one” is written twice, on lines 1 and 3", 3, 0),
        ("one:\n  choose: a\n  choose: b", "“choose” of “one” is written twice, on lines 2 and 3", 3, 0),
        ("one: choose: a", "There is a colon where YAML expects none.", 1, 12),
        ("one: [a", "In line 1 the [ isn't closed.", 1, 6),
        ("one:\n\tchoose: a", "Line 2 has a tab", 2, 1),
        ("one: 'a\ntwo: b", "It begins in line 1.", 1, 6),
        ("- one\n- two", "Your answer is a list.", 1, 0),
        ("monolith", "Your answer is plain text.", 1, 0),
        ("7", "Your answer is plain text.", 1, 0),
        ("one: a\n---\ntwo: b", "Your answer has 2 documents", 3, 0),
        ("? [a, b]\n: c", "no name before the colon", 1, 0),
        ("one: !!python/object/apply:os.system [ls]", "asks for a Python object", 1, 6),
        ("one: *two", "unknown anchor", 1, 0),
    ],
)
def test_refused_on_its_line(text: str, said: str, line: int, column: int) -> None:
    """An unreadable answer gives an error with the line number, the column if known, and the line."""
    error = refused(text)
    assert said in error.problem
    assert (error.line, error.column) == (line, column)
    assert error.source_line == text.splitlines()[line - 1]
    assert error.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: " + "x" * ANSWER_BYTES, "at most 256 kB are read"),
        ("".join(f"item{n}: a\n" for n in range(CHOICES_ITEMS + 1)), f"at most {CHOICES_ITEMS} are read"),
        (BOMB, "written out"),
        ("a: " + "[" * 100 + "]" * 100, f"more than {MANIFEST_DEPTH} levels deep"),
        ("a: \x00", "control character"),
        ("# nothing but a comment", "Your answer is empty"),
    ],
    ids=["long", "many items", "alias bomb", "deep", "control character", "comment"],
)
def test_bounds(text: str, said: str) -> None:
    """An answer beyond the bounds gives an error that names the bound."""
    assert said in refused(text).problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# your answer here", False),
        ("", False),
        ("---\n", False),
        ("one:\n  choose:\n  because:\ntwo:\n", False),
        ("one:\n  choose: ''\n  because: []\n", False),
        ("one:\n  choose:\n  because: [a]\n", True),
        ("one: a", True),
        ("one: false", True),
        ("one: 0", True),
        ("- a", True),
        ("one: [", True),
        ("# only\n\t# comments", False),
    ],
)
def test_begun(text: str, expected: bool) -> None:
    """A blank form isn't started; a form with any choice or an unreadable text is."""
    assert is_started(text) is expected


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(["a", ":", " ", "\n", "-", "[", "{", "&x", "*x", "'", "\t", "|", "?", "!!set", "<<"])
    ).map("".join)
)
def test_nothing_escapes(text: str) -> None:
    """Any text is read or gives an AnswerError, and is_started never fails."""
    is_started(text)
    with suppress(AnswerError):
        assert isinstance(parse(text).items, dict)
