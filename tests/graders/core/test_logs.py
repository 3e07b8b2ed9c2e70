"""Log records contain no terminal control characters."""

from __future__ import annotations

import logging

import pytest

from graders.core.logs import guard_log


@pytest.fixture
def log() -> logging.Logger:
    logger = logging.Logger("tests")
    guard_log(logger)
    return logger


def test_names(log: logging.Logger) -> None:
    """An escape sequence in an argument becomes a space in the record, and a second line can't imitate another record."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(handler.format(record))  # type: ignore[method-assign]
    log.addHandler(handler)
    log.error("Converting %s", "a\x1b]52;c;x\x07\u202e\n[AutogradeApp | ERROR] b")
    assert said == ["Converting a ]52;c;x  \n    [AutogradeApp | ERROR] b"]


def test_once_is_enough(log: logging.Logger) -> None:
    """A logger that is guarded twice has one filter."""
    guard_log(log)
    assert len(log.filters) == 1
