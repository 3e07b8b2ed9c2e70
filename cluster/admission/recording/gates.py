"""Which feature gates are on in a server, by its own metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cluster.admission.recording.connection import Ask, get

_METRIC = re.compile(r'^kubernetes_feature_enabled\{name="(\w+)",stage="\w*"\} (\d)$', re.MULTILINE)


def gates(ask: Ask) -> dict[str, bool]:
    """Each gate that the server knows, and whether it is on. Raises OSError where the metrics have none."""
    found = {name: value == "1" for name, value in _METRIC.findall(str(get(ask, "/metrics")))}
    if not found:
        raise OSError("the server's metrics name no feature gate")
    return dict(sorted(found.items()))


def carried(known: Mapping[str, bool], earlier: Mapping[str, bool]) -> dict[str, bool]:
    """The gates that a server knows, and those that only an earlier minor knew, as they were there.

    A gate is removed some minors after it can't be switched any more; what it opened stays.
    """
    return dict(sorted({**earlier, **known}.items()))
