"""A decorator for demos: a missing package or engine, or a wrong argument, becomes a message, not an exception."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec, get_args, get_origin, get_type_hints

from cluster.errors import UsageError, WorldError
from graders.core.shown import Shown
from graders.present.inline import said
from graders.reading.text import shown as quoted

Said = ParamSpec("Said")
_KINDS: Mapping[object, tuple[tuple[type, ...], str]] = {
    int: ((int,), "a whole number"), float: ((int, float), "a number"), str: ((str,), "a text"),
}  # fmt: skip


def lesson(show: Callable[Said, Shown]) -> Callable[Said, Shown]:
    """Turn a demo's WorldError or UsageError into a message, so that the notebook continues."""

    @functools.wraps(show)
    def shown(*args: Said.args, **kwargs: Said.kwargs) -> Shown:
        try:
            _check(show, args, kwargs)
            return show(*args, **kwargs)
        except WorldError as error:
            return said(f"This can't be measured here: {error.problem}", f"{error.hint} You can read on.".lstrip())
        except UsageError as error:
            return said(error.problem, error.hint)

    return shown


def _check(show: Callable[..., Shown], args: tuple[object, ...], kwargs: Mapping[str, object]) -> None:
    """Raises UsageError if the arguments don't fit the demo: a learner should see a message, not a traceback."""
    try:
        given = inspect.signature(show).bind(*args, **kwargs).arguments
    except TypeError as error:
        raise UsageError(
            f"{show.__name__} can't be called like that: {error}.", "Compare the call with the original cell."
        ) from None
    kinds = get_type_hints(show)
    for name, value in given.items():
        kind = kinds.get(name)
        if get_origin(kind) is Sequence:
            (each,) = get_args(kind)
            _, what = _KINDS.get(each, ((object,), ""))
            if not isinstance(value, (list, tuple)) or not all(_is(one, each) for one in value):
                raise UsageError(
                    f"“{name}” must be a list, with each entry {what or 'as in the cell above'}, "
                    f"not {quoted(repr(value), 40)}.",
                    f"Write it in square brackets, {name}=[…], and run the cell again.",
                )
        elif not _is(value, kind):
            _, what = _KINDS[kind]
            raise UsageError(
                f"“{name}” must be {what}, not {quoted(repr(value), 40)}.", "Change it, and run the cell again."
            )


def _is(value: object, kind: object) -> bool:
    types, what = _KINDS.get(kind, ((object,), ""))
    return isinstance(value, types) and not (what and isinstance(value, bool))
