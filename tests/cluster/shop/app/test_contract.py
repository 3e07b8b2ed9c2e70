"""The contract between platform and application, term by term, kept by a process without any engine."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from cluster.shop.releases import PATHS
from tests.cluster.shop.app.running import Running, ask, running

ORDER = {"customer": "ada@example.org", "items": [{"sku": "tea", "quantity": 2}, "cup"]}


@pytest.fixture(scope="module")
def shop() -> Iterator[Running]:
    with running() as it:
        yield it


@pytest.mark.parametrize("path", sorted(PATHS))
def test_what_is_there(shop: Running, path: str) -> None:
    """Every path of the contract answers 200 if all is well."""
    assert shop.get(path).status == 200


@pytest.mark.parametrize("path", ["/", "/health", "/orders/", "/orders/1", "/healthz/x", "/faults", "/%00"])
def test_what_is_not_there(shop: Running, path: str) -> None:
    """Every other path answers 404, with an error in JSON."""
    answer = shop.get(path)
    assert (answer.status, list(answer.json)) == (404, ["error"])


def test_an_order_is_kept(shop: Running) -> None:
    """A placed order answers 201 with its id, and is found under that id and in the list."""
    placed = shop.post(ORDER)
    assert placed.status == 201
    assert placed.json["items"] == [{"sku": "tea", "quantity": 2}, {"sku": "cup", "quantity": 1}]
    assert datetime.fromisoformat(placed.json["created_at"]).utcoffset() == timedelta(0)
    assert placed.headers["location"] == f"/orders/{placed.json['id']}"
    assert shop.get(placed.headers["location"]).json == placed.json
    assert placed.json in shop.get("/orders").json["orders"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "isn't JSON"),
        ("{", "isn't JSON"),
        ("[" * 5000, "isn't JSON"),
        (b"\xff", "isn't JSON"),
        ("[]", "must be a JSON object"),
        ('{"items": ["tea"]}', "“customer” must be text"),
        ('{"customer": "a\\r\\nBcc: b@example.org", "items": ["tea"]}', "“customer” must be text"),
        ('{"customer": "a\\u0000", "items": ["tea"]}', "“customer” must be text"),
        ('{"customer": "a\\ud800", "items": ["tea"]}', "“customer” must be text"),
        ('{"customer": "a"}', "“items” must be a list"),
        ('{"customer": "a", "items": []}', "“items” must be a list"),
        ('{"customer": "a", "items": [{"sku": "tea", "quantity": 0}]}', "“items[0].quantity” must be"),
        ('{"customer": "a", "items": [{"sku": "tea", "quantity": true}]}', "“items[0].quantity” must be"),
        ('{"customer": "a", "items": ["tea", 1]}', "“items[1]” must be"),
        ('{"customer": "a", "items": ["tea"], "id": 1}', "There is no field “id”"),
    ],
)
def test_what_is_no_order(shop: Running, body: str | bytes, why: str) -> None:
    """An invalid order answers 400 and names the wrong field."""
    answer = ask(shop.port, "/orders", "POST", body)
    assert answer.status == 400
    assert why in answer.json["error"]


def test_a_body_is_bounded(shop: Running) -> None:
    """A body of more than 64 KiB isn't read to its end, and answers 413."""
    assert ask(shop.port, "/orders", "POST", b" " * 70_000).status == 413


def test_metrics(shop: Running) -> None:
    """Each request is in a histogram by method, route and status; all unknown paths are one route."""
    shop.post(ORDER)
    for number in range(3):
        shop.get(f"/invented-{number}")
    metrics = shop.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=")
    count = r'^http_request_duration_seconds_count{method="%s",route="%s",status="%s"} (\d+)\.0$'
    placed = re.search(count % ("POST", "/orders", "201"), metrics.text, re.MULTILINE)
    assert placed is not None
    assert int(placed[1]) >= 1
    assert re.search(count % ("GET", "other", "404"), metrics.text, re.MULTILINE)
    assert "invented" not in metrics.text
    assert "process_resident_memory_bytes" in metrics.text


def test_a_log_line_has_its_trace(shop: Running) -> None:
    """A request's log line is JSON, with the trace from traceparent and its own span."""
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    ask(shop.port, "/orders", traceparent=f"00-{trace}-{parent}-01")
    line = shop.told("request", trace_id=trace)
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/orders", 200, "info")
    assert re.fullmatch("[0-9a-f]{16}", line["span_id"])
    assert line["span_id"] != parent
    assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)


def test_a_trace_begins_here(shop: Running) -> None:
    """A request without traceparent begins its own trace."""
    shop.get("/orders/begins-a-trace")
    assert re.fullmatch("[0-9a-f]{32}", shop.told("request", path="/orders/begins-a-trace")["trace_id"])


def test_it_opens_soon() -> None:
    """The log says which port is open, and how long after the start it opened."""
    with running(SHOP_RELEASE="1.0.1") as it:
        line = it.told("listening")
        assert (line["release"], line["port"]) == ("1.0.1", it.port)
        # The kernel counts a process' age in hundredths of a second.
        assert 0 < line["seconds_since_start"] <= time.monotonic() - it.began + 0.02


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("SHOP_SERVES_ON", "nan"), ("SHOP_SCHEMA", "a b"), ("DATABASE_URL", "mysql://u:secret@h/d")],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    """A variable with an impossible value ends the start with code 1, and the log names the variable, never with a password."""
    with running(**{name: value}) as it:
        line = it.told("can't run")
        assert it.ends() == 1
        assert name in line["error"]
        assert "secret" not in str(line)


def test_a_taken_port_is_named(shop: Running) -> None:
    """A port that is in use ends the start with code 1; a fault port that is in use costs only the faults."""
    with running(PORT=str(shop.port)) as it:
        assert "ddress already in use" in it.told("can't run")["error"]
        assert it.ends() == 1
    with running(SHOP_FAULT_PORT=str(shop.fault_port)) as it:
        assert it.told("no fault port")["port"] == shop.fault_port
        assert it.get("/readyz").status == 200
