"""Scalars as the API server's YAML reader resolves them: YAML 1.1 with Go's numbers.

Source: ``resolve`` in go-yaml v2, the API server's YAML reader (sigs.k8s.io/yaml). It differs from PyYAML's
own resolver: ``0o10`` and ``0b1`` are numbers, ``1:30`` and dates are strings, ``y`` and ``n`` are booleans.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from decimal import Decimal

import yaml

Scalar = str | int | float | bool | None

_TAG = "tag:yaml.org,2002:"
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_NUMERIC = frozenset("+-.0123456789")
_INTEGER = re.compile(r"([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DOT_FLOAT = re.compile(r"\.[0-9]+([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 400
_LARGEST_SINGLE = 3.4e38
_WHOLE_BELOW = 1e21  # encoding/json writes whole floats below this without an exponent
_TYPES: dict[type, str] = {bool: "bool", int: "int", float: "float", str: "str", type(None): "null"}


class UnresolvableError(yaml.YAMLError):
    """A scalar that contradicts its tag, such as ``!!int three``; the message is go-yaml's."""


def plain(text: str) -> Scalar:
    """Return the value of an unquoted scalar without a tag."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC or len(text) > _LONGEST_NUMBER:
        return text
    number = _number(text)
    return text if number is None else number


def tagged(text: str, tag: str) -> Scalar:
    """Return the value of a scalar with a tag. Raises UnresolvableError if they contradict each other.

    With a tag that isn't YAML's own the text stays a string, as on the server.
    """
    name = tag.removeprefix(_TAG)
    if name == "binary":
        return _binary(text)
    if name == tag or name not in ("bool", "int", "float", "null", "timestamp"):
        return text
    value = plain(text)
    found = _TYPES[type(value)]
    if name == "float" and found == "int":
        return value
    if found != name and not (name == "timestamp" and found == "str"):
        raise UnresolvableError(f"cannot decode !!{found} `{text[:80]}` as a !!{name}")
    return value


def key(value: Scalar) -> str | None:
    """Return a mapping's key as a string, as in JSON; None for the null key, which JSON can't have."""
    if isinstance(value, str):
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _shortest(value)
    return str(value)


def _shortest(value: float) -> str:
    # the fewest digits that identify this 32-bit float, as Go's strconv.FormatFloat(x, 'g', -1, 32)
    single = struct.unpack("f", struct.pack("f", value))[0] if abs(value) < _LARGEST_SINGLE else value
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == single:
            break
    return text


def _number(text: str) -> int | float | None:
    if text[0] == ".":
        return _float(text) if _DOT_FLOAT.fullmatch(text) else None
    bare = text.replace("_", "")
    if (match := _INTEGER.fullmatch(bare)) and (whole := _integer(match)) is not None:
        return whole
    return _float(bare) if _FLOAT.fullmatch(bare) else None


def _integer(match: re.Match[str]) -> int | None:
    sign, hexadecimal, octal, binary, decimal = match.groups()
    if decimal is not None:
        value = int(decimal)
    elif octal is not None:
        value = int(octal, 8)
    else:
        value = int(hexadecimal, 16) if hexadecimal is not None else int(binary, 2)
    if sign == "-":
        value = -value
    # int64 with a sign, uint64 without one; beyond that a number is read as a float
    return value if -(2**63) <= value < (2**63 if sign else 2**64) else None


def _float(text: str) -> int | float | None:
    value = float(text)
    if math.isinf(value):
        return None
    if not value.is_integer() or abs(value) >= _WHOLE_BELOW:
        return value
    return int(Decimal(repr(value)))  # the digits that identify it, as encoding/json writes them, then zeros


def _binary(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode(errors="replace")
    except (binascii.Error, ValueError) as error:
        raise UnresolvableError("!!binary value contains invalid base64 data") from error
