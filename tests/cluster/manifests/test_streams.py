"""A file is split into documents as kubectl splits it, and reading ends where kubectl's does."""

from __future__ import annotations

import pytest

from cluster.manifests.bounds import FILE
from cluster.manifests.documents import Document, Unread, read, read_each
from cluster.manifests.streams import parts
from tests.cluster.manifests.refusals import refusal

A, B = '{"a":1}', '{"b":2}'

DOCUMENTS: list[tuple[str, list[object]]] = [
    ("a: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
    ("---\na: 1\n---\n---\n# nothing\n---\nnull\n--- # b\nb: 2\n---\n", [{"a": 1}, {"b": 2}]),
    ("a: 1\r\n---\r\nb: 2\r\n", [{"a": 1}, {"b": 2}]),
    ("a: 1\n ---\n", [{"a": "1 ---"}]),
    (f"{A}\n{B}\n", [{"a": 1}, {"b": 2}]),
    (f"{A}{B}", [{"a": 1}, {"b": 2}]),
    (f"\n\n  {A}  {B}\n\n", [{"a": 1}, {"b": 2}]),
    ('{\n  "a": [\n    1\n  ]\n}\n{\n  "b": 2\n}\n', [{"a": [1]}, {"b": 2}]),
    (f"{A}\n---\n{B}\n", [{"a": 1}, {"b": 2}]),
    (f"{A}\n---\nb: 2\n---\nc: 3\n", [{"a": 1}, {"b": 2}, {"c": 3}]),
    (f"{A}\nb: 2\n", [{"a": 1}, {"b": 2}]),
    (f"{A} null {B}", [{"a": 1}, {"b": 2}]),
    ("{a: 1}\n", [{"a": 1}]),
    ("{a: 1}\n---\n{b: 2}\n", [{"a": 1}, {"b": 2}]),
    ('{"a": 1,}', [{"a": 1}]),
    ('{"a": "\\/\\ud83d\\ude00"}', [{"a": "/😀"}]),
    ('{"a":\t"x\u2028y"}', [{"a": "x\u2028y"}]),
    ('{"a": 1.0, "b": 1e2}', [{"a": 1, "b": 100}]),
]

GIVEN_UP = [
    ("--- {a: 1}", [], "invalid Yaml document separator: {a: 1}", 1),
    ("a: 1\n---\nb: 2\n--- text\nc: 3\n---\nd: 4\n", [{"a": 1}], "invalid Yaml document separator: text", 4),
    ("a: 1\n------\nb: 2\n", [], "invalid Yaml document separator: ---", 2),
    ("a: 1\n---\tb: 2\n", [], "invalid Yaml document separator: b: 2", 2),
    (f"{A}\n{B}\n---\nc: 3\n", [{"a": 1}, {"b": 2}], "invalid character '-' in numeric literal", 3),
    (f"{A}\n{B}\nc: 3\n", [{"a": 1}, {"b": 2}], "invalid character 'c' looking for beginning of value", 3),
    (f'{A}\n{B}\n{{"c":\n', [{"a": 1}, {"b": 2}], "unexpected EOF", 4),
    (f"{A}\n{B},\n{A}\n", [{"a": 1}, {"b": 2}], "invalid character ',' looking for beginning of value", 2),
]


@pytest.mark.parametrize(("text", "values"), DOCUMENTS)
def test_documents(text: str, values: list[object]) -> None:
    """Each document that kubectl reads is read, in YAML, in JSON and in both."""
    assert [one.data if isinstance(one, Document) else one for one in read_each(text, FILE)] == values
    assert [one.data for one in read(text)] == values


@pytest.mark.parametrize(("text", "values", "words", "line"), GIVEN_UP)
def test_given_up(text: str, values: list[object], words: str, line: int) -> None:
    """If kubectl stops, the documents above were read, and one error with the line stands for everything below."""
    *good, bad = read_each(text, FILE)
    assert [one.data for one in good if isinstance(one, Document)] == values
    assert isinstance(bad, Unread)
    assert (str(bad.error.__cause__), bad.error.line, bad.index) == (words, line, len(good))
    assert bad.error.problem
    assert bad.error.hint
    assert refusal(text).problem == bad.error.problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("%YAML 1.1\n---\na: 1\n", "line 1: did not find expected <document start>"),
        ("# c\n\n%YAML 1.1\n---\na: 1\n", "line 1: did not find expected <document start>"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", "line 1: did not find expected <document start>"),
        ("%YAML 1.2\n---\na: 1\n", "found incompatible YAML document"),
        ("b: 2\n---\n%YAML 1.2\n---\na: 1\n", "found incompatible YAML document"),
    ],
)
def test_directives(text: str, words: str) -> None:
    """A directive is separated from its document by the --- between them, and is refused."""
    bad = next(one for one in read_each(text, FILE) if isinstance(one, Unread))
    assert str(bad.error.__cause__) == words
    assert bad.error.line == text[: text.index("%")].count("\n") + 1
    assert "%" in bad.error.source_line
    assert "directive" not in bad.error.problem  # a technical word of YAML
    assert refusal(text).problem == bad.error.problem


def test_one_that_cannot_be_read() -> None:
    """An unreadable document doesn't affect the documents above and below it, and its lines are the file's lines."""
    first, bad, last = read_each("a: 1\n---\nb: [\n---\nc: 3\n", FILE)
    assert isinstance(bad, Unread)
    assert (bad.index, bad.error.line) == (1, 3)
    assert isinstance(last, Document)
    assert (last.index, last.line("c"), last.source) == (2, 5, "c: 3\n")
    assert isinstance(first, Document)


def test_lines_of_a_stream() -> None:
    """JSON values have lines, also after the first value; a text that YAML can't read has at least its first line."""
    first, second, third = read_each('{"a": 1}\n{"b":\n {"c": [1,\n 2]}}\n\n{"d": "\\ud83d\\ude00"}', FILE)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert isinstance(third, Document)
    assert (first.line("a"), second.line("b", "c", 1), third.line("d"), third.line()) == (1, 4, 6, 6)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a: 1\nb: 2\n", 2),
        ("{a: 1}{b: 2}\n", 1),
        ("a: 1\n...\nb: 2\n", 2),
        ("x: 1\n---\n  a: 1\nb: 2\n---\nc: 3\n", 4),
    ],
)
def test_passed_over(text: str, line: int) -> None:
    """kubectl ignores text below a document in its own part; in an answer, that text is a mistake."""
    rests = [one.rest for one in read_each(text, FILE) if isinstance(one, Document)]
    (rest,) = [one for one in rests if one is not None]
    assert rest.line == line
    assert refusal(text).problem == rest.problem


def test_parts_say_what_stands_above() -> None:
    """Lines are counted as an editor counts them, with any line ends."""
    assert [(part.text, part.above) for part in parts("a\r\n---\r\nb\r---\nc\u2028d\n---\ne")] == [
        ("a\r\n", 0), ("b\r---\nc\u2028d\n", 2), ("e", 7),
    ]  # fmt: skip
