"""The stand-in for Redis: ``python -m cluster.engines.fake_cache PORT``."""

from __future__ import annotations

import sys

from fakeredis import TcpFakeServer

from cluster.engines.ports import LOOPBACK

if __name__ == "__main__":
    TcpFakeServer((LOOPBACK, int(sys.argv[1])), server_type="redis").serve_forever()
