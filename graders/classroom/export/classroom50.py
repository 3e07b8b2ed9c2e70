"""``--to classroom50``: a classroom's ``scores.json``, as Classroom 50 keeps it in its configuration repository.

Classroom 50 (github.com/foundation50/classroom50) took the place of GitHub Classroom in CS50's courses. Its gradebook has the
schema ``classroom50/scores/v1`` (``schemas/scores-v1.schema.json``): under ``assignments`` each assignment's entries, by the
student's GitHub login as ``owner``. An entry with ``override`` is never replaced by a collected one
(``cli/gh-teacher/skeleton/dotgithub/scripts/collect_scores.py``). A score without a release has ``submit/manual-...`` in the
release's place, as where a teacher enters it in Classroom 50's web app (``editScoreOverride``).

Points are whole numbers there, so they are hundredths here: 73.5 of 100 is 7350 of 10000. The schema has no state, so a
student without points has no entry. The classroom's short name is the course id of nbgrader_config.py, or else the
assignment's.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from graders.classroom.export.sheet import Line, Sheet
from graders.classroom.export.standings import two_decimals

LOGIN = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}", re.ASCII)
"""GitHub's user names: letters, digits and single dashes, at most 39."""


def write(sheet: Sheet) -> str:
    """Return the file for a sheet whose lines all have points."""
    entries = [_entry(sheet, line) for line in sheet.lines]
    scores = {
        "schema": "classroom50/scores/v1",
        "assignments": {sheet.lesson.id: {"type": "individual", "entries": entries}},
    }
    return json.dumps(scores, indent=2) + "\n"


def finds(sheet: Sheet, line: Line) -> bool:
    """Whether the student's login can be a GitHub login."""
    return LOGIN.fullmatch(_owner(sheet, line)) is not None


def _owner(sheet: Sheet, line: Line) -> str:
    return sheet.roster.cell(line.person, "github_username", "username") or sheet.login(line)


def _entry(sheet: Sheet, line: Line) -> dict[str, Any]:
    result, owner = line.result, _owner(sheet, line)
    time = (result.handed_in or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    tag = f"submit/manual-{time.replace(':', '-')}"
    places = dict(submission=tag, commit=tag, release=tag, review=tag)  # noqa: C408  no text of the engine names an exercise
    record = {
        "schema": "classroom50/result/v1", "classroom": sheet.course or sheet.lesson.id, "assignment_type": "individual", "owner": owner,
        **places, "datetime": time,
        "score": min(_hundredths(result.points), _hundredths(sheet.max)), "max-score": _hundredths(sheet.max),
        "tests": [_test(name, score, sheet.exercises[name]) for name, score in result.exercises.items()],
    }  # fmt: skip
    return {"owner": owner, "override": True, "submissions": [record]}


def _test(name: str, score: float | None, most: float) -> dict[str, Any]:
    earned, possible = _hundredths(two_decimals(score or 0.0)), _hundredths(two_decimals(most))
    return {"test-name": name, "passed": earned >= possible, "score": min(earned, possible), "max-score": possible}


def _hundredths(points: Decimal | None) -> int:
    return int((points or Decimal(0)) * 100)
