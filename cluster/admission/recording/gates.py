"""A server's feature gates, from its own metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cluster.admission.recording.connection import Ask, get

_METRIC = re.compile(r'^kubernetes_feature_enabled\{name="(\w+)",stage="\w*"\} (\d)$', re.MULTILINE)


def gates(ask: Ask) -> dict[str, bool]:
    """Return each gate of the server, and whether it is on. Raises OSError if the metrics have none."""
    found = {name: value == "1" for name, value in _METRIC.findall(str(get(ask, "/metrics")))}
    if not found:
        raise OSError("the server's metrics name no feature gate")
    return dict(sorted(found.items()))


def carried(known: Mapping[str, bool], earlier: Mapping[str, bool]) -> dict[str, bool]:
    """Return a server's gates, and those that only an earlier minor version had, in their state there.

    A gate is removed some versions after it became fixed; its feature stays.
    """
    return dict(sorted({**earlier, **known}.items()))
