"""A test run's list of skipped tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = "import pytest\n\n@pytest.mark.skip(reason='no sun')\ndef test_sundial(): ...\n\ndef test_clock(): ...\n"


@pytest.mark.parametrize(("never", "code"), [("", 0), ("1", 1)], ids=["anywhere", "CI"])
def test_skips_are_named(tmp_path: Path, never: str, code: int) -> None:
    """A run lists skipped tests with the reasons; in strict mode they fail the run, and the count is still the last line."""
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / "test_it.py").write_text(SKIPPED)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", tmp_path], cwd=tmp_path, text=True,
        capture_output=True, check=False, env={**os.environ, "WORKBOOK_NO_SKIPS": never},
    )  # fmt: skip
    assert done.returncode == code
    assert "Not tested on this machine: no sun (1 tests)" in done.stdout
    assert "1 passed, 1 skipped" in done.stdout.splitlines()[-1]
