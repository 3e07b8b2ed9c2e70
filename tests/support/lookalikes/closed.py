"""Answers to the closed forms: choices, figures and plans, right or with the mistakes that many make."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from cluster import world
from graders.core.registry import exercise
from graders.core.report import State
from tests.support.course import ASSIGNMENT, ROOT
from tests.support.lookalikes.phrases import popular
from tests.support.solutions import solution

Path = tuple[str | int, ...]

CLOSED = (
    "boundaries", "bill", "kinds", "databases", "interactions", "request", "contract", "worker-plan", "shutdown-plan", "review",
)  # fmt: skip
SLIPS = (0, 0, 0, 1, 1, 2)
"""How many mistakes an answer has: half of the answers are right."""


def closed(name: str, chance: random.Random) -> Any:
    """The data of an answer to a closed form: the printed form filled in, mostly right."""
    data = copy.deepcopy(_filled(name))
    right, wrong = _others(name)
    for path, values in right.items():
        if chance.random() < 0.3:
            _put(data, path, popular(chance, values))
    for path in chance.sample(sorted(wrong, key=str), min(len(wrong), chance.choice(SLIPS))):
        _put(data, path, popular(chance, wrong[path]))
    if isinstance(data, list) and chance.random() < 0.5:
        chance.shuffle(data)
    if name.endswith("plan") and chance.random() < 0.3:
        steps = data["steps"]
        at = popular(chance, range(len(steps) - 1))
        steps[at], steps[at + 1] = steps[at + 1], steps[at]
    return data


@cache
def _filled(name: str) -> Any:
    """The author's choices in the order of the form that the notebook prints."""
    data = yaml.safe_load(solution(exercise(name)))
    form = next((one for one in _forms(name) if isinstance(data, dict) and one.keys() == data.keys()), None)
    return data if form is None else {key: data[key] for key in form}


def _forms(name: str) -> Iterator[dict[str, Any]]:
    text = (ROOT / "solutions" / ASSIGNMENT / f"{exercise(name).section}.py").read_text(encoding="utf-8")
    for block in text.split("# ```")[1::2]:
        lines = [line.removeprefix("#").removeprefix(" ") for line in block.split("\n")[1:]]
        try:
            found = yaml.safe_load("\n".join(lines))
        except yaml.YAMLError:
            continue
        if isinstance(found, dict):
            yield found


@cache
def _others(name: str) -> tuple[Mapping[Path, list[Any]], Mapping[Path, list[Any]]]:
    """Other values for each place, right ones and wrong ones, in an order that is the same for all students."""
    data, one = _filled(name), exercise(name)
    values: dict[Any, list[Any]] = {}
    leaves = list(_leaves(data, ()))
    for path, value in leaves:
        values.setdefault(path[-1], []).append(value)
    right: dict[Path, list[Any]] = {}
    wrong: dict[Path, list[Any]] = {}
    for path, value in leaves if not name.endswith("plan") else ():
        if path[-1] == "field":
            continue  # a remark that is made twice counts once
        options = _scaled(value) or list(dict.fromkeys(str(other) for other in values[path[-1]] if other != value))
        random.Random(f"{name}{path}").shuffle(options)  # noqa: S311  no secret
        for option in options:
            changed = copy.deepcopy(data)
            _put(changed, path, option)
            is_right = one.judge(yaml.safe_dump(changed, sort_keys=False), world()).state is State.PASS
            (right if is_right else wrong).setdefault(path, []).append(option)
    return right, wrong


def _scaled(value: Any) -> list[Any]:
    """The same figure in other sizes; nothing for a word."""
    number, _, unit = str(value).partition(" ")
    if isinstance(value, bool) or not number.isdecimal():
        return []
    sizes = [int(number) * 2, int(number) * 10, int(number) + 5, max(1, int(number) // 2)]
    return [f"{size} {unit}" if unit else size for size in sizes if size != int(number)]


def _leaves(data: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(data, dict):
        for key, below in data.items():
            yield from _leaves(below, (*path, key))
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        for index, below in enumerate(data):
            yield from _leaves(below, (*path, index))
    else:
        yield path, data[0] if isinstance(data, list) and data else data


def _put(data: Any, path: Path, value: Any) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value
