"""Manifests, drawings and notebooks that hypothesis has changed."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.support.manifests import DEPLOYMENT

DRAWING = 'digraph shop { client -> api; api -> postgres; api -> redis; api -> queue; queue -> worker; api [label="Orders API"] }'
NASTY = (
    "", " ", "\t", "\n---\n", "...", ": ", "- ", "&a ", "*a", "<<: ", "!!python/object:os.system ", "{", "}", "[", "]", '"', "'",
    "#", "|", ">", "%YAML 9.9\n", "\x00", "\x1b[31m", "\ud83d", "\u202e", "1e999", "0x" + "f" * 50, "9" * 400, "~", "null", "yes",
    "<script>", "->", "--", ";", "subgraph cluster_x {", "label=", "<<b>", "\\", "@", "\u200b", "é" * 300,
)  # fmt: skip

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.sampled_from(NASTY),
    st.sampled_from(["100m", "128Mi", "8080", "http", "/healthz", "Always", "25%", "-1", "1e400", "0", "2147483648"]),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return (
        [at, *(path for key, inner in below for path in _paths(inner, (*at, key)))]
        if at
        else [p for k, v in below for p in _paths(v, (k,))]
    )


@st.composite
def bent_values(draw: st.DrawFn, solution: str) -> str:
    """A solution in YAML with a few of its values replaced by anything."""
    manifest = yaml.safe_load(solution)
    for path in draw(st.lists(st.sampled_from(_paths(manifest)), min_size=1, max_size=4)):
        at = manifest
        try:
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = draw(values)
        except (KeyError, IndexError, TypeError):
            continue
    try:
        return json.dumps(manifest) if draw(st.booleans()) else yaml.safe_dump(manifest, allow_unicode=True)
    except (yaml.YAMLError, ValueError):
        return json.dumps(manifest, default=str)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A text with pieces cut out, doubled, moved and put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 60)))
        piece = draw(st.sampled_from(NASTY) | st.text(max_size=20) | st.just(text[start:end] * 2))
        text = text[:start] + piece + text[end:]
    return text


def like(solution: str) -> st.SearchStrategy[str]:
    """Changed solutions in YAML, and texts that never were one."""
    anything = values.map(lambda v: json.dumps(v, default=str))
    return st.one_of(bent_values(solution), damaged(solution), anything, st.text(max_size=200))


manifests = like(DEPLOYMENT)
drawings = st.one_of(
    damaged(DRAWING),
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=20).map(
        lambda edges: "digraph { " + "; ".join(f"{json.dumps(a)} -> {json.dumps(b)}" for a, b in edges) + " }"
    ),
    st.text(max_size=200),
)


@st.composite
def notebooks(draw: st.DrawFn) -> str:
    """The JSON of a notebook whose cells, metadata and format are anything."""
    source = st.one_of(
        st.text(max_size=60),
        st.lists(st.text(max_size=20), max_size=3),
        values,
        st.just(f"%%answer deployment\n{DEPLOYMENT}"),
    )
    cell = st.fixed_dictionaries(
        {"cell_type": st.sampled_from(["code", "markdown", "raw", 7, None]), "source": source},
        optional={
            "metadata": st.one_of(values, st.just({"nbgrader": {"grade_id": "deployment-answer"}})),
            "outputs": values,
        },
    )
    notebook = {"nbformat": draw(st.sampled_from([4, 4, 4, 3, 99, None, "4"])), "nbformat_minor": 5, "metadata": draw(values),
                "cells": draw(st.lists(st.one_of(cell, cell, values), max_size=6) | values)}  # fmt: skip
    text = json.dumps(notebook)
    return draw(damaged(text)) if draw(st.integers(0, 4)) == 0 else text
