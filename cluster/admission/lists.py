"""Split lists into their items, as kubectl does before it sends them.

Source: ``decodeToList`` in apimachinery's pkg/apis/meta/v1/unstructured/unstructuredscheme.go and helpers.go,
``FlattenListVisitor`` in cli-runtime's pkg/resource/visitor.go, and ``NewDiscoveryRESTMapper`` in client-go's
restmapper/discovery.go, which knows a list for each kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from cluster.admission.foreign import foreign
from cluster.admission.minor import KNOWN, Minor
from cluster.kubernetes import CURRENT
from cluster.manifests.bounds import ANSWER, Bounds
from cluster.manifests.documents import Document, Path
from cluster.manifests.yaml_errors import too_many_documents

_LIST = "List"


def flattened(documents: Iterable[Document], bounds: Bounds = ANSWER, minor: str = CURRENT) -> tuple[Document, ...]:
    """Return the documents with each list replaced by its items, renumbered. Raises LimitError for too many."""
    found: list[Document] = []
    for document in documents:
        for _, item in items(document, minor):
            if len(found) == bounds.documents:
                raise too_many_documents(item.line(), bounds)
            found.append(replace(item, index=len(found)))
    return tuple(found)


def items(document: Document, minor: str = CURRENT) -> Iterator[tuple[Path, Document]]:
    """Yield the items of a list and of the lists in it, each with its path; a document that isn't a list is its own item.

    An item has its parent's index and no source text.
    """
    return _items(document, (), KNOWN[minor])


def _items(document: Document, path: Path, minor: Minor) -> Iterator[tuple[Path, Document]]:
    if not is_list(document, minor):
        yield path, document
        return
    version, kind = document.data["apiVersion"], document.data["kind"].removesuffix(_LIST)
    for index, data in enumerate(document.data["items"] or ()):
        if kind and isinstance(data, dict) and not data.get("apiVersion") and not data.get("kind"):
            data = {**data, "apiVersion": version, "kind": kind}  # noqa: PLW2901  kubectl adds the item's kind
        yield from _items(_item(document, ("items", index), data), (*path, "items", index), minor)


def is_list(document: Document, minor: Minor) -> bool:
    """Whether kubectl treats a document as a list: a ``List``, or the list of a known or custom kind."""
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("items", ""), (list, type(None))):
        return False
    version, kind = data.get("apiVersion"), data.get("kind")
    if not isinstance(version, str) or not isinstance(kind, str) or not kind.endswith(_LIST):
        return False
    schema, named = minor.schema, kind.removesuffix(_LIST)
    every = (*schema.kinds, *schema.others)
    if kind == _LIST:
        return any(version == known for known, _ in every)
    return (version, named) in every or bool(foreign(version, named, schema))


def _item(parent: Document, below: Path, data: Any) -> Document:
    doubled = [at for at, one in enumerate(parent.duplicates) if one.path[: len(below)] == below]
    return Document(
        parent.index, data, _Below(parent.lines, below),
        tuple(replace(one, path=one.path[len(below) :]) for one in map(parent.duplicates.__getitem__, doubled)),
        tuple(parent.complaints[at] for at in doubled), "", _Below(parent.texts, below),
    )  # fmt: skip


Noted = TypeVar("Noted")


class _Below(Mapping[Path, Noted]):
    """The part of a mapping below one path, with relative paths as keys."""

    def __init__(self, whole: Mapping[Path, Noted], below: Path) -> None:
        self._whole = whole
        self._below = below

    def __getitem__(self, path: Path) -> Noted:
        return self._whole[(*self._below, *path)]

    def __iter__(self) -> Iterator[Path]:
        size = len(self._below)
        return (path[size:] for path in self._whole if path[:size] == self._below)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reduce__(self) -> tuple[type, tuple[dict[Path, Noted]]]:
        return dict, (dict(self),)
