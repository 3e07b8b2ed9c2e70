"""The functions that run when Python exits."""

from __future__ import annotations

import pytest

from cluster.engines import Engines, close, warm
from tests.support.exits import at_exit


def test_closed_engines_leave_nothing_for_the_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines are closed once when Python exits, and not again if they were closed before."""
    monkeypatch.setattr(Engines, "bring", lambda *_: None)
    close()
    due = at_exit(monkeypatch)
    warm()
    warm()
    assert due == [close]
    close()
    assert due == []
