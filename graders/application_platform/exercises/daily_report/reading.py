"""A learner's CronJob: the documents of the answer, and the parts that the rubric reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster.admission.lists import flattened
from cluster.manifests.documents import Document, Path, read
from graders.families.manifest.documents import ObjectKind, the_one
from graders.families.manifest.mending import moved, with_value

CRONJOB = ObjectKind("CronJob", "batch/v1")
SPEC: Path = ("spec",)
JOB: Path = (*SPEC, "jobTemplate", "spec")
POD: Path = (*JOB, "template", "spec")


@dataclass(frozen=True, slots=True)
class CronJob:
    """The answer's documents, and the CronJob among them."""

    documents: tuple[Document, ...]
    cronjob: Document
    is_job: bool = False
    """Whether the learner wrote a Job; ``cronjob`` then has that Job as its template, and no schedule."""

    def spec(self, field: str) -> Any:
        """A field of the CronJob's own spec, or None."""
        return self.cronjob.get(*SPEC, field)

    def job(self, field: str) -> Any:
        """A field of its Jobs, or None."""
        return self.cronjob.get(*JOB, field)

    def pod(self, field: str) -> Any:
        """A field of their pods, or None."""
        return self.cronjob.get(*POD, field)

    def line(self, *path: str | int) -> int:
        """The learner's line of a path in the CronJob."""
        return self.cronjob.line(*path)

    @property
    def containers(self) -> tuple[Any, ...]:
        """The items of the list of containers, of any type."""
        written = self.pod("containers")
        return tuple(written) if isinstance(written, list) else ()


def parse(text: str) -> CronJob:
    """Read an answer with one CronJob. A single Job is read as the template of a CronJob.

    Raises AnswerError if the text isn't YAML, or doesn't have exactly one CronJob.
    """
    documents = flattened(read(text))
    jobs = [d for d in documents if d.get("kind") == "Job"]
    others = [d for d in documents if d.get("kind") not in (*_BESIDE, "Job")]
    if len(jobs) == 1 and not others and (cronjob := _around(jobs[0])) is not None:
        return CronJob(tuple(cronjob if d is jobs[0] else d for d in documents), cronjob, is_job=True)
    return CronJob(documents, the_one(documents, CRONJOB))


_BESIDE = ("ConfigMap", "Secret", "ServiceAccount")


def _around(job: Document) -> Document | None:
    """Return a CronJob that starts the Job, without a schedule and with the Job's lines; None if that isn't possible."""
    inside = moved(job, SPEC, JOB) or job
    return with_value(inside, ("kind",), "CronJob")
