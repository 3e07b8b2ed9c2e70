"""Read an answer with one Deployment: its documents, and the application's container."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cluster.admission.lists import flattened
from cluster.manifests.documents import Document, Path, read
from graders.families.manifest.documents import ObjectKind, the_one

DEPLOYMENT = ObjectKind("Deployment", "apps/v1")
CONTAINERS: Path = ("spec", "template", "spec", "containers")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The answer's documents, the Deployment among them, and the application's container.

    ``container`` is the index of that container in ``spec.template.spec.containers``; None if the template has no
    container.
    """

    documents: tuple[Document, ...]
    deployment: Document
    container: int | None

    @property
    def path(self) -> Path:
        """The path of the application's container; if there is no container, the path of the list."""
        return CONTAINERS if self.container is None else (*CONTAINERS, self.container)

    def of(self, *path: str | int) -> Any:
        """A value in the application's container, or None."""
        return None if self.container is None else self.deployment.get(*self.path, *path)

    def line(self, *path: str | int) -> int:
        """The learner's line of a path in the application's container."""
        return self.deployment.line(*self.path, *path)

    def others(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The template's other containers, with their indices."""
        for index, container in containers(self.deployment):
            if index != self.container:
                yield index, container

    @property
    def name(self) -> str:
        """The name of the application's container, as the learner wrote it."""
        name = self.of("name")
        return name if isinstance(name, str) else "the container"


def parse(text: str, image: str, port: int) -> Manifest:
    """Read an answer that should hold one Deployment of ``image`` (a repository, without a tag) at ``port``.

    Raises AnswerError if the text isn't YAML, or doesn't have exactly one Deployment.
    """
    documents = flattened(read(text))
    return of_deployment(documents, the_one(documents, DEPLOYMENT), image, port)


def of_deployment(documents: tuple[Document, ...], deployment: Document, image: str, port: int) -> Manifest:
    """The answer from its documents; ``deployment`` is one of them, and runs ``image`` at ``port``."""
    return Manifest(documents, deployment, _application(deployment, image, port))


def containers(deployment: Document) -> Iterator[tuple[int, dict[str, Any]]]:
    """The containers of a Deployment's template that are mappings, with their indices."""
    written = deployment.get(*CONTAINERS)
    for index, container in enumerate(written if isinstance(written, list) else []):
        if isinstance(container, dict):
            yield index, container


def repository(image: Any) -> str:
    """An image reference without registry, tag and digest: ``shop/orders`` of ``localhost/shop/orders:1.0.0``."""
    if not isinstance(image, str):
        return ""
    parts = image.strip().split("@")[0].split("/")
    if len(parts) > 1 and ("." in parts[0] or ":" in parts[0] or parts[0] == "localhost"):
        parts = parts[1:]
    return "/".join([*parts[:-1], parts[-1].split(":")[0]])


def _application(deployment: Document, image: str, port: int) -> int | None:
    every = list(containers(deployment))
    by_image = [index for index, c in every if repository(c.get("image")) == image]
    by_name = [index for index, c in every if c.get("name") in (image.rpartition("/")[2], "api", "orders-api")]
    by_port = [index for index, c in every if _listens(c, port)]
    first = [index for index, _ in every]
    return next((found[0] for found in (by_image, by_name, by_port, first) if found), None)


def _listens(container: dict[str, Any], port: int) -> bool:
    ports = container.get("ports")
    return isinstance(ports, list) and any(isinstance(p, dict) and p.get("containerPort") == port for p in ports)
