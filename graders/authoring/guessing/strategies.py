"""Answers without knowledge, made from the notebook's texts. Each strategy is a description and an answer."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product
from typing import Any

import yaml

from graders.authoring.guessing.printed import Leaf, Printed, field_of

Strategy = tuple[str, str]
"""The description, and the answer."""

MOST_COMBINED = 1200
"""The most ways to fill in one form that are tried."""
STEP, PART = "step", "part"
"""The headings of the columns in which a notebook lists the steps of a plan, and the parts of a drawing."""

MOST_POOLS = 64
"""The most assignments of word lists to fields that are tried."""
PAIR = 2
REMARKS = 5
"""The number of remarks in a random review: as many as the exercise asks for."""


def strategies(printed: Printed) -> Iterator[Strategy]:
    """Yield all strategies from the printed texts, except random ones."""
    if parts := printed.column(PART):
        yield from _drawings(parts)
    yield from _manifests(printed)
    yield from _events(printed)
    if steps := printed.column(STEP):
        yield from _plans(steps)
    else:
        yield from (_remarks(printed) if printed.lines else _forms(printed))


def guesses(printed: Printed, seed: int) -> Iterator[Strategy]:
    """Yield random answers from the printed words; several if a field may have words of several groups."""
    if len(parts := printed.column(PART)) > 1:
        dice = _dice(seed)
        pairs = [pair for pair in product(parts, parts) if pair[0] != pair[1]]
        yield "arrows at random", _drawing(parts, dice.sample(pairs, dice.randint(1, len(pairs))))
    dice = _dice(seed)
    if len(steps := printed.column(STEP)) > 1:
        yield "steps at random", _plan(dice.sample(steps, dice.randint(1, len(steps))))
        yield "the first step and another one at random", _plan([steps[0], dice.choice(steps[1:])])
    else:
        yield from _guessed_words(printed, dice)


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  no secret


def _guessed_words(printed: Printed, dice: random.Random) -> Iterator[Strategy]:
    if printed.lines and printed.words:
        remarks = [_remark(dice.choice(printed.lines), dice.choice(printed.words)) for _ in range(REMARKS)]
        yield "at random", "\n".join(remarks)
    elif printed.options:
        words = {leaf: options for leaf, options in printed.options.items() if len(options) > 1}
        by_chance = {leaf: dice.choice(options) for leaf, options in words.items()}
        yield "at random, of each field's words", _filled(printed, by_chance)
        figures = {leaf: dice.choice(printed.amounts or ("1",)) for leaf in printed.leaves if leaf not in words}
        yield "at random, of each field's words and of all figures", _filled(printed, {**by_chance, **figures})
    elif printed.leaves:
        for pools in _pools(printed):
            filled = {leaf: dice.choice(pools[field_of(leaf)]) for leaf in printed.leaves}
            yield (
                f"at random: {'; '.join(f'{field}: {_said(pool)}' for field, pool in pools.items())}",
                _filled(printed, filled),
            )


def _pools(printed: Printed) -> Iterator[Mapping[str, Sequence[str]]]:
    """Yield the words that a guess may use for each field: each list for each field, unless that is too many."""
    groups = printed.groups or (printed.words,)
    if not printed.words:
        return
    if len(groups) ** len(printed.fields) > MOST_POOLS:
        groups = (printed.words,)
    for chosen in product(groups, repeat=len(printed.fields)):
        yield dict(zip(printed.fields, chosen, strict=True))


def _forms(printed: Printed) -> Iterator[Strategy]:
    yield "the printed form as it is", printed.form_text
    for block in printed.blocks:
        yield "a printed example", block
    for word in printed.words:
        yield f"“{word}” in every field", _filled(printed, dict.fromkeys(printed.leaves, word))
    for group in printed.groups:
        yield f"{_said(group)} in every field", _filled(printed, {leaf: list(group) for leaf in printed.leaves})
    for at in range(max(map(len, printed.options.values()), default=0)):
        offered = {leaf: options[min(at, len(options) - 1)] for leaf, options in printed.options.items()}
        yield f"option {at + 1} of each field, and each example", _filled(printed, offered)
    yield from (
        (f"“{figure}” in every field", _filled(printed, dict.fromkeys(printed.leaves, figure)))
        for figure in (printed.amounts if printed.options else ())
    )
    yield from _the_same_everywhere(printed)
    yield from _copied(printed)


def _the_same_everywhere(printed: Printed) -> Iterator[Strategy]:
    """Fill each field with one or several words, the same for all items."""
    words: list[Any] = [None, *printed.words]
    every = [list(group) for group in printed.groups]
    pairs = [list(pair) for group in printed.groups for pair in combinations(group, 2)]
    for chosen in ([*words, *every, *pairs], [*words, *every], words):
        if len(chosen) ** len(printed.fields) <= MOST_COMBINED:
            break
    else:
        return
    for values in product(chosen, repeat=len(printed.fields)):
        by_field = dict(zip(printed.fields, values, strict=True))
        name = ", ".join(f"{field}: {_said(value)}" for field, value in by_field.items() if value is not None)
        yield (
            f"everywhere {name or 'nothing'}",
            _filled(printed, {leaf: by_field[field_of(leaf)] for leaf in printed.leaves}),
        )


def _copied(printed: Printed) -> Iterator[Strategy]:
    """Copy the tables above, as a mapping, and into the form in their order."""
    for table in printed.tables:
        for at in range(1, len(table[0])):
            rows = {row[0].strip("`*"): row[at] for row in table[1:] if len(row) > at}
            yield f"the table “{' | '.join(table[0])}” copied", yaml.safe_dump(rows)
    taken: dict[tuple[str, ...], int] = {}
    filled: dict[Leaf, Any] = {}
    for leaf in printed.leaves:
        if figures := printed.figures(leaf):
            at = taken.get(figures, 0)
            taken[figures] = at + 1
            filled[leaf] = figures[min(at, len(figures) - 1)]
    yield "the tables' figures in the form, in their order", _filled(printed, filled)


def _filled(printed: Printed, values: Mapping[Leaf, Any]) -> str:
    """Return the form with these values."""
    form = copy.deepcopy(printed.form)
    for leaf, value in values.items():
        at = form
        for name in leaf[:-1]:
            at = at[name]
        at[leaf[-1]] = value
    return yaml.safe_dump(form, sort_keys=False) if form is not None else ""


def _events(printed: Printed) -> Iterator[Strategy]:
    """Combine the notebook's examples of the exercise's object with its schemas."""
    for example, schema in product(printed.examples, printed.schemas):
        yield (
            "the notebook's own example",
            yaml.safe_dump({printed.exercise: example, "schema": schema}, sort_keys=False),
        )


def _remarks(printed: Printed) -> Iterator[Strategy]:
    """Combine each line of the printed manifest with each word, singly and together; and the printed remark."""
    for block in printed.blocks:
        yield "a printed example", block
    for word in printed.words:
        yield f"every line, “{word}”", "\n".join(_remark(line, word) for line in printed.lines)
        for line in printed.lines:
            yield f"line {line}, “{word}”", _remark(line, word)
    everything = [_remark(line, word) for line in printed.lines for word in printed.words]
    yield "every line, every word", "\n".join(everything)


def _remark(line: int, word: str) -> str:
    return f"- {{field: {line}, term: {word}}}"


def _plans(steps: Sequence[str]) -> Iterator[Strategy]:
    for step in steps:
        yield f"“{step}” alone", _plan([step])
    yield "all steps in printed order", _plan(steps)
    yield "all steps in reverse", _plan(steps[::-1])


def _plan(steps: Iterable[str]) -> str:
    return yaml.safe_dump({"steps": list(steps)})


def _drawings(parts: Sequence[str]) -> Iterator[Strategy]:
    yield "every part, no arrow", _drawing(parts, ())
    yield "every part with every part", _drawing(parts, ((a, b) for a, b in product(parts, parts) if a != b))
    yield "every part with every later one", _drawing(parts, combinations(parts, 2))
    for hub in parts:
        others = [part for part in parts if part != hub]
        yield f"a star from {hub}", _drawing(parts, ((hub, part) for part in others))
        yield f"a star to {hub}", _drawing(parts, ((part, hub) for part in others))
    chain = list(pairwise(parts))
    yield "a chain", _drawing(parts, chain)
    yield "a ring", _drawing(parts, [*chain, (parts[-1], parts[0])])
    yield "a ring, the other way", _drawing(parts, [(b, a) for a, b in (*chain, (parts[-1], parts[0]))])


def _drawing(parts: Iterable[str], arrows: Iterable[tuple[str, str]]) -> str:
    lines = [f'  "{part}";' for part in parts] + [f'  "{a}" -> "{b}";' for a, b in arrows]
    return "\n".join(["digraph shop {", *lines, "}"])


def _manifests(printed: Printed) -> Iterator[Strategy]:
    """Yield the notebook's example, and kubectl's output for the exercise's name and image."""
    for manifest in printed.manifests:
        yield "the notebook's own example", manifest
    image = next((w for w in printed.words if "/" in w and ":" in w), "")
    if not image:
        return
    for name in (printed.exercise, image.rpartition("/")[2].partition(":")[0]):
        yield f"kubectl create deployment {name}", _kubectl_deployment(name, image)
        yield f"kubectl create cronjob {name}", _kubectl_cronjob(name, image)


def _kubectl_deployment(name: str, image: str) -> str:
    """What ``kubectl create deployment NAME --image IMAGE --dry-run=client -o yaml`` prints."""
    container = {"image": image, "name": image.rpartition("/")[2].partition(":")[0], "resources": {}}
    labels = {"app": name}
    return yaml.safe_dump({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"labels": labels, "name": name},
        "spec": {
            "replicas": 1, "selector": {"matchLabels": dict(labels)}, "strategy": {},
            "template": {"metadata": {"labels": dict(labels)}, "spec": {"containers": [container]}},
        },
    })  # fmt: skip


def _kubectl_cronjob(name: str, image: str) -> str:
    """What ``kubectl create cronjob NAME --image IMAGE --schedule "*/1 * * * *" --dry-run=client -o yaml`` prints."""
    container = {"image": image, "name": name, "resources": {}}
    pod = {"metadata": {}, "spec": {"containers": [container], "restartPolicy": "OnFailure"}}
    return yaml.safe_dump({
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name},
        "spec": {"jobTemplate": {"metadata": {"name": name}, "spec": {"template": pod}}, "schedule": "*/1 * * * *"},
    })  # fmt: skip


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"all {len(value)}, from {value[0]} on" if len(value) > PAIR else " and ".join(value)
