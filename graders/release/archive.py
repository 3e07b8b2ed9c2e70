"""What students get: one file with the notebooks and what judges them. Always the same bytes.

Solutions aren't in it, nor what is for instructors: whole files are left out by the list of those that go in, chapters by
the marks of ``audience.py``.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from cluster.errors import UsageError
from graders.release.audience import for_students

FOLDERS = ("notebooks", "graders", "cluster", "tools")
FILES = (
    "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "SECURITY.md", "docs/admit.md", "docs/card.png", "docs/kind.md",
    "docs/schemas/admission.json", "docs/schemas/report.json", "environment.yml", "pyproject.toml", "requirements.lock",
)  # fmt: skip
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")
OURS = ("tools/renew",)
"""Folders for whoever works on the workbook: they need the tests, which aren't in the archive."""

TOP = "application-platform-workbook"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


def archive(root: Path, file: Path) -> Path:
    """Pack what students get from ``root`` into ``file``, a ``.zip`` or a ``.tar.gz``; the file written.

    The list says what goes in, so that nothing new gets in by itself. Raises UsageError for another suffix, and for a
    document whose marks don't pair.
    """
    if file.name.endswith(".zip"):
        packed = _zip(root)
    elif file.name.endswith((".tar.gz", ".tgz")):
        packed = _tar(root)
    else:
        raise UsageError(f"{file.name} is no name for an archive.", "Let it end in .zip or .tar.gz.")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed)
    return file


def _members(root: Path) -> Iterator[tuple[str, bytes, int]]:
    """Name in the archive, content and mode of each file, in the order of the names."""
    found = [root / name for name in FILES if (root / name).is_file()]
    for folder in FOLDERS:
        found += [p for p in (root / folder).rglob("*") if p.is_file() and not p.is_symlink()]
    for path in sorted(found, key=lambda p: p.relative_to(root).as_posix()):
        inside = path.relative_to(root)
        hidden = any(part.startswith(".") or part in LEFT_OUT for part in inside.parts)
        ours = any(inside.as_posix().startswith(f"{folder}/") for folder in OURS)
        if not hidden and not ours and path.suffix != ".pyc":
            yield f"{TOP}/{inside.as_posix()}", _content(path), 0o755 if path.stat().st_mode & 0o100 else 0o644


def _content(path: Path) -> bytes:
    if path.suffix == ".md":
        return for_students(path.read_text(encoding="utf-8"), path.name).encode()
    return path.read_bytes()


def _zip(root: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, content, mode in _members(root):
            member = zipfile.ZipInfo(name, EPOCH)
            member.external_attr = (0o100000 | mode) << 16
            member.create_system = 3
            out.writestr(member, content, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def _tar(root: Path) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as out:
        for name, content, mode in _members(root):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), mode
            out.addfile(member, io.BytesIO(content))
    return packed.getvalue()
