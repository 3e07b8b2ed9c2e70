"""The release that a notebook is from, compared with the course's.

Each released notebook has the digest of its content in its metadata. A file beside the notebooks has the digests of the
current release and of the earlier ones. A copy with an earlier digest is older.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.errors import AnswerError, UsageError
from cluster.limits import RELEASES_BYTES
from graders.reading.files import read_bounded

KEY, RELEASE = "workbook", "release"
FILE = "release.json"
"""The file beside the notebooks: for each section its release, the release's date, and the earlier releases."""
MOST_BEFORE = 50
DIGEST_LENGTH = 12
DIGEST = re.compile(r"[0-9a-f]{12}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class CurrentRelease:
    """The current release of a section: its digest, its date, such as ``2026-11-28``, and the earlier digests."""

    digest: str
    since: str
    before: tuple[str, ...] = ()

    def remark(self, notebook: Mapping[str, Any], name: str) -> str:
        """A sentence on a notebook that isn't from this release; empty if it is."""
        digest = release_id(notebook)
        if digest == self.digest:
            return ""
        if digest in self.before:
            return f"{name} is older than the course's release of {self.since}."
        return (
            f"{name} isn't from the course's release of {self.since}."
            if digest
            else f"{name} doesn't name its release; the course's release is of {self.since}."
        )


def digest_of(cells: Iterable[Mapping[str, Any]]) -> str:
    """The digest of released cells: of their kinds, their texts and their nbgrader metadata."""
    said = [(c["cell_type"], c["source"], sorted(c["metadata"].get("nbgrader", {}).items())) for c in cells]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:DIGEST_LENGTH]


def release_id(notebook: Mapping[str, Any]) -> str:
    """The digest of the release that a notebook is from; empty if it names no release."""
    metadata = notebook.get("metadata")
    about = metadata.get(KEY) if isinstance(metadata, Mapping) else None
    digest = about.get(RELEASE) if isinstance(about, Mapping) else None
    return digest if isinstance(digest, str) and DIGEST.fullmatch(digest) else ""


def releases_in(folder: Path) -> dict[str, CurrentRelease]:
    """The current releases by section, from the file in a folder; empty if the file is missing or unreadable."""
    try:
        written = json.loads(read_bounded(folder / FILE, RELEASES_BYTES))
    except (AnswerError, UsageError, ValueError, RecursionError):
        return {}
    found = {section: _release(about) for section, about in written.items()} if isinstance(written, dict) else {}
    return {section: release for section, release in found.items() if release is not None}


def _release(about: object) -> CurrentRelease | None:
    if not isinstance(about, dict):
        return None
    digest, since, before = about.get("release"), about.get("since"), about.get("before")
    if not (isinstance(digest, str) and DIGEST.fullmatch(digest) and isinstance(since, str) and DAY.fullmatch(since)):
        return None
    return CurrentRelease(
        digest, since, tuple(each for each in before if isinstance(each, str)) if isinstance(before, list) else ()
    )


def renewed(old: Mapping[str, CurrentRelease], digests: Mapping[str, str], today: str) -> dict[str, CurrentRelease]:
    """The new releases of notebooks with these digests; an unchanged notebook keeps its release's date."""
    return {section: _renewed(old.get(section), digest, today) for section, digest in digests.items()}


def _renewed(old: CurrentRelease | None, digest: str, today: str) -> CurrentRelease:
    if old is None:
        return CurrentRelease(digest, today)
    if old.digest == digest:
        return old
    before = [each for each in (*old.before, old.digest) if each != digest]
    return CurrentRelease(digest, today, tuple(before[-MOST_BEFORE:]))


def written(releases: Mapping[str, CurrentRelease]) -> str:
    """The file's text."""
    said = {
        section: {"release": one.digest, "since": one.since, "before": list(one.before)}
        for section, one in sorted(releases.items())
    }
    return json.dumps(said, indent=1) + "\n"
