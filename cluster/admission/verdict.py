"""The verdict on a document: the answer to a create request in a server-side dry run with strict field validation."""

from __future__ import annotations

from dataclasses import replace

from cluster.admission.decode import Decoding, Object, decode, dotted
from cluster.admission.endpoint import Endpoint, EndpointError, endpoint
from cluster.admission.ignored import remarks, without
from cluster.admission.minor import KNOWN, Minor
from cluster.admission.pointers import pointers
from cluster.admission.problems import Problem
from cluster.admission.response import Admission, Cause
from cluster.admission.rules import JUDGED, validate
from cluster.admission.suggestions import line, suggestion
from cluster.admission.unread import unread
from cluster.kubernetes import CURRENT
from cluster.manifests.bounds import FILE
from cluster.manifests.documents import Document, Unread, read_each
from cluster.manifests.go_text import quoted

BAD_REQUEST, UNPROCESSABLE = 400, 422


def admit(document: Document, minor: str = CURRENT) -> Admission:
    """Return the verdict on one document of a server with this minor version (such as ``1.37``, one of ``KNOWN``).

    Source: the create handler of k8s.io/apiserver, in its order: find the kind, decode, then validate.
    """
    return _admit(document, KNOWN[minor])


def admit_text(text: str, minor: str = CURRENT) -> tuple[Admission, ...]:
    """Return the verdict on each document of a text; unreadable parts are refused in the server's words.

    The server treats a text without documents as an object without fields. Raises LimitError.
    """
    found = tuple(read_each(text, FILE)) or (Document(0, {}),)
    return tuple(unread(one) if isinstance(one, Unread) else _admit(one, KNOWN[minor]) for one in found)


def _admit(document: Document, minor: Minor) -> Admission:
    try:
        where = endpoint(document, minor)
    except EndpointError as refused:
        return Admission(refused.status, str(refused), pointers=refused.pointers, unjudged=refused.unjudged)
    decoded, state = decode(document.data, where.kind.type, minor.schema)
    refusal = _decoding_refusal(document, state)
    if refusal:
        message = (
            f'{where.kind.name} in version "{where.kind.version}" cannot be handled as a {where.kind.name}: {refusal}'
        )
        return Admission(BAD_REQUEST, message, pointers=pointers(document, where.kind, state, minor.schema))
    if state.ignored:
        decoded = without(decoded, state.ignored)
    verdict = _validated(document, where, decoded, minor)
    return replace(verdict, ignored=remarks(document, where.kind, state.ignored, minor)) if state.ignored else verdict


def _decoding_refusal(document: Document, state: Decoding) -> str:
    if state.error:
        return state.error
    strict = []
    if document.complaints:
        strict.append("yaml: unmarshal errors:\n  " + "\n  ".join(document.complaints))
    strict += [f"unknown field {quoted(dotted(path))}" for path in state.unknown]
    return f"strict decoding error: {', '.join(strict)}" if strict else ""


def _validated(document: Document, where: Endpoint, decoded: Object, minor: Minor) -> Admission:
    problems, warnings = validate(where.kind, decoded, minor)
    if not problems:
        return Admission(warnings=warnings, decoded_only=(where.kind.api_version, where.kind.name) not in JUDGED)
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
