"""How the kubelet reads a probe's fields."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def requested_path(written: str) -> str:
    """Return the path that the kubelet requests for an httpGet's ``path``: ``/healthz`` for ``healthz``.

    It reads the path as a URL and sets scheme, host and port (``formatURL`` in k8s.io/kubernetes/pkg/probe/http).
    """
    if re.search(r"[\x00-\x20\x7f]", written):
        return f"/{written.removeprefix('/')}"  # Go escapes these; urlsplit would drop them
    try:
        path = urlsplit(written).path
    except ValueError:
        path = written
    return path if path.startswith("/") else f"/{path}"
