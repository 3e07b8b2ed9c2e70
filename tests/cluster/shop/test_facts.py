"""The workbook's statements about the orders API agree with its code."""

from __future__ import annotations

import io
import json
import logging

import pytest

from cluster.shop import releases
from cluster.shop.app import phases, settings


def test_times_of_a_shutdown() -> None:
    """The release's figures are those of the process."""
    assert phases.FINISH_WITHIN == releases.FINISH_WITHIN
    assert settings.Settings().serves_on == releases.SERVES_ON


def test_formats() -> None:
    """Metrics are in Prometheus' text format, and a line of the log is a JSON object."""
    client = pytest.importorskip("prometheus_client")
    logs = pytest.importorskip("cluster.shop.app.json_logs")
    assert client.CONTENT_TYPE_LATEST.startswith("text/plain; version=")
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(logs.JsonFormatter())
    handler.emit(logging.makeLogRecord({"msg": "an order", "levelname": "INFO"}))
    assert json.loads(handler.stream.getvalue())["message"] == "an order"
