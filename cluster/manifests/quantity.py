"""Quantities as the API server parses and prints them: ``100m``, ``0.5Gi`` (printed ``512Mi``), ``1e3``.

Source: ``ParseQuantity`` and ``CanonicalizeBytes`` in apimachinery's pkg/api/resource/quantity.go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_UP, Context, Decimal
from functools import lru_cache

FORMAT_WRONG = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
SUFFIX_WRONG = "unable to parse quantity's suffix"
NUMERIC_WRONG = "unable to parse numeric part of quantity"

_PARTS = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)")
_ZEROES = re.compile(r"[+-]?0*")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL_SUFFIX = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY_SUFFIX = {0: "", **{exponent: suffix for suffix, exponent in _BINARY.items()}}
_EXPONENT = re.compile(r"[eE]([+-]?[0-9]{1,18})")
_NANO = Decimal("1e-9")
_LARGEST = Decimal(2**63 - 1)
_EXACT = Context(prec=1000, Emax=10**9, Emin=-(10**9))
_LONGEST = 200
_TINIEST, _HUGEST = -200, 200


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity: its ``amount`` in the base unit, and its ``text`` as the server prints it."""

    amount: Decimal
    text: str


ZERO = Quantity(Decimal(0), "0")


class QuantityError(ValueError):
    """A text that isn't a quantity; the message is the server's."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Quantity:
    """Parse a quantity. Raises QuantityError with the server's wording."""
    if not text:
        raise QuantityError(FORMAT_WRONG)
    if _ZEROES.fullmatch(text):
        return ZERO
    if len(text) > _LONGEST:
        raise QuantityError(NUMERIC_WRONG)
    match = _PARTS.fullmatch(text)
    if match is None:
        raise QuantityError(FORMAT_WRONG)
    sign, whole, fraction, suffix = match[1], match[2], match[3] or "", match[4]
    base, exponent, form = _suffix(suffix)
    amount = _amount(whole or "0", fraction, base, exponent)
    if form == "binary" and 0 < amount < 1:
        form = "decimal"
    if sign == "-":
        amount = -amount
    if _printed_as_written(whole or "0", fraction, exponent, form):
        return Quantity(amount, text)
    return Quantity(amount, _canonical(amount, form))


def _suffix(suffix: str) -> tuple[int, int, str]:
    if suffix in _DECIMAL:
        return 10, _DECIMAL[suffix], "decimal"
    if suffix in _BINARY:
        return 2, _BINARY[suffix], "binary"
    match = _EXPONENT.fullmatch(suffix)
    if match is None:
        raise QuantityError(SUFFIX_WRONG)
    return 10, max(min(int(match[1]), _HUGEST), _TINIEST), "exponent"


def _amount(whole: str, fraction: str, base: int, exponent: int) -> Decimal:
    number = Decimal(f"{whole}.{fraction or '0'}")
    amount = _EXACT.scaleb(number, exponent) if base == 10 else _EXACT.multiply(number, Decimal(2**exponent))  # noqa: PLR2004
    if amount:
        amount = amount.quantize(_NANO, ROUND_UP, _EXACT)
    return min(amount, _LARGEST) if base == 2 else amount  # noqa: PLR2004


def _printed_as_written(whole: str, fraction: str, exponent: int, form: str) -> bool:
    # ParseQuantity keeps a text that is nearly canonical, such as +5
    shifted = whole + fraction
    if len(shifted) > 15:  # noqa: PLR2004  what an int64 holds for certain
        return False
    if form == "binary":
        return not fraction and bool(int(shifted) & 7)
    scale = exponent - len(fraction)
    return scale >= -9 and scale % 3 == 0 and not shifted.endswith("000") and shifted[0] != "0"  # noqa: PLR2004


def _canonical(amount: Decimal, form: str) -> str:
    if not amount:
        return "0"
    if form == "binary" and (abs(amount) < 1024 or amount != amount.to_integral_value()):  # noqa: PLR2004
        form = "decimal"
    if form == "binary":
        number, exponent = int(amount), 0
        while number % 1024 == 0 and exponent < 60:  # noqa: PLR2004
            number, exponent = number // 1024, exponent + 10
        return f"{number}{_BINARY_SUFFIX[exponent]}"
    _, digits, power = amount.normalize(_EXACT).as_tuple()
    number, exponent = int("".join(map(str, digits))), int(power)
    number, exponent = number * 10 ** (exponent % 3), exponent - exponent % 3
    sign = "-" if amount < 0 else ""
    if form == "exponent":
        return f"{sign}{number}e{exponent}" if exponent else f"{sign}{number}"
    return f"{sign}{number}{_DECIMAL_SUFFIX.get(exponent, '')}"


def milli(quantity: Quantity) -> Quantity:
    """The quantity rounded up to thousandths, as the server stores requests and limits.

    Source: ``SetDefaults_ResourceList`` in pkg/apis/core/v1/defaults.go.
    """
    rounded = quantity.amount.quantize(Decimal("1e-3"), ROUND_UP, _EXACT)
    return quantity if rounded == quantity.amount else Quantity(rounded, _canonical(rounded, "decimal"))


def whole(quantity: Quantity) -> bool:
    """Whether an amount has no fraction."""
    return quantity.amount == quantity.amount.to_integral_value()


def plain(amount: Decimal) -> Quantity:
    """Return an amount as a quantity, in binary units such as Mi if it is a whole number of them."""
    binary = amount >= 1024 and amount == amount.to_integral_value() and int(amount) % 1024 == 0  # noqa: PLR2004
    return Quantity(amount, _canonical(amount, "binary" if binary else "decimal"))


def quantity(written: object) -> Decimal | None:
    """Return the amount of a quantity in a document, in cores or bytes; None for any other value."""
    if isinstance(written, bool) or not isinstance(written, (str, int, float, Decimal)):
        return None
    try:
        return parse(str(written)).amount
    except QuantityError:
        return None
