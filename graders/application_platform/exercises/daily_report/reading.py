"""A CronJob as a learner wrote it: the documents of the answer, and the parts that the rubric asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster.admission.lists import flattened
from cluster.manifests.documents import Document, Path, read
from graders.families.manifest.documents import Kind, the_one
from graders.families.manifest.mending import moved, with_value

CRONJOB = Kind("CronJob", "batch/v1")
SPEC: Path = ("spec",)
JOB: Path = (*SPEC, "jobTemplate", "spec")
POD: Path = (*JOB, "template", "spec")


@dataclass(frozen=True, slots=True)
class CronJob:
    """The answer's documents, and the one that is the CronJob."""

    documents: tuple[Document, ...]
    cronjob: Document
    is_job: bool = False
    """Whether the learner wrote a Job: then ``cronjob`` is one that would start it, without a schedule."""

    def spec(self, field: str) -> Any:
        """A field of the CronJob's own spec, or None."""
        return self.cronjob.get(*SPEC, field)

    def job(self, field: str) -> Any:
        """A field of the Jobs that it makes, or None."""
        return self.cronjob.get(*JOB, field)

    def pod(self, field: str) -> Any:
        """A field of their pods, or None."""
        return self.cronjob.get(*POD, field)

    def line(self, *path: str | int) -> int:
        """The learner's line of a path in the CronJob."""
        return self.cronjob.line(*path)

    @property
    def containers(self) -> tuple[Any, ...]:
        """What stands in the list of containers, whatever it is."""
        written = self.pod("containers")
        return tuple(written) if isinstance(written, list) else ()


def parse(text: str) -> CronJob:
    """Read an answer that should hold one CronJob. A Job is read as what a CronJob would start.

    Raises AnswerError where the text is no YAML, or holds no CronJob or more than one.
    """
    documents = flattened(read(text))
    jobs = [d for d in documents if d.get("kind") == "Job"]
    others = [d for d in documents if d.get("kind") not in (*_BESIDE, "Job")]
    if len(jobs) == 1 and not others and (cronjob := _around(jobs[0])) is not None:
        return CronJob(tuple(cronjob if d is jobs[0] else d for d in documents), cronjob, is_job=True)
    return CronJob(documents, the_one(documents, CRONJOB))


_BESIDE = ("ConfigMap", "Secret", "ServiceAccount")


def _around(job: Document) -> Document | None:
    """A CronJob that starts a Job; it has no schedule, and the Job's lines."""
    inside = moved(job, SPEC, JOB) or job
    return with_value(inside, ("kind",), "CronJob")
