"""The refusal of an unreadable text, in the server's words."""

from __future__ import annotations

import re

import yaml

from cluster.admission.response import Admission, Cause
from cluster.errors import AnswerError
from cluster.manifests.documents import Unread
from cluster.manifests.yaml_errors import StreamError

BAD_REQUEST = 400
_KIND = re.compile(r"""^[ {]*["']?kind["']?[ ]*:[ ]*["']?([A-Z][A-Za-z]{1,60})""", re.MULTILINE)


def unread(found: Unread) -> Admission:
    """Return the refusal of a text that isn't YAML; it was sent as the kind that it seems to name.

    If kubectl finds no documents to send, the message is kubectl's own. Source: ``parser.fail`` in go-yaml v2, whose
    lines count from 0 for what its parser finds and from 1 for what its scanner finds.
    """
    error = found.error
    pointer = Cause("", "", error.problem, error.line, error.hint)
    if isinstance(error.__cause__, StreamError):
        return Admission(BAD_REQUEST, str(error.__cause__), pointers=(pointer,))
    named = _KIND.search(found.text)
    kind = named[1] if named else "Deployment"
    message = f"the object provided is unrecognized (must be of type {kind}): {_words(error)}"
    return Admission(BAD_REQUEST, message, pointers=(pointer,))


def _words(error: AnswerError) -> str:
    cause = error.__cause__
    if isinstance(cause, yaml.reader.ReaderError):
        return "yaml: control characters are not allowed"
    if not isinstance(cause, yaml.YAMLError):
        return error.problem
    problem = getattr(cause, "problem", None)
    if not problem:
        return str(cause) if str(cause).startswith("json: ") else f"yaml: {cause}"
    mark = getattr(cause, "problem_mark", None)
    line = mark.line if mark is not None else 0
    context = getattr(cause, "context_mark", None)
    if line:
        line += isinstance(cause, yaml.scanner.ScannerError)
    elif context is not None:
        line = context.line
    return f"yaml: line {line}: {problem}" if line else f"yaml: {problem}"
