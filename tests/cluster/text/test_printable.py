"""Printable text keeps its length, and JSON is read back as it was written."""

from __future__ import annotations

import json
import sys
import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cluster.text import UNSEEN, json_text, printable

texts = st.text(st.characters())


@given(texts)
def test_nothing_unseen(text: str) -> None:
    """Each invisible character is replaced by one character, and all others keep their place."""
    shown = printable(text)
    assert len(shown) == len(text)
    assert not {c for c in shown if unicodedata.category(c) in UNSEEN}
    assert all(a == b for a, b in zip(text, shown, strict=True) if unicodedata.category(a) not in UNSEEN)
    assert printable(shown) == shown


def test_every_character() -> None:
    """The quick check and the careful check agree on every character."""
    every = map(chr, range(sys.maxunicode + 1))
    assert not [c for c in every if c.isprintable() and unicodedata.category(c) in UNSEEN]


def test_what_is_kept() -> None:
    """Newlines and tabs stay if they are wanted; half of a surrogate pair leaves a sign in its place."""
    assert printable("a\nb\tc\rd", keep="\n\t") == "a\nb\tc d"
    assert printable("a\nb\tc") == "a b c"
    assert printable("M\udcfcller") == "M\ufffdller"


def test_the_bound() -> None:
    """A text above the limit is cut and marked; a text just below it isn't."""
    assert printable("abcd", 4) == "abcd"
    assert printable("abcde", 4) == "abc…"
    assert printable("\x1b" * 10**7, 4) == "   …"


def test_honest_texts_stay() -> None:
    """Letters with marks, other scripts, symbols and spaces of other widths don't change."""
    for text in ("Über 4 µs, ≥ 80 %", "注文サービス", "Заказы", "👍🏽 ✔", "10\u00a0ms", "e\u0301", "١٢٣"):
        assert printable(text) == text


@given(st.recursive(texts | st.integers() | st.none(), lambda v: st.lists(v) | st.dictionaries(texts, v), max_leaves=8))
def test_json(value: object) -> None:
    """JSON is one line without invisible characters, and keeps its meaning."""
    text = json_text(value)
    assert json.loads(text) == value
    assert not {c for c in text if unicodedata.category(c) in UNSEEN}


def test_json_stays_readable() -> None:
    """Letters of any script stay unescaped in JSON."""
    assert json_text({"name": "Müller 注文", "odd": "\u202e\x9b\U000e0041\udcfc"}) == (
        '{"name": "Müller 注文", "odd": "\\u202e\\u009b\\udb40\\udc41\\udcfc"}'
    )


def test_time() -> None:
    """Ten million of the worst characters take at most seconds of CPU."""
    began = time.process_time()
    assert len(printable("\u202eé" * 5_000_000)) == 10_000_000
    assert time.process_time() - began < 60
