"""A real API server's verdict on a manifest as it is written: a create in a strict dry run, in a corpus's form.

Nothing is prepared and nothing of ours decides: the text is the request's body, without empty documents before it.
Where ``cluster.kind.dry_run`` spares the server a question, it is asked here all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

import yaml

from cluster.admission import admit_text
from cluster.admission.response import STRICT
from cluster.admission.schema import ServedKind
from cluster.kind.api import Answer, Api
from cluster.kind.dry_run import NAMESPACE

Kinds = Mapping[tuple[str, str], ServedKind]

_STANDS_IN = ("apps/v1", "Deployment")
_DOCUMENT_END = re.compile(r"(?m)^---[ \t]*\r?$\n?")
_QUOTED_BYTES = 30


def verdict(api: Api, kind: ServedKind, manifest: str) -> dict[str, Any]:
    """The server's verdict on a manifest that is created as ``kind``, in a corpus's form.

    The row has ``verdict``, ``status``, ``message``, ``causes`` and ``warnings``. Raises WorldError.
    """
    body = _document(manifest).encode()
    answer = api.ask("POST", kind.path(NAMESPACE), body, query=STRICT, content="application/yaml")
    message = "" if answer.good else answer.message
    return {
        "verdict": "accepted" if answer.good else "rejected",
        "status": answer.status,
        "message": message.removesuffix(f" ({_quoted(body)})"),
        "causes": [] if answer.good else list(_causes(answer)),
        "warnings": list(answer.warnings),
    }


def simulated(manifest: str, minor: str) -> dict[str, Any]:
    """The simulated cluster's verdict on a manifest's first document, in a corpus's form."""
    ours = admit_text(manifest, minor)[0]
    return {
        "verdict": "accepted" if ours.accepted else "rejected",
        "status": ours.status,
        "message": ours.message,
        "causes": [{"field": c.field, "reason": c.reason, "message": c.message} for c in ours.causes],
        "warnings": list(ours.warnings),
    }


def address(manifest: str, kinds: Kinds) -> ServedKind:
    """The kind that a manifest is created as: its own, that of a List's first item, or else Deployment."""
    try:
        written = next(iter(yaml.safe_load_all(_document(manifest))), None)
    except (yaml.YAMLError, ValueError):
        written = None
    for one in (written, _first_item(written)):
        if isinstance(one, dict) and (found := kinds.get((str(one.get("apiVersion")), str(one.get("kind"))))):
            return found
    return kinds[_STANDS_IN]


def _document(manifest: str) -> str:
    """A text from its first document with content on: the server reads one document, and an empty one as null."""
    documents = _DOCUMENT_END.split(manifest)
    empty = sum(1 for _ in takewhile(lambda one: not one.strip(), documents[:-1]))
    return _DOCUMENT_END.sub("", manifest, count=empty) if empty > 1 else manifest


def _quoted(body: bytes) -> str:
    """The beginning of a request's body as the server appends it to some refusals.

    Source: ``summarizeData`` in k8s.io/apiserver's pkg/endpoints/handlers/rest.go.
    """
    if not body:
        return "<empty>"
    cut = body[:_QUOTED_BYTES]
    shown = cut.decode(errors="replace") if body.startswith(b"{") else cut.hex()
    return shown + (" ..." if len(body) > _QUOTED_BYTES else "")


def _first_item(written: Any) -> Any:
    items = written.get("items") if isinstance(written, dict) else None
    return items[0] if isinstance(items, list) and items else None


def _causes(answer: Answer) -> list[dict[str, str]]:
    details = answer.body.get("details") if isinstance(answer.body, dict) else None
    causes = (details or {}).get("causes") or ()
    return [{name: str(one.get(name, "")) for name in ("field", "reason", "message")} for one in causes]
