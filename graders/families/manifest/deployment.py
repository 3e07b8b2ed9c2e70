"""A Deployment as a learner wrote it: the documents of the answer, and the parts that the rubric asks about."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cluster.admission.lists import flattened
from cluster.errors import AnswerError
from cluster.manifests.documents import Document, Path, read
from graders.reading.text import shown

CONTAINERS: Path = ("spec", "template", "spec", "containers")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The answer's documents, the one that is the Deployment, and where in it the application's container is.

    ``container`` is the index in ``spec.template.spec.containers`` of the container that runs the application;
    None where the template has none.
    """

    documents: tuple[Document, ...]
    deployment: Document
    container: int | None

    @property
    def path(self) -> Path:
        """The path of the application's container; the path of the list where there is none."""
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

    Raises AnswerError where the text is no YAML, or holds no Deployment or more than one.
    """
    documents = flattened(read(text))
    deployment = the_one(documents, "Deployment", "apps/v1")
    return Manifest(documents, deployment, _application(deployment, image, port))


def is_started(text: str) -> bool:
    """Whether a YAML answer has a value anywhere: comments, document markers and a form whose fields are blank are none."""
    lines = (line.strip() for line in text.splitlines())
    if not any(line and not line.startswith("#") and line not in ("---", "...") for line in lines):
        return False
    try:
        return any(_holds_value(document.data) for document in read(text))
    except AnswerError:
        return True


def is_blank(value: Any) -> bool:
    """Whether a value stands for none: null, nothing, or a placeholder without a letter or digit, such as ``...``."""
    return value is None or (isinstance(value, str) and not any(map(str.isalnum, value)))


def _holds_value(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_holds_value, value.values() if isinstance(value, dict) else value))
    return not is_blank(value)


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


def curly(value: Any) -> bool:
    """Whether a text begins or ends with a typographic quote, which YAML takes for a part of it."""
    return isinstance(value, str) and bool(value) and (value.strip()[:1] in _CURLY or value.strip()[-1:] in _CURLY)


_CURLY = frozenset("“”„‟‘’‚‛«»")


def the_one(documents: tuple[Document, ...], kind: str, api: str) -> Document:
    """The one document of a kind that the exercise asks for; ``api`` is its apiVersion, for the hint.

    Raises AnswerError where there is none of the kind, more than one, or something that is no manifest.
    """
    for document in documents:
        if not isinstance(document.data, dict):
            raise AnswerError(
                f"Document {document.index + 1} of your answer is {_what(document.data)}, not a manifest.",
                "A manifest is a block of fields that begins with apiVersion and kind.",
                line=document.line(),
            )
    named = [d for d in documents if d.get("kind") == kind]
    candidates = named or [d for d in documents if _meant_as(d.get("kind"), kind)]
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        lines = ", ".join(str(d.line("kind")) for d in candidates)
        raise AnswerError(
            f"There are {len(candidates)} {kind}s in your answer (lines {lines}); the exercise asks for one.",
            "Keep the one that you want judged.",
        )
    hint = f"Start with “apiVersion: {api}” and “kind: {kind}”."
    if again := next((line for d in documents for path, line in d.duplicates if path == ("kind",)), 0):
        raise AnswerError(
            f"“kind” is written a second time in line {again}: a second manifest begins without a line between the two.",
            "Put a line with three dashes, ---, between one manifest and the next.",
            line=again,
        )
    kinds = sorted({shown(d.get("kind")) for d in documents})
    if len(kinds) == 1:
        raise AnswerError(
            f"This is a {kinds[0]}; the exercise asks for a {kind}.", hint, line=documents[0].line("kind")
        )
    raise AnswerError(
        f"There is no {kind} in your answer, only: {', '.join(kinds) or 'nothing'}.", hint,
        line=documents[0].line("kind") if documents else 0,
    )  # fmt: skip


def _what(data: Any) -> str:
    if isinstance(data, list):
        return "a list"
    return "plain text" if isinstance(data, str) else "a single value"


def _meant_as(written: Any, kind: str) -> bool:
    # Admission then says what is wrong with the kind, in the server's words.
    if written is None:
        return True
    return isinstance(written, str) and bool(
        difflib.get_close_matches(written.lower()[:60], [kind.lower()], cutoff=0.8)
    )


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
