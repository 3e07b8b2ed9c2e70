"""Strict decoding of a document into an object, with the API server's refusals.

The server converts YAML to JSON with sorted keys and decodes that into Go structs, so it meets fields in alphabetic
order. The first value of a wrong type is kept as the error and decoding continues; an error in a type that decodes
itself (a quantity) ends decoding at once; an unknown field only counts if there is no other error.

Source: ``decodeState`` in sigs.k8s.io/json, and ``Serializer.Decode`` in apimachinery's serializer/json.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from cluster.admission.schema import Schema
from cluster.limits import ADMISSION_CHARACTERS, ADMISSION_PROBLEMS
from cluster.manifests import quantity as quantities
from cluster.manifests.documents import Path

Object = dict[str, Any]
"""A decoded struct: its fields by name, without nulls and unknown fields; quantities parsed."""

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(slots=True)
class Decoding:
    """The state of a decoding: ``unknown`` and ``ignored`` fields so far, the first ``error`` and its place."""

    path: list[str | int] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)
    ignored: list[Path] = field(default_factory=list)
    error: str = ""
    error_path: Path = ()

    def save(self, message: str) -> None:
        """Keep the first error."""
        if not self.error:
            self.error, self.error_path = message, tuple(self.path)


class _EndedError(Exception):
    """A type that decodes itself refused its value, which ends decoding."""


Decoder = Callable[[Any, Decoding], Any]


def decode(data: Object, type_name: str, schema: Schema) -> tuple[Object, Decoding]:
    """Decode a mapping into an object of a recorded type. Errors are in the Decoding.

    Ignored fields are decoded, too, and then left out: the server drops them before validation.
    """
    state = Decoding()
    try:
        return _struct(schema, type_name)(data, state), state
    except _EndedError as ended:
        state.error, state.error_path = str(ended), tuple(state.path)
        return {}, state


class Key(str):
    """A path's step that is a map's key; validation writes it in brackets: ``requests[memory]``."""

    __slots__ = ()


def dotted(path: Path) -> str:
    """Return a path as the server writes it: ``spec.containers[0].image``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, (int, Key)) else f".{step}" if text else step
        if len(text) > ADMISSION_CHARACTERS:
            return text[:ADMISSION_CHARACTERS]
    return text


@cache
def _struct(schema: Schema, type_name: str) -> Decoder:
    spec_of, ignored = schema.fields(type_name), schema.ignored(type_name)
    known: dict[str, tuple[Decoder, str, bool]] = {}

    def decode_struct(data: Object, state: Decoding) -> Object:
        decoded: Object = {}
        path, stack = state.path, state.stack
        for name in sorted(data):
            value = data[name]
            read = known.get(name)
            if read is None:
                if name not in spec_of:
                    if len(state.unknown) < ADMISSION_PROBLEMS:
                        state.unknown.append((*path, name))
                    continue
                decoder = _field(schema, type_name, name, spec_of[name])
                read = known[name] = decoder, schema.go_path(type_name, name), name in ignored
            if value is None:
                continue
            decoder, way, is_ignored = read
            path.append(name)
            stack.append(way)
            found = decoder(value, state)
            if is_ignored:
                if len(state.ignored) < ADMISSION_PROBLEMS:
                    state.ignored.append(tuple(path))
            elif found is not None:
                decoded[name] = found
            stack.pop()
            path.pop()
        return decoded

    return decode_struct


def _field(schema: Schema, owner: str, name: str, spec: str, *, item: bool = False) -> Decoder:
    def wrong(value: Any, state: Decoding, type_name: str = "") -> str:
        struct = owner.rpartition(".")[2]
        wanted = type_name or schema.go_name(owner, name, spec, item=item)
        where = f"{struct}.{'.'.join(state.stack)}" if state.stack else "value"
        return f"json: cannot unmarshal {value} into Go struct field {where} of type {wanted}"

    if spec.startswith("[]") and spec != "[]byte":
        return _list(_field(schema, owner, name, spec[2:], item=True), _zero(spec[2:]), wrong)
    if spec.startswith("map[string]"):
        element = spec.removeprefix("map[string]")
        return _map(_field(schema, owner, name, element, item=True), _zero(element), wrong)
    scalar = _SCALARS.get(spec)
    if scalar is not None:
        return lambda value, state: scalar(value, state, wrong)

    def decode_nested(value: Any, state: Decoding) -> Any:
        if isinstance(value, dict):
            return _struct(schema, spec)(value, state)
        state.save(wrong(_json_type(value), state))
        return None

    return decode_nested


Wrong = Callable[..., str]


def _list(element: Decoder, zero: Any, wrong: Wrong) -> Decoder:
    def decode_list(value: Any, state: Decoding) -> Any:
        if not isinstance(value, list):
            state.save(wrong(_json_type(value), state))
            return None
        decoded = []
        for index, one in enumerate(value):
            state.path.append(index)
            found = None if one is None else element(one, state)
            decoded.append(_fresh(zero) if found is None else found)
            state.path.pop()
        return decoded

    return decode_list


def _map(element: Decoder, zero: Any, wrong: Wrong) -> Decoder:
    def decode_map(value: Any, state: Decoding) -> Any:
        if not isinstance(value, dict):
            state.save(wrong(_json_type(value), state))
            return None
        decoded = {}
        for key in sorted(value):
            state.path.append(key)
            found = None if value[key] is None else element(value[key], state)
            decoded[key] = _fresh(zero) if found is None else found
            state.path.pop()
        return decoded

    return decode_map


def _zero(spec: str) -> Any:
    return {
        "string": "", "int32": 0, "int64": 0, "float64": 0.0, "bool": False, "IntOrString": 0, "any": None,
        "Quantity": quantities.ZERO, "[]byte": "",
    }.get(spec, [] if spec.startswith("[]") else {})  # fmt: skip


def _fresh(zero: Any) -> Any:
    return zero.copy() if isinstance(zero, (dict, list)) else zero


def _json_type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _literal(value: Any) -> str:
    """Return how a refusal names a value that should be an integer: numbers by their digits, others by their type."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _json_type(value)
    return f"number {_number(value)}"


def _number(value: float) -> str:
    # encoding/json: an exponent outside of 1e-6 to 1e21, without leading zeros
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}e{power[0]}{power[1:].lstrip('0')}" if exponent else text


def _string(value: Any, state: Decoding, wrong: Wrong) -> str | None:
    if isinstance(value, str):
        return value
    state.save(wrong(_json_type(value), state))
    return None


def _bool(value: Any, state: Decoding, wrong: Wrong) -> bool | None:
    if isinstance(value, bool):
        return value
    state.save(wrong(_json_type(value), state))
    return None


def _integer(bits: int) -> Callable[[Any, Decoding, Wrong], int | None]:
    bound = 2 ** (bits - 1)

    def decode_integer(value: Any, state: Decoding, wrong: Wrong) -> int | None:
        if type(value) is int and -bound <= value < bound:
            return value
        state.save(wrong(_literal(value), state))
        return None

    return decode_integer


def _float(value: Any, state: Decoding, wrong: Wrong) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    state.save(wrong(_json_type(value), state))
    return None


def _int_or_string(value: Any, state: Decoding, wrong: Wrong) -> int | str:
    # IntOrString.UnmarshalJSON: a string stays unchanged, anything else must be an int32
    if isinstance(value, str):
        return value
    if type(value) is int and -(2**31) <= value < 2**31:
        return value
    raise _EndedError(wrong(_literal(value), state, "int32"))


def _quantity(value: Any, _state: Decoding, _wrong: Wrong) -> quantities.Quantity:
    if isinstance(value, str):
        text = value.strip()
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        text = _number(value)
    else:
        raise _EndedError(quantities.FORMAT_WRONG)
    try:
        return quantities.parse(text)
    except quantities.QuantityError as error:
        raise _EndedError(str(error)) from error


def _bytes(value: Any, state: Decoding, wrong: Wrong) -> str | None:
    if isinstance(value, list):
        return _numbered_bytes(value, state, wrong)
    if not isinstance(value, str):
        state.save(wrong(_json_type(value), state))
        return None
    bare = value.replace("\n", "").replace("\r", "")
    try:
        base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        bad = re.search(r"[^A-Za-z0-9+/]", value)
        state.save(f"illegal base64 data at input byte {bad.start() if bad else len(value) // 4 * 4}")
    return value


def _numbered_bytes(value: list[Any], state: Decoding, wrong: Wrong) -> str:
    """Decode bytes from a list of numbers, which Go accepts too; null is 0."""
    found = bytearray()
    for one in value:
        if one is None or (type(one) is int and one in range(256)):
            found.append(one or 0)
        else:
            state.save(wrong(_literal(one), state, "uint8"))
    return base64.b64encode(found).decode()


def _time(value: Any, state: Decoding, wrong: Wrong) -> str | None:
    """Source: ``Time.UnmarshalJSON`` in apimachinery's meta/v1, which parses RFC 3339."""
    if not isinstance(value, str):
        raise _EndedError(wrong(_json_type(value), state, "string"))
    if _DATE.fullmatch(value):
        try:
            datetime.fromisoformat(value[:19])
        except ValueError:
            pass
        else:
            return value
    rest, element = _time_stopped(value)
    layout = "2006-01-02T15:04:05Z07:00"
    raise _EndedError(f'parsing time {json.dumps(value)} as "{layout}": cannot parse {json.dumps(rest)} as "{element}"')


def _time_stopped(value: str) -> tuple[str, str]:
    """Return the rest of the text where Go's time.Parse fails on RFC 3339, and the layout's element there."""
    position = 0
    for pattern, element in _LAYOUT:
        match = re.compile(pattern).match(value, position)
        if match is None:
            return value[position:], element
        position = match.end()
    return value[position:], "Z07:00"


_LAYOUT = (
    (r"\d{4}", "2006"), (r"-", "-"), (r"\d\d", "01"), (r"-", "-"), (r"\d\d", "02"), (r"T", "T"), (r"\d\d", "15"),
    (r":", ":"), (r"\d\d", "04"), (r":", ":"), (r"\d\d(\.\d+)?", "05"), (r"Z|[+-]\d\d:\d\d", "Z07:00"),
)  # fmt: skip


def _any(value: Any, _state: Decoding, _wrong: Wrong) -> Any:
    return value


_SCALARS: dict[str, Callable[[Any, Decoding, Wrong], Any]] = {
    "string": _string, "bool": _bool, "int32": _integer(32), "int64": _integer(64), "float64": _float,
    "IntOrString": _int_or_string, "Quantity": _quantity, "[]byte": _bytes, "Time": _time, "MicroTime": _time,
    "any": _any,
}  # fmt: skip
