"""A form that is filled in: which keys are its terms, and what is said of the others."""

from __future__ import annotations

import difflib

import pytest

from graders.answers import provision
from graders.answers.places import SHOWN_STRANGERS


def test_a_misspelled_key() -> None:
    """A key that is nearly a term is told with the term that was probably meant, and another one without."""
    filled = provision.parse("provisioning:\n  storrage: 1 GB\n  colour: red\n")
    assert [(s.key, s.line, s.meant) for s in filled.strangers] == [("storrage", 2, "storage"), ("colour", 3, "")]


def test_many_keys_that_are_no_term(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was meant is looked for in so many keys as are told, however many there are."""
    asked: list[str] = []

    def looked_for(word: str, *_among: object, **_how: object) -> list[str]:
        asked.append(word)
        return []

    monkeypatch.setattr(difflib, "get_close_matches", looked_for)
    filled = provision.parse("provisioning:\n" + "".join(f"  storx{i}: 1\n" for i in range(9990)))
    assert len(filled.strangers) == 9990
    assert len(asked) == SHOWN_STRANGERS
