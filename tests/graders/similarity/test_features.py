"""What of an answer somebody else wouldn't have written."""

from __future__ import annotations

import pytest

from cluster.limits import ALIKE_FEATURES
from graders.core.report import Finding, State
from graders.reading.outline import yaml_outline
from graders.similarity.features import Feature, Kind, Known, features_of, words_in

WORDS = frozenset(words_in("replicas three app name orders port 8080 spec"))


PRINTED = Known(WORDS)


def found(text: str, *findings: Finding, known: Known = PRINTED) -> set[tuple[Kind, str, int]]:
    """The features of an answer in YAML, each with its line."""
    every = features_of("deployment", text, yaml_outline(text), findings, known)
    return {(one.kind, one.key, one.line) for one in every}


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("name: marias-shop\n", (Kind.NAME, "marias-shop", 1)),
        ("app:\n  name: orders\n", (Kind.VALUE, "app.name = orders", 2)),
        ("port: 9090\n", (Kind.VALUE, "port = 9090", 1)),
        ("port: '8080'\n", (Kind.SPELLING, "port '", 1)),
        ("port: 1\nname: orders\n", (Kind.ORDER, ": port, name", 2)),
        ("name: orders # tree replicas\n", (Kind.COMMENT, "tree replicas", 1)),
        ("name: orders # tree replicas\n", (Kind.COMMENT, "word tree", 1)),
        ("".join(f"k{n}: 'x'\n" for n in range(9)), (Kind.HABIT, "quotation marks '", 1)),
        ("".join(f"k{n}: x \n" for n in range(9)), (Kind.HABIT, "blanks behind", 1)),
        ("port:  8080\n", (Kind.LAYOUT, "blanks wide '  ' at 5 of port:8080", 1)),
        ("port: 8080 \n", (Kind.LAYOUT, "blanks behind ' ' at 9 of port:8080", 1)),
        ("app: orders\n\n\nport: 8080\n", (Kind.LAYOUT, "2 empty below app:orders above port:8080", 4)),
    ],
)
def test_kinds(text: str, feature: tuple[Kind, str, int]) -> None:
    """Each kind of feature is found, with its line."""
    assert feature in found(text)


def test_mistakes() -> None:
    """A mistake is a feature by its criterion and what was observed; one that follows from another isn't."""
    missed = Finding("replicas", State.FAIL, 2, 0, observed="2 pods", line=3)
    met = Finding("image", State.PASS, 2, 2, observed="orders")
    after = Finding("spread", State.FAIL, 2, 0, observed="too few pods", follows=True)
    assert found("", missed, met, after) == {(Kind.MISTAKE, "replicas: 2 pods", 3)}


def test_what_is_printed_has_no_weight() -> None:
    """A word that the course has printed is no name, and what its examples have is no feature at all."""
    text = "name: marias-shop # mine\n"
    assert not {kind for kind, key, _ in found(text, known=Known(WORDS | {"marias-shop", "mine"}))} & {
        Kind.NAME,
        Kind.COMMENT,
    }
    example = features_of("deployment", text, yaml_outline(text), (), Known(WORDS))
    assert found(text, known=Known(WORDS, frozenset(one.digest for one in example))) == set()


def test_digests() -> None:
    """The digests of one exercise and kind have their upper 16 bits in common; others differ there."""
    first, second = (Feature("deployment", Kind.NAME, name).digest for name in ("a", "b"))
    other = Feature("diagram", Kind.NAME, "a").digest
    assert first != second
    assert first >> 48 == second >> 48 != other >> 48
    assert first < 1 << 64


def test_a_long_answer() -> None:
    """Of a long answer at most ``ALIKE_FEATURES`` features count."""
    text = "".join(f"key-{number}: value-{number}\n" for number in range(ALIKE_FEATURES))
    assert len(found(text)) == ALIKE_FEATURES
