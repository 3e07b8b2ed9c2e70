"""Text that go-yaml and libyaml read differently is read as go-yaml reads it; the values are kubectl's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.manifests.bounds import FILE
from cluster.manifests.dialect import in_words_of_libyaml
from cluster.manifests.documents import Document, read_each

READ: list[tuple[str, Any]] = [
    ("a: [10.1.2.3, 2001:db8::]", {"a": ["10.1.2.3", "2001:db8::"]}),
    ("a: [a:,b]", {"a": ["a:", "b"]}),
    ("a: [b:]", {"a": ["b:"]}),
    ("a: [[x:], {y:}]", {"a": [["x:"], {"y:": None}]}),
    ("{a: fe80::, b: c}", {"a": "fe80::", "b": "c"}),
    ("{k::, x: z}", {"k::": None, "x": "z"}),
    ("a: [http://x.example/:, b]", {"a": ["http://x.example/:", "b"]}),
    ("a: [one\n  two:, b]", {"a": ["one two:", "b"]}),
    ('a: [b "c:", d]', {"a": ['b "c:"', "d"]}),
    ("a: ['x:,', \"y:]\", z:]", {"a": ["x:,", "y:]", "z:"]}),
    ("a: [x # y:]\n  , z:]", {"a": ["x", "z:"]}),
    ("a: [x#y:]", {"a": ["x#y:"]}),
    ("a: it's [b:,c]\nd: [e:]", {"a": "it's [b:,c]", "d": ["e:"]}),
    ("a: text\n  [b:,c] 'd\ne: [f:]", {"a": "text [b:,c] 'd", "e": ["f:"]}),
    ("a: |\n  [b:,c?] \\/\nd: [e:]", {"a": "[b:,c?] \\/\n", "d": ["e:"]}),
    ("- a: >-\n    [b?]\n  c: [d:]", [{"a": "[b?]", "c": ["d:"]}]),
    ("a: |2\n    x?\n  [y:]\nb: [z:]", {"a": "  x?\n[y:]\n", "b": ["z:"]}),
    ("a: |\nb: [c:]", {"a": "", "b": ["c:"]}),
    ("# [a:,b?]\na: [b:]", {"a": ["b:"]}),
    ("a: b # [c?]\nd: [e:]", {"a": "b", "d": ["e:"]}),
    ("a: why?", {"a": "why?"}),
    ("a: [? b]", {"a": [{"b": None}]}),
    ("a: [?b, c]", {"a": [{"b": None}, "c"]}),
    ('a: "it\\\'s"', {"a": "it's"}),
    ("a: '\\/'", {"a": "\\/"}),
    ("a: x\\/y", {"a": "x\\/y"}),
    ('a: "\\\\/"', {"a": "\\/"}),
    ('{"a":[1],"b":{"c":"d"}}', {"a": [1], "b": {"c": "d"}}),
    ("a: [\ue000b:, \ue001]", {"a": ["\ue000b:", "\ue001"]}),
    ("a: |\n  no end of line", {"a": "no end of line\n"}),
]  # fmt: skip

REFUSED = [
    ("a: [why?]", "did not find expected ',' or ']'"),
    ("a: {b: c?d}", "did not find expected ',' or '}'"),
    ("a: [-?b]", "did not find expected ',' or ']'"),
    ("a: [b ? c]", "did not find expected ',' or ']'"),
    ("a: [::1]", "did not find expected node content"),
    ('a: "\\/"', "found unknown escape character"),
    ('a: {b: "x\\/y"}', "found unknown escape character"),
    ('"\\/": a', "found unknown escape character"),
    ("a: &x [b]\nc: {<<: *x}", "map merge requires map or sequence of maps as the value"),
]


def found(text: str) -> Any:
    """The one document's value, or go-yaml's error."""
    (one,) = read_each(text, FILE)
    return one.data if isinstance(one, Document) else str(one.error.__cause__)


@pytest.mark.parametrize(("text", "value"), READ)
def test_read(text: str, value: Any) -> None:
    """A text that go-yaml reads is read with the same value."""
    assert found(text) == value


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_refused(text: str, words: str) -> None:
    """A text that go-yaml refuses is refused in its words."""
    assert words in found(text)


def test_lines_and_columns_stay() -> None:
    """A value has the line where it was written, also after replaced characters."""
    (one,) = read_each("a: [b:,c]\nd:\n- e\n", FILE)
    assert isinstance(one, Document)
    assert (one.line("a", 0), one.line("a", 1), one.line("d", 0)) == (1, 1, 3)
    (refused,) = read_each("a: [b:,c]\nd: [e:,\n  why? ]\n", FILE)
    assert not isinstance(refused, Document)
    assert (refused.error.line, refused.error.column) == (3, 6)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:- \n\t{}[],&*!|>'\"#?\\/é\r\u2028\ue000"), max_size=60))
def test_as_long_as_before(text: str) -> None:
    """Each character is replaced by one character, and except for refused ones, the mapping restores the originals."""
    exchanged, signs = in_words_of_libyaml(text)
    for old, new in zip(text, exchanged, strict=True):
        assert new.translate(signs) == (
            "" if old == "\\" and new != old else {"?": "[", "/": "q"}.get(old, old) if new in "[q" else old
        )
