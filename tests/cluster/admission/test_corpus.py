"""The embedded cluster's verdicts compared with the recorded verdicts of a real API server."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from cluster.admission import admit_text
from cluster.admission.minor import KNOWN
from tests import corpus
from tests.corpus.dry_run import simulated
from tests.corpus.recording import same


@dataclass
class Score:
    """How many rows of a corpus agree with the recording."""

    rows: int = 0
    verdicts: int = 0
    rejected: int = 0
    fields: int = 0
    messages: int = 0
    warnings: int = 0
    differing: Counter[str] = field(default_factory=Counter)


def score(name: str, minor: str) -> Score:
    """Judge every row of a corpus; differences are printed, so that a failing test shows them."""
    total = Score()
    for row in corpus.rows(name, minor):
        ours = simulated(row["manifest"], minor)
        accepted = row["verdict"] == "accepted"
        same_verdict = (ours["verdict"] == "accepted", ours["status"]) == (accepted, row["status"])
        same_fields = {cause["field"] for cause in ours["causes"]} == {cause["field"] for cause in row["causes"]}
        same_words = same(ours | {"warnings": ()}, row | {"warnings": ()})
        total.rows += 1
        total.verdicts += same_verdict
        total.rejected += not accepted
        total.fields += not accepted and same_fields
        total.messages += same_words
        total.warnings += sorted(ours["warnings"]) == sorted(row.get("warnings", ours["warnings"]))
        if not same_words or not same_verdict or not same_fields:
            total.differing[row["category"]] += 1
            for whose, told in (("server", row), ("ours  ", ours)):
                print(f"{row['id']}  {whose} {told['status']} {told['message']}")  # noqa: T201
    print(f"{name} on {minor}: {total}")  # noqa: T201
    return total


@pytest.mark.parametrize("minor", KNOWN)
@pytest.mark.parametrize("name", corpus.NAMES)
def test_agreement(name: str, minor: str) -> None:
    """Verdict, causes' fields and wording are the server's on at least 99.5 % and 97 % of the rows."""
    found = score(name, minor)
    assert found.rows > 250
    assert (found.verdicts, found.fields, found.messages) == (found.rows, found.rejected, found.rows)
    assert found.warnings == found.rows


def test_causes_have_lines() -> None:
    """Every cause of a refusal names a line of the manifest, unless the manifest is empty."""
    for row in corpus.rows("admission"):
        for verdict in admit_text(row["manifest"]):
            for cause in (*verdict.causes, *verdict.pointers):
                lines = row["manifest"].count("\n") + 1
                assert 0 < cause.line <= lines + 1 or not row["manifest"].strip(), (row["id"], cause)


def test_refusals_point_somewhere() -> None:
    """A refusal without the server's causes has pointers of the workbook."""
    for row in corpus.rows("admission"):
        for verdict in admit_text(row["manifest"]):
            assert verdict.accepted or verdict.causes or verdict.pointers, row["id"]
