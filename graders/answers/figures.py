"""Figures as people write them in a contract: ``128 MiB``, ``30 seconds``, ``GET /healthz``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from cluster.quantity import quantity

_AMOUNT = re.compile(r"([0-9.]+)\s*([A-Za-z]*?)(?:b|bytes?)?", re.IGNORECASE)
_CPU = re.compile(r"([0-9.]+)\s*(m|millicores?|millicpus?|)\s*(?:v?cpus?|cores?)?", re.IGNORECASE)
_SECONDS = re.compile(
    r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)(?:\s*(ms|minutes?|mins?|m|seconds?|secs?|s)(?![a-z0-9])|(?!\s*[a-z0-9.]))",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?<![\w/])/[\w./-]*")
_LONGEST = 200
_MILLI, _MINUTE = Decimal("0.001"), 60


def cores(written: Any) -> Decimal | None:
    """CPU in cores: ``100m``, ``0.1``, ``100 millicores``; None for what says no amount."""
    if isinstance(written, str) and (match := _CPU.fullmatch(written.strip()[:_LONGEST])):
        return quantity(match[1] + ("m" if match[2] else ""))
    return quantity(written)


def size(written: Any) -> Decimal | None:
    """Memory in bytes: ``128Mi``, ``128 MiB``, ``0.125 Gi``; None for what says no amount."""
    if isinstance(written, str):
        text = re.sub(r"\s*(?:of\s+)?(?:memory|ram)$", "", written.strip()[:_LONGEST], flags=re.IGNORECASE)
        if match := _AMOUNT.fullmatch(text):
            unit = match[2].capitalize() if len(match[2]) > 1 else match[2]
            return quantity(match[1] + unit)
    return quantity(written)


def seconds(written: Any) -> float | None:
    """A time in seconds: ``30``, ``30s``, ``30 seconds``, ``0.5 min``; None for what says no time."""
    if isinstance(written, bool):
        return None
    if isinstance(written, (int, float)):
        return float(written)
    found = _SECONDS.findall(written[:_LONGEST]) if isinstance(written, str) else []
    # Of two times nobody knows which is promised; a number with another unit behind it is no time.
    if len(found) != 1 or len(re.findall(r"[0-9][0-9.]*", str(written)[:_LONGEST])) != 1:
        return None
    number, unit = found[0]
    unit = unit.casefold()
    factor = 0.001 if unit == "ms" else _MINUTE if unit.startswith("m") else 1
    return float(number) * factor


def path(written: Any) -> str:
    """The path that is asked for: that of ``GET /healthz``, of a URL, or of a probe's ``httpGet``; empty for none."""
    if isinstance(written, dict):
        for key in ("httpGet", "path", "get", "GET", "url"):
            if key in written:
                return path(written[key])
        return ""
    if not isinstance(written, str):
        return ""
    text = re.sub(r"^\w+://[^/]*", "", written.strip()[:_LONGEST])
    text = re.sub(r"(?<=\s):[0-9]+(?=/)|^:[0-9]+(?=/)", "", text)
    if found := _PATH.search(text):
        return found[0].rstrip(".") if len(found[0]) > 1 else found[0]
    return f"/{text}" if re.fullmatch(r"[\w-]+", text) else ""
