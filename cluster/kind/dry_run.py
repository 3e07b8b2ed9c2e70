"""The API server's own verdict: a create request as a server-side dry run with strict field validation."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from cluster.admission import admit
from cluster.admission.endpoint import EndpointError, endpoint
from cluster.admission.minor import KNOWN
from cluster.admission.response import ACCEPTED, STRICT, Admission, Cause
from cluster.admission.unread import unread
from cluster.kind.api import Answer, Api
from cluster.kind.hints import steps, with_hints
from cluster.kubernetes import CURRENT
from cluster.manifests.bounds import FILE
from cluster.manifests.documents import Document, Unread, read_each
from cluster.manifests.yaml_errors import StreamError

NAMESPACE = "default"


def admitted(api: Api, document: Document, minor: str = CURRENT) -> Admission:
    """Return the server's verdict on one document. Lines and suggestions are ours, as far as its minor version is known.

    Raises WorldError if the server gives no verdict: it doesn't answer, isn't ready, or denies us access.
    """
    try:
        kind = endpoint(document, KNOWN[minor]).kind
    except EndpointError:
        return admit(document, minor)  # no address to send it to: kubectl would report the same
    if document.complaints and not document.source:
        return admit(document, minor)  # an item of a list, which has no text of its own to send
    if document.complaints:  # only the text has the doubled keys
        answer = _dry_run(api, kind.path(NAMESPACE), document.source, "application/yaml")
    else:
        answer = _dry_run(api, kind.path(NAMESPACE), _in_order(_placed(document.data)), "application/json")
    return _verdict(answer, admit(document, minor), document)


def admitted_text(api: Api, text: str, minor: str = CURRENT) -> tuple[Admission, ...]:
    """Return the server's verdict on each document of a text; unreadable parts are sent unchanged. Raises LimitError, too."""
    found = tuple(read_each(text, FILE)) or (Document(0, {}),)
    return tuple(_sent(api, one) if isinstance(one, Unread) else admitted(api, one, minor) for one in found)


def _sent(api: Api, part: Unread) -> Admission:
    """Return the server's verdict on an unreadable part, unless kubectl wouldn't send it."""
    ours = unread(part)
    if isinstance(part.error.__cause__, StreamError):
        return ours
    answer = _dry_run(api, f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments", part.text, "application/yaml")
    return _verdict(answer, ours, Document(part.index, {}))


def _placed(data: Any) -> Any:
    # A run has its own namespace, so a document isn't refused for the namespace that it names.
    metadata = data.get("metadata") if isinstance(data, dict) else None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("namespace"), str):
        return data
    return {**data, "metadata": {**metadata, "namespace": NAMESPACE}}


def _in_order(value: Any) -> Any:
    """Return the value with each mapping's keys sorted, as kubectl and the server convert YAML to JSON.

    The order matters because the server reports only the first decoding error.
    """
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value)}
    return [_in_order(one) for one in value] if isinstance(value, list) else value


def _dry_run(api: Api, path: str, body: Any, content: str) -> Answer:
    answer = api.ask("POST", path, body, query=STRICT, content=content)
    if trouble := api.trouble(answer):  # no verdict on the document
        raise trouble
    return answer


def _verdict(answer: Answer, ours: Admission, document: Document) -> Admission:
    if answer.good or answer.status == HTTPStatus.CONFLICT:  # the name exists already, but not in a run's namespace
        return Admission(ACCEPTED, warnings=answer.warnings, ignored=tuple(_ignored(ours, answer)))
    details = answer.body.get("details") or {} if isinstance(answer.body, dict) else {}
    causes = tuple(
        Cause(str(one.get("field", "")), str(one.get("reason", "")), str(one.get("message", "")))
        for one in details.get("causes") or ()
    )
    return with_hints(Admission(answer.status, answer.message, causes, answer.warnings), ours, document)


def _ignored(ours: Admission, answer: Answer) -> Iterator[Cause]:
    """Yield the fields that we expect the server to ignore and that its answer lacks: its feature gates may differ from ours."""
    for cause in ours.ignored:
        written = answer.body
        for step in steps(cause.field):
            try:
                written = written[step]
            except (KeyError, IndexError, TypeError):
                yield cause
                break
