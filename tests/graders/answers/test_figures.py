"""Figures in any common spelling."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.answers import figures

ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()))


@pytest.mark.parametrize(
    ("written", "amount"),
    [("100m", "0.1"), ("100 m", "0.1"), (0.1, "0.1"), ("0.5 cores", "0.5"), ("500 millicores", "0.5"), ("1 CPU", "1"),
     ("half", None), (True, None), (None, None), ([], None), ("1.2.3", None)],
)  # fmt: skip
def test_cores(written: object, amount: str | None) -> None:
    """CPU is read in cores, however it is spelled; what is no amount is none."""
    assert figures.cores(written) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("written", "size"),
    [("128Mi", 2**27), ("128 MiB", 2**27), ("128mib", 2**27), ("0.125 Gi", 2**27), (2**27, 2**27), ("128M", 128_000_000),
     ("128 MB", 128_000_000), ("128Mi memory", 2**27), ("128", 128), ("lots", None), (True, None), ({}, None)],
)  # fmt: skip
def test_size(written: object, size: int | None) -> None:
    """Memory is read in bytes, and a million isn't a mebi."""
    assert figures.size(written) == size


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(30, 30), ("30", 30), ("30s", 30), ("30 seconds", 30), ("within 30 s", 30), ("0.5 min", 30), ("500ms", 0.5),
     ("soon", None), (True, None), ("1.2.3 s", None), (None, None), ("30 days", None), ("30s at most", 30),
     ("≤30s", 30), ("5s, then 30s", None)],
)  # fmt: skip
def test_seconds(written: object, seconds: float | None) -> None:
    """A time is read in seconds."""
    assert figures.seconds(written) == seconds


@pytest.mark.parametrize(
    ("written", "path"),
    [("GET /healthz", "/healthz"), ("/healthz", "/healthz"), ("healthz", "/healthz"), (":8080/healthz", "/healthz"),
     ("http://orders:8080/healthz", "/healthz"), ({"httpGet": {"path": "/healthz", "port": 8080}}, "/healthz"),
     ({"get": "/healthz"}, "/healthz"), ("GET /healthz.", "/healthz"), ("GET /healthz (200 when alive)", "/healthz"),
     ("/healthz/deep", "/healthz/deep"), ({}, ""), (True, ""), ("no idea at all", "")],
)  # fmt: skip
def test_path(written: object, path: str) -> None:
    """A path is found in a request, a URL or a probe."""
    assert figures.path(written) == path


@given(ANYTHING)
def test_anything(written: object) -> None:
    """Whatever is written has a figure or none, and nothing else happens."""
    assert isinstance(figures.cores(written), (Decimal, type(None)))
    assert isinstance(figures.size(written), (Decimal, type(None)))
    assert isinstance(figures.seconds(written), (float, type(None)))
    assert isinstance(figures.path(written), str)
