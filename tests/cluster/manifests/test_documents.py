"""Reading manifests as the API server reads them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster import limits
from cluster.errors import AnswerError
from cluster.manifests.documents import Document, read
from tests.cluster.manifests.refusals import refusal


def only(text: str) -> Document:
    (document,) = read(text)
    return document


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", True), ("Off", False), ("n", False), ("Y", True), ("tRUE", "tRUE"), ("~", None), ("Null", None),
        ("010", 8), ("0o10", 8), ("0x1F", 31), ("0b11", 3), ("1_0", 10), ("+3", 3), ("-0x1", -1), ("08", 8),
        ("1e3", 1000), (".5", 0.5), ("5.", 5), ("3.0", 3), ("1e-7", 1e-7), ("0.1", 0.1),
        ("1:30", "1:30"), ("2001-01-01", "2001-01-01"), ("0xg", "0xg"), ("=", "="), ("1e999", "1e999"),
        ("18446744073709551615", 2**64 - 1), ("18446744073709551616", 18446744073709552000),
        ("'3'", "3"), ('"yes"', "yes"), ("!!str 5", "5"), ("!!int '5'", 5), ("!!float 3", 3), ("!!binary Yw==", "c"),
        ("!anything 5", "5"), ("|\n  two\n  lines", "two\nlines\n"),
    ],
)  # fmt: skip
def test_scalars(written: str, value: object) -> None:
    """A scalar has go-yaml's value, not PyYAML's."""
    found = only(f"key: {written}\n").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_keys_become_strings() -> None:
    """Keys are strings, as in JSON, whatever they look like."""
    assert only("1: a\nyes: b\n1.5: c\n1e22: d\n").data == {"1": "a", "true": "b", "1.5": "c", "1e+22": "d"}


def test_lines() -> None:
    """Every path has its line; a missing path has the line of its nearest ancestor."""
    document = only("a:\n  b:\n    - c: 1\n    - d\nflow: {x: 1,\n  z: [2,\n 3]}\n")
    assert document.line("a") == 1
    assert document.line("a", "b", 0, "c") == 3
    assert document.line("a", "b", 1) == 4
    assert document.line("a", "b", 1, "missing", "deeper") == 4
    assert document.line("flow", "z", 1) == 7
    assert document.line("nowhere") == 1


def test_documents() -> None:
    """Empty documents aren't counted, and comments alone are no document."""
    documents = read("# a comment\n---\n---\nkind: A\n---\n# nothing\n---\nkind: B\n...\n")
    assert [(d.index, d.data["kind"], d.line("kind")) for d in documents] == [(0, "A", 4), (1, "B", 8)]
    assert read("") == read("# only a comment\n") == read("---\n---\n") == ()


def test_json() -> None:
    """JSON is read as YAML, also with tabs."""
    assert only('{\n\t"a": [1, 2.5, null, true, "x"]\n}').data == {"a": [1, 2.5, None, True, "x"]}


def test_aliases_and_merges() -> None:
    """Aliases are expanded; a merge adds keys at its place, and later keys replace them without being duplicates."""
    document = only(
        "base: &base {path: /a, port: 1}\nlist: [*base]\nmerged:\n  <<: *base\n  path: /b\nboth:\n  <<: [*base, {z: 1}]\n"
    )
    assert document.data["merged"] == {"path": "/b", "port": 1}
    assert document.data["both"] == {"path": "/a", "port": 1, "z": 1}
    assert document.data["list"] == [{"path": "/a", "port": 1}]
    assert document.duplicates == ()
    assert document.line("merged", "port") == 1
    assert document.line("merged", "path") == 5


def test_duplicate_keys() -> None:
    """If a key is written twice, the last value counts; its path, both lines and the server's complaint are kept."""
    document = only("a:\n  b: 1\n  c: 2\n  b:\n    - 3\n")
    assert document.data == {"a": {"b": [3], "c": 2}}
    (doubled,) = document.duplicates
    assert (doubled.path, doubled.first, doubled.line) == (("a", "b"), 2, 4)
    assert doubled.where == "on lines 2 and 4"
    assert document.complaints == ('line 5: key "b" already set in map',)


@pytest.mark.parametrize(
    ("text", "words", "line", "column"),
    [
        ("a:\n\tb: 1\n", "tab", 2, 1),
        ("a: b: c\n", "colon", 1, 5),
        ("a: [1, 2\nb: 3\n", "the [ isn't closed", 1, 4),
        ("a: 'open\n", "quote", 1, 4),
        ("a:\n  - [\n\n\n", "missing after a bracket", 2, 6),
        ("a: @x\n", "special meaning", 1, 4),
        ("a:\n  - 1\n b: 2\n", "indentation", 3, 2),
        ("  a: 1\nb: 2\n", "further left", 2, 1),
        ('a: "\\q"\n', "backslash", 1, 5),
        ("a: *nobody\n", "unknown anchor 'nobody'", 1, 0),
        ("a: &x [*x]\n", "contains itself", 1, 0),
        ("a: !!int three\n", "cannot decode", 1, 0),
        ("a: .nan\n", "NaN", 1, 0),
        ("{{ name }}: 1\n", "Helm template", 1, 1),
        ("? [a]\n: 1\n", "no name before the colon", 1, 0),
        ("a: !!python/object/apply:os.system [ls]\n", "Python object", 1, 4),
        ("a: 1\nb: \x00\n", "control character", 2, 4),
    ],
)
def test_unreadable(text: str, words: str, line: int, column: int) -> None:
    """An unreadable text is refused with the reason, the line, the column, the line's text, and one next step."""
    error = refusal(text)
    assert words in error.problem
    assert (error.line, error.column) == (line, column)
    assert error.source_line == (text.split("\n")[line - 1])
    assert error.hint


def test_half_a_pair() -> None:
    """Half of a surrogate pair, which no file can contain, is refused."""
    assert "character" in refusal("a: \udc80\n").problem


def test_alias_bomb() -> None:
    """An alias bomb is refused at once, without being expanded."""
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{after}: &{after} [{','.join(['*' + before] * 10)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    began = time.process_time()
    assert "written out" in refusal(bomb).problem
    assert time.process_time() - began < 2  # expanded, it would have a hundred million values


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: " + "x" * limits.ANSWER_BYTES, "kB"),
        ("é" * (limits.ANSWER_BYTES // 2 + 1), "kB"),
        ("---\na: 1\n" * (limits.MANIFEST_DOCUMENTS + 1), "documents"),
        ("[" * 100_000, "levels deep"),
        ("- " * 5_000 + "a", "levels deep"),
        ("".join(" " * i + "a:\n" for i in range(200)), "levels deep"),
        ("[" + "1," * (limits.MANIFEST_NODES + 1) + "]", "values"),
        ("---\n[" + "1," * (limits.MANIFEST_NODES // 2 + 1) + "]\n---\n[" + "1," * (limits.MANIFEST_NODES // 2) + "]", "values"),
    ],
    ids=["bytes", "bytes as UTF-8", "documents", "depth of brackets", "depth of dashes", "depth of maps", "values", "in all"],
)  # fmt: skip
def test_bounds(text: str, words: str) -> None:
    """A text above a bound on size, depth or length is refused, and quickly."""
    began = time.process_time()
    assert words in refusal(text).problem
    assert time.process_time() - began < 1


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:- \n\t{}[],&*!|>'\"#%@`?<=~\\é\x00\ud800019._"), max_size=60))
def test_nothing_else_escapes(text: str) -> None:
    """Reading any text gives documents or an AnswerError."""
    try:
        documents = read(text)
    except AnswerError:
        return
    assert all(d.line() for d in documents)


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("a:\n  replicas:3\n  b:\n    c: d\n", "In line 2 a colon has no space after it.", "“replicas: 3”"),
        ("a:\n  image:shop/orders:1.0.0\n  ports:\n  - b: 1\n", "In line 2 a colon has no space after it.", "“image: shop/orders:1.0.0”"),
        ("a:\n  cpu:100m\n\n  memory: 128Mi\n", "In line 2 a colon has no space after it.", "“cpu: 100m”"),
        ("- name:orders\n  image: x\n", "In line 1 a colon has no space after it.", "“name: orders”"),
        ("a:\n  b: c\n  ...\nd:\n  e: f\n", "In line 3 the form's placeholder is still there.", "delete it"),
        ("```yaml\na: b\n```\n", "In line 1 there is ```", "Delete that line."),
        ("a: 'b\nc: d\ne: f\n", "isn't closed. It begins in line 1.", "missing quote"),
    ],
)  # fmt: skip
def test_the_mistake_itself_is_named(text: str, said: str, hint: str) -> None:
    """If the parser stops below a mistake, the error names the mistake's line and what to write there."""
    error = refusal(text)
    assert said in error.problem
    assert hint in error.hint
    assert error.source_line == text.splitlines()[error.line - 1]


@pytest.mark.parametrize(
    "text", ["a: http://b\n c: d\n", "a:\n- nginx: x\n  b:: c: d\n", "at 12:30\nb: c\n", "- nginx:1.25\n- @x\n"]
)
def test_an_innocent_colon_is_left_alone(text: str) -> None:
    """A colon in an address or a time isn't reported as a mistake."""
    assert "no space after it" not in refusal(text).problem
