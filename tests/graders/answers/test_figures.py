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
     ("128 MB", 128_000_000), ("128 mb", 128_000_000), ("100gb", 10**11), ("100g", 10**11), ("5 kB", 5000), ("5 KB", 5000), ("100 gigabytes", 10**11), ("100GB gp3", 10**11), ("100,000 MB", 10**11), ("0,125 Gi", None), ("100 GB (gp3)", 10**11), ("not 100 GB", None), ("100 GB ssd", 10**11), ("150 GiB per server", 150 * 2**30), ("128Mi memory", 2**27), ("128", 128), ("lots", None), (True, None), ({}, None)],
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
    ("written", "seconds"),
    [("5 min", 300), ("5m", 300), ("5 minutes", 300), ("every 5 minutes", 300), ("1h30m", 5400), ("1 h 30 min", 5400),
     ("1 hour and 30 minutes", 5400), ("14d", 1_209_600), ("14 days", 1_209_600), ("P14D", 1_209_600), ("PT5M", 300),
     ("2 weeks", 1_209_600), ("weekly", 604_800), ("every week", 604_800), ("every week on Tuesday", 604_800), ("less than 5 min", 300), ("at most a day", 86_400), ("30 days max", 2_592_000),
        ("at most daily", None), ("at most once a day", None), ("less than 2 times a day", None), ("Tuesdays at most", None),
        ("1x daily or less", None), ("daily, or less", None), ("at most continuously", None), ("once a week", 604_800), ("each night", 86_400),
     ("a day", 86_400), ("every two weeks", 1_209_600), ("monthly", 2_592_000), ("quarterly", 7_776_000),
     ("3 months", 7_776_000), ("every quarter", 7_776_000), ("200ms", 0.2), ("0.2 s", 0.2), ("≤ 60 s", 60), ("24-hour", 86_400),
     ("twice a day", 43_200), ("4 times a year", 7_776_000), ("1x per day", 86_400), ("1/min", 60), ("0 times a day", None),
     ("daily at 01:00", 86_400), ("every day at 01:00 UTC", 86_400), ("nightly, 01:00", 86_400), ("monthly, automated", 2_592_000),
     ("every other day", 172_800), ("every second Tuesday", 1_209_600), ("Tuesdays", 604_800), ("bi-weekly", 1_209_600),
     ("weekly + daily incremental", None), ("continuous WAL archiving", 0), ("WAL streaming", 0), ("real time", 0),
     ("p99 > 300 ms", 0.3), ("> 1 min for 5 min", 60), ("2 min behind", 120), ("half a second", 0.5), ("never", None),
     ("half an hour", 1800), ("continuously", 0), ("0", None), (0, 0), (30, None), ("30", None), ("7-14 days", None),
     ("7 to 14 days", None), ("2 h and 3 h", None), ("30 m 1 h", None), ("soon", None), ("5 parsecs", None), ("1.2.3 s", None),
     ("P1M", 2_592_000), ("P3M", 7_776_000), ("P1Y", 31_536_000), ("PT0.2S", 0.2), ("200 msec", 0.2), ("twelve weeks", 7_257_600),
     ("daily at 2am", 86_400), ("every day at 02:00", 86_400), ("each night at 2am UTC", 86_400), ("1x daily", 86_400), ("twice daily", 43_200),
     ("@daily", 86_400), ("1 day (pg_basebackup)", 86_400), ("real-time", 0), ("0 2 * * *", 86_400), ("0 * * * *", 3600), ("*/5 * * * *", 300),
     ("0 2 * * tue", 604_800), ("0 2 1 * *", 2_592_000), ("99 2 * * *", None), ("*/7 * * * *", None), ("every Tue night", 604_800),
     ("Tuesday 02:00-04:00 UTC", 604_800), ("at least weekly", 604_800), ("over 200 ms", 0.2), ("p95 above 250 ms", 0.25),
     ("not daily", None), ("less than daily", None), ("never on Tuesday", None), ("not continuously", None), ("< 1 min", 60),
     ("every first Tuesday", None), ("never, not even monthly", None), ("1 day, not", None), ("at 02:00", None), ("a", None), ("every", None),
     ("1 day" + " " * 200 + "never", None),
     ("", None), (True, None), (False, None), (None, None), ({}, None), ("P", None), ("PT", None), ("-5 min", None)],
)  # fmt: skip
def test_duration(written: object, seconds: float | None) -> None:
    """A time has a number and a unit, or says how often; a number alone, a range, or a riddle is no time."""
    assert figures.duration(written) == seconds


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.02, "20 ms"),
        (1, "1 s"),
        (300, "5 min"),
        (9000, "2.5 h"),
        (86_400, "24 h"),
        (1_209_600, "14 days"),
        (31_536_000, "365 days"),
        (94_608_000, "3 years"),
        (1e60, "over 1000 years"),
    ],
)
def test_spoken(seconds: float, said: str) -> None:
    """A time is said in a unit in which it is a small number."""
    assert figures.spoken(seconds) == said


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
    assert isinstance(figures.duration(written), (float, type(None)))
    assert isinstance(figures.path(written), str)
