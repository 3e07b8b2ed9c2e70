"""Quantities as the server parses and prints them; every pair was asked of a real server."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.manifests.quantity import (
    FORMAT_WRONG,
    SUFFIX_WRONG,
    Quantity,
    QuantityError,
    milli,
    parse,
    whole,
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("0.5Gi", "512Mi"), ("1000m", "1"), ("1e3", "1e3"), ("1.5k", "1500"), ("2000", "2k"), ("+5", "+5"),
        ("128Mi", "128Mi"), ("1024Mi", "1Gi"), ("1536Mi", "1536Mi"), ("0.1", "100m"), (".5", "500m"), ("5.", "5."),
        ("12e5", "1200e3"), ("0.1Gi", "107374182400m"), ("007", "007"), ("1.10", "1100m"), ("128974848", "128974848"),
        ("+", "0"), ("-", "0"), (".", "0"), ("1Ei", "1Ei"), ("1E", "1E"),
    ],
)  # fmt: skip
def test_printed(written: str, printed: str) -> None:
    """A quantity is printed in its canonical form, or as written if that is canonical already."""
    assert parse(written).text == printed


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", FORMAT_WRONG), ("128MB", FORMAT_WRONG), ("1K", SUFFIX_WRONG), ("5 Mi", FORMAT_WRONG), ("abc", FORMAT_WRONG),
        ("..", FORMAT_WRONG), ("1.2.3", FORMAT_WRONG), ("1e", SUFFIX_WRONG), ("1_0", FORMAT_WRONG), ("0x10", FORMAT_WRONG),
    ],
)  # fmt: skip
def test_refused(written: str, words: str) -> None:
    """An invalid quantity is refused in the server's words."""
    with pytest.raises(QuantityError) as caught:
        parse(written)
    assert str(caught.value) == words


@pytest.mark.parametrize("huge", ["9" * 190, "1e99", "9" * 100 + "Ei", "1e-99", "0." + "0" * 150 + "1"])
def test_extremes(huge: str) -> None:
    """A quantity of any size has an amount, and is known to be whole or not."""
    assert whole(milli(parse(huge))) == (not huge.startswith(("0.", "1e-")))


def test_milli() -> None:
    """Requests and limits are rounded up to thousandths."""
    assert milli(parse("1u")) == Quantity(Decimal("0.001"), "1m")
    assert milli(parse("128Mi")) is parse("128Mi")


@given(st.text(alphabet="0123456789.+-eEinumkKMGTPi ", max_size=12))
def test_amounts_are_exact(text: str) -> None:
    """A parsed quantity parses again from its printed form, to the same amount."""
    try:
        found = parse(text)
    except QuantityError:
        return
    assert parse(found.text).amount == found.amount
