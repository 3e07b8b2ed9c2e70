"""The verdict on a document, as a create in a server-side dry run with strict field validation would get it."""

from __future__ import annotations

from cluster.admission import Admission, Cause
from cluster.errors import AnswerError
from cluster.manifests import Document, read
from cluster.simulated.admission.decode import Decoding, Object, decode, dotted
from cluster.simulated.admission.endpoint import Endpoint, RefusedError, endpoint
from cluster.simulated.admission.pointers import pointers
from cluster.simulated.admission.problems import Problem, quoted
from cluster.simulated.admission.rules import validate
from cluster.simulated.admission.suggestions import line, suggestion
from cluster.simulated.admission.unread import unread

BAD_REQUEST, UNPROCESSABLE = 400, 422


def admit(document: Document) -> Admission:
    """The verdict on one document.

    Source: the create handler of k8s.io/apiserver, in its order: which kind, decoding, then validation.
    """
    try:
        where = endpoint(document)
    except RefusedError as refused:
        return Admission(refused.status, str(refused), pointers=refused.pointers)
    decoded, state = decode(document.data, where.kind.type)
    refusal = _decoding_refusal(document, state)
    if refusal:
        message = (
            f'{where.kind.name} in version "{where.kind.version}" cannot be handled as a {where.kind.name}: {refusal}'
        )
        return Admission(BAD_REQUEST, message, pointers=pointers(document, where.kind, state))
    return _validated(document, where, decoded)


def admit_text(text: str) -> tuple[Admission, ...]:
    """The verdict on each document of a text; a text that can't be read is refused as the server refuses it.

    A text without documents is, to the server, an object without fields.
    """
    try:
        documents = read(text)
    except AnswerError as error:
        return (unread(error, text),)
    return tuple(admit(document) for document in documents or (Document(0, {}),))


def _decoding_refusal(document: Document, state: Decoding) -> str:
    if state.error:
        return state.error
    strict = []
    if document.complaints:
        strict.append("yaml: unmarshal errors:\n  " + "\n  ".join(document.complaints))
    strict += [f"unknown field {quoted(dotted(path))}" for path in state.unknown]
    return f"strict decoding error: {', '.join(strict)}" if strict else ""


def _validated(document: Document, where: Endpoint, decoded: Object) -> Admission:
    problems, warnings = validate(where.kind, decoded)
    if not problems:
        return Admission(warnings=warnings)
    causes = tuple(_cause(document, problem) for problem in problems)
    listed = list(dict.fromkeys(f"{cause.field}: {cause.message}" for cause in causes))
    whole = listed[0] if len(listed) == 1 else f"[{', '.join(listed)}]"
    metadata = decoded.get("metadata", {})
    name = metadata.get("name", "") or metadata.get("generateName", "")
    return Admission(UNPROCESSABLE, f"{where.kind.qualified} {quoted(name)} is invalid: {whole}", causes, warnings)


def _cause(document: Document, problem: Problem) -> Cause:
    return Cause(
        dotted(problem.path), problem.reason, problem.message, line(document, problem), suggestion(document, problem)
    )
