"""Our lines and suggestions for a real server's refusal.

Minor versions word the same refusal differently, so our causes are matched by the blamed field and the kind of cause,
never by words. The server's message stays unchanged; a field that it doesn't blame gets no pointer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from cluster.admission.response import Admission, Cause
from cluster.limits import ADMISSION_CHARACTERS, ADMISSION_PROBLEMS
from cluster.manifests.documents import Document, Path
from cluster.manifests.go_text import quoted

_UNKNOWN, _DUPLICATE, _MISTYPED = "FieldValueForbidden", "FieldValueDuplicate", "FieldValueTypeInvalid"

_STRICT = re.compile(
    r'unknown field "(?P<unknown>(?:[^"\\]|\\.)*)"|duplicate field "(?P<duplicate>(?:[^"\\]|\\.)*)"'
    r'|line \d+: key (?P<key>"(?:[^"\\]|\\.)*"|[^ "]+) already set in map'
)
_TYPE = re.compile(
    r"json: cannot unmarshal (?P<what>\w+)(?: \S+)? into Go struct field \w*\.(?P<path>[\w.]+) of type \S+"
)
_EMBEDDED = re.compile(r"(?:^|\.)[A-Z]\w*")
_IRRELEVANT = re.compile(
    r" \(must be of type \w+\)| in scheme \"[^\"]*\"| into Go value of type .*| \((?:<empty>|[0-9a-f]+(?: \.\.\.)?|\{.*)\)\Z",
    re.DOTALL,
)
"""Parts of a message that say nothing about the answer: the kind of the address, Go's names, the beginning of the body."""


@dataclass(frozen=True, slots=True)
class _Blame:
    """One thing that a message without causes blames: the kind of cause, and the field's path if the message has it.

    ``detail`` distinguishes problems without a path: a doubled key, a value's type, a whole message.
    """

    reason: str
    path: str = ""
    detail: str = ""
    words: str = field(default="", compare=False)


def with_hints(server: Admission, ours: Admission, document: Document) -> Admission:
    """Return the server's refusal with our line and suggestion for each cause that we found too, by field and reason.

    A refusal without causes keeps our pointers to the fields that it blames. A cause that only the server has gets the
    line of its field, or of the field's nearest written ancestor.
    """
    if server.causes:
        return replace(server, causes=tuple(_paired(server.causes, ours.causes, document)))
    if server.status != ours.status:
        ours = Admission(server.status)
    return replace(server, pointers=_pointers(server.message, ours, document))


def _paired(said: Sequence[Cause], ours: Sequence[Cause], document: Document) -> Iterator[Cause]:
    """Yield the server's causes in order. Of several with one reason on one field, those with equal words are paired first."""
    left, partners = list(ours), dict[int, Cause]()
    for equal_words in (True, False):
        for index, cause in enumerate(said):
            alike = (own for own in left if (own.field, own.reason) == (cause.field, cause.reason))
            own = next((own for own in alike if own.message == cause.message or not equal_words), None)
            if own is not None and index not in partners:
                partners[index] = own
                left.remove(own)
    for index, cause in enumerate(said):
        own = partners.get(index) or Cause("", "", "", document.line(*steps(cause.field)))
        yield replace(cause, line=own.line, suggestion=own.suggestion)


def _pointers(message: str, ours: Admission, document: Document) -> tuple[Cause, ...]:
    """Return our pointers to the fields that a message blames, and new pointers for those that only the server blames."""
    said, foreseen = _blamed(message), _blamed(ours.message)
    if Counter(said) == Counter(foreseen):
        return ours.pointers
    pointed = [(pointer, {*_blames(pointer, document)}) for pointer in ours.pointers]
    kept = [pointer for pointer, blames in pointed if not blames.isdisjoint(said)]
    known = {*foreseen}.union(*(blames for _, blames in pointed))
    added = [_pointer(blame, document) for blame in dict.fromkeys(said) if blame.path and blame not in known]
    return tuple(sorted((*kept, *added), key=lambda pointer: pointer.line))


def _blamed(message: str) -> tuple[_Blame, ...]:
    """Return the problems in a message, in order; for a message of unknown form, the message itself.

    Sources: ``strictDecodingError`` in apimachinery's pkg/runtime/error.go, ``addErrorContext`` in sigs.k8s.io/json.
    Since its version of 2025, a path includes Go's names of embedded structs, which begin with a capital.
    """
    _, strict, listed = message.partition("strict decoding error: ")
    found = islice(_STRICT.finditer(listed), ADMISSION_PROBLEMS) if strict else ()
    if blames := tuple(map(_strictly, found)):
        return blames
    if mistyped := _TYPE.search(message):
        return (_Blame(_MISTYPED, _EMBEDDED.sub("", mistyped["path"]).lstrip("."), mistyped["what"], mistyped[0]),)
    return (_Blame("", "", _IRRELEVANT.sub("", message)),)


def _strictly(found: re.Match[str]) -> _Blame:
    if found["key"] is not None:  # its line counts from the document's beginning, not the file's
        return _Blame(_DUPLICATE, "", found["key"])
    reason, path = (_UNKNOWN, found["unknown"]) if found["duplicate"] is None else (_DUPLICATE, found["duplicate"])
    return _Blame(reason, path[:ADMISSION_CHARACTERS], "", found[0])


def _blames(pointer: Cause, document: Document) -> Iterator[_Blame]:
    """Yield the problems that a message would have for this pointer; there are two forms for a doubled key."""
    path = quoted(pointer.field)[1:-1]
    if pointer.reason in (_UNKNOWN, _DUPLICATE):
        yield _Blame(pointer.reason, path)
    if pointer.reason == _DUPLICATE:
        for doubled, complaint in zip(document.duplicates, document.complaints, strict=True):
            if doubled.line == pointer.line and (found := _STRICT.search(complaint)):
                yield _strictly(found)


def _pointer(blame: _Blame, document: Document) -> Cause:
    path = steps(blame.path)
    if blame.reason == _MISTYPED:  # the path has no list indices: it is unique if only one entry has the field
        written = [p for p in document.lines if p and isinstance(p[-1], str) and _names(p) == path]
        path = written[0] if len(written) == 1 else path
    return Cause(blame.path, blame.reason, blame.words, document.line(*path))


def _names(path: Path) -> Path:
    return tuple(step for step in path if isinstance(step, str))


def steps(written: str) -> Path:
    """Split a field's path as the server writes it: ``spec.containers[0].image``."""
    found = re.findall(r"\[(\d+)\]|\[([^\]]*)\]|([^.\[\]]+)", written)
    return tuple(int(index) if index else key or name for index, key, name in found)
