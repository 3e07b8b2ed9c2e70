"""Which part each node may play, from its name, its label, or a ``role=`` that it states."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graders.answers.drawing import Node
from graders.diagrams.words import (
    DECISIVE,
    NAMES,
    OTHER_KIND,
    OTHER_WORKERS,
    PARTS,
    SAME_KIND,
    STATED,
    STRONG,
    WEAK,
    Role,
)

WORDS_READ = 300
"""How much of a label is looked at for words, in characters."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SUFFIXES = ("queue", "cache", "database", "db", "api", "worker", "service", "server", "broker", "mq")
_WORD_COMPOUNDS = {"rabbitmq", "zeromq", "activemq", "mongodb", "dynamodb", "timescaledb", "couchdb", "mariadb", "cockroachdb",
                   "sqlserver", "keydb", "keyvaluedb", "webserver", "mailserver", "microservice"}  # fmt: skip


_ASIDE = re.compile(
    r"[(\[{,;:/|–—]|\s[-+&]\s|\s(?:with|for|and|by|via|incl|including|mit|für|avec|con)\s", re.IGNORECASE
)
"""Where a label turns from the name of a thing to what it says of it."""

_MAYBE_SERVED = ("web app", "webapp", "website", "web site")
"""What may be what people click on, or the server behind it."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The roles that a node may play, likeliest first.

    ``merged`` are parts that it plainly plays at once: with more than two of them there is no other reading.

    ``other_kind`` are the parts that it plays with a product of another kind than was asked for.
    """

    roles: tuple[Role, ...]
    merged: tuple[Role, ...] = ()
    other_kind: frozenset[Role] = frozenset()


def candidates(node: Node) -> Candidates:
    """What a node may be. A node that says nothing that we know is some other part."""
    labelled, named = words(node.text), words(node.name)
    if node.role in STATED:
        return Candidates((STATED[node.role],), other_kind=_other_kind(f"{labelled}{named}"))
    head = _head(node)
    for spoken in (labelled, f"{labelled}{named.lstrip()}", f"{labelled}{named}{words(' '.join(node.within))}"):
        found = _from(spoken, head)
        if found.roles != (Role.OTHER,):
            return found
    return Candidates((Role.OTHER,))


def words(text: str) -> str:
    """A text as folded words with a space on either side of each: `` orders db ``."""
    text = re.sub(r"[^\W_]+", _uncompounded, unicodedata.normalize("NFKC", text[:WORDS_READ])[:WORDS_READ])
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = re.sub(r"\be[\s-]?mail", "email", text)
    tokens = [part for token in re.findall(r"[^\W_]+", text) for part in _parts(token)]
    return f" {' '.join(tokens)} "


def _uncompounded(match: re.Match[str]) -> str:
    # "OrdersAPI" is two words, and "MySQL" is one that we know.
    return match[0] if f" {match[0].casefold()} " in _KNOWN else _CAMEL.sub(" ", match[0])


def _parts(token: str) -> Iterable[str]:
    token = token.rstrip("0123456789") or token
    if token in _WORD_COMPOUNDS or f" {token} " in _KNOWN:
        return (token,)
    for suffix in _SUFFIXES:
        stem = token.removesuffix(suffix)
        if stem != token and len(stem) > 2:  # noqa: PLR2004  "ordersdb" is two words, "xdb" may be one
            return (stem, suffix)
    return (token,)


def _has(spoken: str, table: Mapping[Role, frozenset[str]]) -> list[Role]:
    return [role for role, known in table.items() if any(f" {word} " in spoken for word in known)]


def _head(node: Node) -> str:
    """What the label names, as words, without what it says of it: the API of ``Orders API (logging, /metrics)``.

    Empty where the label has one piece only, or where its beginning names no part.
    """
    first = node.lines[0] if node.lines else node.text
    head = words(_ASIDE.split(first, maxsplit=1)[0])
    return head if head.strip() and head != words(node.text) and _has(head, NAMES) else ""


def _from(spoken: str, head: str = "") -> Candidates:
    decisive = _has(head or spoken, DECISIVE)
    strong, weak = _has(spoken, STRONG), _has(spoken, WEAK)
    stores: list[Role] = [r for r in (Role.QUEUE, Role.CACHE, Role.DATABASE) if r in strong]
    if Role.DEAD_LETTERS in decisive or Role.POOLER in decisive or Role.OBSERVER in decisive:
        return Candidates((decisive[0],))
    if decisive and not (stores and decisive == [Role.PROVIDER]):
        return _decided(decisive, strong, spoken)
    if stores:
        return _store(spoken, strong, stores, weak)
    if Role.WORKER in strong or (Role.WORKER in weak and Role.API not in strong and Role.CLIENT not in strong):
        return _worker(spoken, strong)
    if Role.CLIENT in strong:
        return Candidates(_client(spoken, strong))
    if Role.API in strong:
        return Candidates((Role.OTHER, Role.API) if _other_service(spoken) else (Role.API, Role.OTHER))
    if Role.CACHE in weak:
        return Candidates((Role.CACHE, Role.QUEUE))
    if weak:
        return Candidates((Role.OTHER,) if _other_service(spoken) else (*weak, Role.OTHER))
    return Candidates((Role.OTHER,))


def _decided(decisive: list[Role], strong: list[Role], spoken: str) -> Candidates:
    # "API gateway" is a gateway and "orders API (nginx)" may be either; an outbox beside a table is a relay.
    also = [r for r in strong if r in PARTS]
    if decisive[0] is Role.GATEWAY and Role.API in also and " gateway " not in spoken:
        return Candidates((Role.GATEWAY, Role.API))
    if decisive[0] is Role.PROVIDER and Role.WORKER in also:
        return Candidates((Role.WORKER, Role.PROVIDER))
    return Candidates((decisive[0],))


def _store(spoken: str, strong: list[Role], stores: list[Role], weak: list[Role]) -> Candidates:
    parts = [r for r in PARTS if r in strong]
    if len(parts) > 2:  # noqa: PLR2004  one box for everything
        return Candidates((), tuple(parts))
    if stores == [Role.QUEUE] and Role.WORKER in parts:
        # "queue consumer", "worker (RabbitMQ)": what it does outweighs where it listens.
        return Candidates((Role.WORKER, Role.QUEUE) if " queue " not in spoken else (Role.QUEUE, Role.WORKER))
    if Role.API in parts and len(parts) > 1:
        # "API server (PostgreSQL)": one box for two parts, or a store that is named after its user.
        return Candidates((stores[0], Role.API))
    if set(stores) == {Role.QUEUE, Role.CACHE}:
        return Candidates((Role.CACHE, Role.QUEUE), (Role.CACHE, Role.QUEUE))
    if set(stores) == {Role.CACHE, Role.DATABASE} and Role.CACHE in weak:
        return Candidates((Role.CACHE, Role.DATABASE), other_kind=_other_kind(spoken))
    if len(stores) == 1:
        return Candidates((stores[0],), other_kind=_other_kind(spoken))
    return Candidates(tuple(reversed(stores)), other_kind=_other_kind(spoken))


def _worker(spoken: str, strong: list[Role]) -> Candidates:
    if Role.API in strong and Role.WORKER in strong:
        return Candidates((Role.WORKER, Role.API), (Role.API, Role.WORKER))
    if _other_service(spoken) and " email " not in spoken and " mail " not in spoken:
        return Candidates((Role.OTHER,))
    return Candidates((Role.WORKER, Role.OTHER))


def _client(spoken: str, strong: list[Role]) -> tuple[Role, ...]:
    if Role.API in strong or " service " in spoken:
        return Role.OTHER, Role.API  # "customer service", "user API": a service about people
    return (Role.CLIENT, Role.API) if any(f" {w} " in spoken for w in _MAYBE_SERVED) else (Role.CLIENT,)


def _other_service(spoken: str) -> bool:
    return any(f" {word} " in spoken for word in OTHER_WORKERS)


def _other_kind(spoken: str) -> frozenset[Role]:
    return frozenset(
        role
        for role, products in OTHER_KIND.items()
        if any(f" {p} " in spoken for p in products) and not any(f" {p} " in spoken for p in SAME_KIND[role])
    )


_KNOWN = "".join(
    f" {word} "
    for table in (DECISIVE, STRONG, WEAK)
    for known in table.values()
    for phrase in known
    for word in phrase.split()
)
