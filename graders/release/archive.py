"""The students' archive: one file with the notebooks and the judge. The same workbook always gives the same bytes.

It has no solutions and no texts for instructors: only listed files go in, and the marks of ``audience.py`` leave out chapters.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from cluster.errors import UsageError
from graders.core.lesson import Lesson
from graders.core.version import PACKAGE
from graders.gradebook.course import lessons_of
from graders.release.audience import for_students

NOTEBOOKS = "notebooks"
FOLDERS = ("graders", "cluster", "tools")
FILES = (
    "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "SECURITY.md", "docs/admit.md", "docs/card.png", "docs/kind.md",
    "docs/schemas/admission.json", "docs/schemas/report.json", "environment.yml", "pyproject.toml", "requirements.lock",
)  # fmt: skip
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")
OURS = ("tools/renew",)
"""Folders for developers: they need the tests, which aren't in the archive."""

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


def archive(root: Path, file: Path, notebooks: Path | None = None) -> Path:
    """Pack the students' archive into ``file``, a ``.zip`` or a ``.tar.gz``, and return that path.

    The workbook is in ``root``. The notebooks are those below ``notebooks``, a course's released ones, or else the
    workbook's own. A list names what goes in, so that a new file isn't added by accident. Raises UsageError for another
    suffix, for a document with unpaired marks, and if ``root`` isn't a complete copy of the workbook.
    """
    if not (root / "pyproject.toml").is_file():
        raise UsageError(f"{root} isn't a complete copy of the workbook.", "Pack from a clone of its repository.")
    members = tuple(_members(root, notebooks or root / NOTEBOOKS))
    if file.name.endswith(".zip"):
        packed = _zip(members)
    elif file.name.endswith((".tar.gz", ".tgz")):
        packed = _tar(members)
    else:
        raise UsageError(f"{file.name} isn't a name for an archive.", "It must end in .zip or .tar.gz.")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed)
    return file


def not_packed(root: Path, at: Path) -> tuple[Lesson, ...]:
    """Return the lessons of the course ``at`` that aren't in the workbook of ``root``, and so not in its archive."""
    return tuple(one for one in lessons_of(at) if root not in one.folder.parents)


def _members(root: Path, notebooks: Path) -> Iterator[tuple[str, bytes, int]]:
    """Yield each file's name in the archive, content and mode, in the order of the names."""
    found = {name: root / name for name in FILES if (root / name).is_file()}
    for folder, top in ((NOTEBOOKS, notebooks), *((name, root / name) for name in FOLDERS)):
        for path in top.rglob("*"):
            if path.is_file() and not path.is_symlink():
                found[f"{folder}/{path.relative_to(top).as_posix()}"] = path
    for name, path in sorted(found.items()):
        parts = name.split("/")
        hidden = any(part.startswith(".") or part in LEFT_OUT for part in parts)
        ours = any(name.startswith(f"{folder}/") for folder in OURS)
        if not hidden and not ours and path.suffix != ".pyc":
            yield f"{PACKAGE}/{name}", _content(path), 0o755 if path.stat().st_mode & 0o100 else 0o644


def _content(path: Path) -> bytes:
    if path.suffix == ".md":
        return for_students(path.read_text(encoding="utf-8"), path.name).encode()
    return path.read_bytes()


def _zip(members: Iterable[tuple[str, bytes, int]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, content, mode in members:
            member = zipfile.ZipInfo(name, EPOCH)
            member.external_attr = (0o100000 | mode) << 16
            member.create_system = 3
            out.writestr(member, content, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def _tar(members: Iterable[tuple[str, bytes, int]]) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as out:
        for name, content, mode in members:
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), mode
            out.addfile(member, io.BytesIO(content))
    return packed.getvalue()
