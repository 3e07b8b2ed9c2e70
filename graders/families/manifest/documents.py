"""The YAML documents of an answer: whether it has a value, and the one document of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cluster.errors import AnswerError
from cluster.manifests.documents import Document, read
from cluster.text.names import is_near
from graders.reading.text import shown


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """A kind of object that an exercise asks for: its name, as in ``kind``, and its ``api``, as in ``apiVersion``."""

    name: str
    api: str

    @property
    def begins(self) -> str:
        """The first lines of such a document, in words."""
        return f"“apiVersion: {self.api}” and “kind: {self.name}”"


def is_started(text: str) -> bool:
    """Whether a YAML answer has a value: comments, document markers and blank fields aren't values."""
    lines = (line.strip() for line in text.splitlines())
    if not any(line and not line.startswith("#") and line not in ("---", "...") for line in lines):
        return False
    try:
        return any(_holds_value(document.data) for document in read(text))
    except AnswerError:
        return True


def is_blank(value: Any) -> bool:
    """Whether a value is null, empty, or a placeholder without a letter or digit, such as ``...``."""
    return value is None or (isinstance(value, str) and not any(map(str.isalnum, value)))


def _holds_value(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_holds_value, value.values() if isinstance(value, dict) else value))
    return not is_blank(value)


def curly(value: Any) -> bool:
    """Whether a text begins or ends with a typographic quote, which YAML reads as a part of the text."""
    return isinstance(value, str) and bool(value) and (value.strip()[:1] in _CURLY or value.strip()[-1:] in _CURLY)


_CURLY = frozenset("“”„‟‘’‚‛«»")


def the_one(documents: Sequence[Document], kind: ObjectKind) -> Document:
    """The one document of the kind that the exercise asks for.

    Raises AnswerError if the answer doesn't have exactly one, or has a document that isn't a manifest.
    """
    found = find(documents, kind)
    if found is not None:
        return found
    raise absent(documents, kind)


def find(documents: Sequence[Document], kind: ObjectKind) -> Document | None:
    """The one document of a kind, or with a misspelled or missing kind; None if the answer has no such document.

    Raises AnswerError if it has several, or a document that isn't a manifest.
    """
    for document in documents:
        if not isinstance(document.data, dict):
            raise AnswerError(
                f"Document {document.index + 1} of your answer is {_what(document.data)}, not a manifest.",
                "A manifest is a block of fields that begins with apiVersion and kind.",
                line=document.line(),
            )
    named = [d for d in documents if d.get("kind") == kind.name]
    candidates = named or [d for d in documents if _meant_as(d.get("kind"), kind.name)]
    if len(candidates) > 1:
        lines = ", ".join(str(d.line("kind")) for d in candidates)
        raise AnswerError(
            f"Your answer has {len(candidates)} {plural(kind.name)} (lines {lines}); the exercise asks for one.",
            "Keep only the one that should be judged.",
        )
    return candidates[0] if candidates else None


def plural(kind: str) -> str:
    """A kind's name in the plural: Deployments, Ingresses."""
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def absent(documents: Sequence[Document], kind: ObjectKind) -> AnswerError:
    """The error for an answer without a document of a kind."""
    hint = f"Start with {kind.begins}."
    if (glued := run_together(documents)) is not None:
        return glued
    kinds = sorted({shown(d.get("kind")) for d in documents if d.get("kind") is not None})
    if documents and not kinds:
        return AnswerError("No document of your answer has a kind.", hint, line=documents[0].line())
    if len(kinds) == 1:
        return AnswerError(
            f"This is a {kinds[0]}; the exercise asks for {article(kind.name)}.", hint, line=documents[0].line("kind")
        )
    return AnswerError(
        f"Your answer has no {kind.name}, only: {', '.join(kinds) or 'nothing'}.", hint,
        line=documents[0].line("kind") if documents else 0,
    )  # fmt: skip


def run_together(documents: Sequence[Document]) -> AnswerError | None:
    """The error for two manifests without a line of dashes between them; None if no manifest has two kinds."""
    again = next((one for d in documents for one in d.duplicates if one.path == ("kind",)), None)
    if again is None:
        return None
    return AnswerError(
        f"“kind” is written twice, {again.where}: a second manifest begins there without a separator.",
        "Put a line with three dashes, ---, between two manifests.",
        line=again.line,
    )


def article(kind: str) -> str:
    """A kind's name with its article: a Deployment, an Ingress."""
    return f"{'an' if kind[:1] in 'AEIO' else 'a'} {kind}"


def _what(data: Any) -> str:
    if isinstance(data, list):
        return "a list"
    return "plain text" if isinstance(data, str) else "a single value"


def _meant_as(written: Any, kind: str) -> bool:
    # Admission then reports the kind's mistake, in the server's words.
    if written is None:
        return True
    return isinstance(written, str) and is_near(written, kind)
