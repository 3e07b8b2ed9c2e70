"""The parts that each node may be, from its name, its label, its clusters, or its attribute ``role=``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cluster.text.names import normalize
from graders.application_platform.exercises.diagram.words import (
    NAMED,
    NEARLY,
    OTHER_KIND,
    PARTS,
    STATED,
    WORDS,
    Meaning,
    Role,
    Topic,
)
from graders.reading.dot.drawing import Node
from graders.reading.vocabulary import misspelled

WORDS_READ = 200
"""The number of a label's characters that are read."""

LONGEST_PHRASE = 4
"""The number of words in the longest phrase of the table."""

SHORT_NOUN = 5
"""The length of the shortest nouns that are recognized when misspelled, in letters."""

WORDS_CORRECTED = 12
"""The number of a label's words that are checked for misspellings."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_ASIDE = re.compile(
    r"[(\[{,;:/|–—]|\s[-+&]\s|\s(?:with|for|and|by|via|incl|including|mit|für|avec|con|com|para|pour|per)\s",
    re.IGNORECASE,
)
"""Where a label ends the name of a thing and begins a description."""

_BESIDE = (
    Role.SCHEDULED, Role.DEAD_LETTERS, Role.POOLER, Role.OBSERVER, Role.RELAY, Role.GATEWAY, Role.PROVIDER, Role.OTHER,
)  # fmt: skip
"""Roles that take precedence over all other words of a node's name, in this order."""

_TOPICS: Mapping[Topic, Role] = {Topic.EMAIL: Role.WORKER, Topic.ORDERS: Role.API, Topic.MESSAGES: Role.QUEUE}
_SUBJECT: Mapping[Role, Topic] = {Role.API: Topic.ORDERS, Role.WORKER: Topic.EMAIL}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The roles that a node may have, the most likely first.

    ``merged`` are parts that it has at once; without ``roles`` it has no other reading. ``other_kind`` are the parts
    for which it names a product of the wrong kind. ``plain`` says that it names its part and doesn't only hint at it;
    ``about`` is how well its subject fits: 2 for the exercise's own, 1 for no subject, 0 for another one. ``read_as``
    are misspellings with the right words. ``unread`` says that it has no known word.
    """

    roles: tuple[Role, ...]
    merged: tuple[Role, ...] = ()
    other_kind: frozenset[Role] = frozenset()
    plain: bool = True
    about: int = 1
    read_as: tuple[tuple[str, str], ...] = ()
    unread: bool = False


@dataclass(slots=True)
class _Said:
    """The meanings of a text's words, in order; the first ``head`` of them name the thing itself."""

    found: list[tuple[Meaning, str]] = field(default_factory=list)
    head: int = 0
    foreign: bool = False
    read_as: list[tuple[str, str]] = field(default_factory=list)

    def meanings(self) -> list[Meaning]:
        return [meaning for meaning, _ in self.found]


def candidates(nodes: Sequence[Node]) -> dict[str, Candidates]:
    """Return the possible roles of each node; a node without a known word is another part."""
    own = {node.name: _own(node) for node in nodes}
    zones = _zones(nodes, own)
    return _settled({node.name: _in_cluster(node, own[node.name], zones) for node in nodes})


def _own(node: Node) -> Candidates:
    labeled, named = _said(node.lines or (node.text,), node.text), _said((node.name,), node.name)
    if node.role in STATED:
        both = [*labeled.found, *named.found]
        return Candidates((STATED[node.role],), other_kind=_other_kind(both), about=2)
    first = _from(labeled)
    if first.plain or node.name == node.text:
        return first
    second = _from(named)
    if second.plain or first.unread:
        return second
    return replace(first, roles=tuple(dict.fromkeys((*first.roles, *second.roles))))


def _zones(nodes: Sequence[Node], own: Mapping[str, Candidates]) -> dict[str, Candidates]:
    """Return the clusters whose label names a part that no node inside names: they are that part, not a zone around it."""
    labels = dict.fromkeys(label for node in nodes for label in node.within)
    zones = {}
    for label in labels:
        read = _from(_said((label,), label))
        inside = [own[n.name] for n in nodes if label in n.within]
        if read.plain and read.roles[:1] and read.roles[0] in PARTS and not any(
            one.plain and one.roles[:1] == read.roles[:1] for one in inside
        ):  # fmt: skip
            zones[label] = read
    return zones


def _in_cluster(node: Node, own: Candidates, zones: Mapping[str, Candidates]) -> Candidates:
    for label in node.within:
        zone = zones.get(label)
        if zone is None or _stands_alone(own, zone):
            continue
        roles = (*own.roles, zone.roles[0]) if own.plain else (zone.roles[0], *own.roles)
        return replace(
            own, roles=tuple(dict.fromkeys(roles)), plain=True, about=zone.about, unread=False,
            other_kind=own.other_kind | zone.other_kind,
        )  # fmt: skip
    return own


def _stands_alone(own: Candidates, zone: Candidates) -> bool:
    """Whether a node's own words decide, in any cluster: a “cache client” may belong to the API, a “cache” doesn't."""
    if not own.plain or not own.roles:
        return False
    if own.roles[0] in (Role.OTHER, Role.PROVIDER, Role.RELAY, Role.CLIENT):
        return zone.about < 2  # noqa: PLR2004  a separate part, unless the cluster names the part that it belongs to
    return own.roles[0] not in PARTS or (own.about > 0 and len(own.roles) == 1)


def _settled(found: Mapping[str, Candidates]) -> dict[str, Candidates]:
    """Remove unlikely readings.

    If one node names a service, a node that only hints at it isn't that service; if one is about orders or emails, a
    node with another subject isn't it. The only Redis is the cache. A box that names
    several parts doesn't stand for them if they have their own nodes.
    """
    best = {
        role: max(((c.plain, c.about) for c in found.values() if role in c.roles), default=(False, 0))
        for role in _SUBJECT
    }
    caches = sum(Role.CACHE in (*c.roles, *c.merged) for c in found.values())
    alone = {c.roles[0] for c in found.values() if c.plain and len(c.roles) == 1}

    def likely(one: Candidates, role: Role) -> bool:
        if role in best and best[role][0]:
            return one.plain and (one.about > 0 or best[role][1] == 0)
        return not (role is Role.QUEUE and one.roles[0] is Role.CACHE and not one.merged and caches == 1)

    settled = {}
    for name, one in found.items():
        merged = one.merged
        if len(merged) > 2:  # noqa: PLR2004  one box for everything
            left = tuple(r for r in merged if r not in alone)
            merged = merged if len(left) > 2 else left if len(left) == 2 else ()  # noqa: PLR2004
        roles = () if len(merged) > 2 else tuple(r for r in one.roles if likely(one, r))  # noqa: PLR2004
        settled[name] = replace(one, roles=roles or (() if merged else (Role.OTHER,)), merged=merged)
    return settled


def _said(pieces: Sequence[str], text: str) -> _Said:
    said = _Said()
    words = _words(text)
    head = len(_words(_ASIDE.split(pieces[0], maxsplit=1)[0])) if pieces else 0
    index = 0
    while index < len(words):
        length, meaning, key = _match(words, index, said, named=index < head)
        if meaning is not None:
            said.found.append((meaning, key))
            said.head += index < head
        elif key == "" and index < head and len(words[index]) > 2:  # noqa: PLR2004  "x3", "v2"
            said.foreign = True
        index += length
    return said


def _words(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", text[:WORDS_READ])[:WORDS_READ]
    text = re.sub(r"\b([eE])[\s-]?([mM]ail)", r"\1\2", text)
    return [piece for word in _WORD.findall(text) for part in _humps(word) for piece in _pieces(part)]


def _humps(word: str) -> Iterable[str]:
    """Split ``OrdersAPI`` into two normalized words; ``MySQL`` is one known word, and ``PosgreSQL`` one misspelling."""
    whole, parts = (
        _bare(normalize(word, signs=False)),
        [_bare(normalize(part, signs=False)) for part in _CAMEL.split(word)],
    )
    return [whole] if _known(whole) or (not all(map(_known, parts)) and _nearly(whole)) else parts


def _pieces(word: str) -> Iterable[str]:
    """Split a compound into its words: ``ordersdb`` is ``orders db``; ``xdb`` stays one word."""
    if _known(word) or not word.isascii():
        return (word,)
    cuts = [n for n in range(3, len(word) - 1) if _known(word[n:]) and WORDS[_known(word[n:])][0] is not None]
    cut = next((n for n in cuts if _known(word[:n])), 0 if not cuts or _nearly(word) else cuts[0])
    return (word[:cut], word[cut:]) if cut else (word,)


def _bare(word: str) -> str:
    """Return a word without the number at its end: ``api2`` is another ``api``."""
    return word if word in WORDS else word.rstrip("0123456789") or word


def _known(word: str) -> str:
    """Return the table's entry for a word or its singular, or an empty text. A product has no plural."""
    if word in WORDS:
        return word
    singular = (word[: -len(end)] for end in ("s", "n", "es", "en") if word.endswith(end) and len(word) > len(end) + 2)
    return next((one for one in singular if one in WORDS and one not in NAMED | OTHER_KIND), "")


@lru_cache(maxsize=4096)
def _nearly(word: str) -> str:
    """Return the table's entry that a word misspells, or an empty text."""
    if not 3 < len(word) < 20:  # noqa: PLR2004  shorter words are too similar
        return ""
    known = [one for one in NEARLY.get(word[0], ()) if abs(len(one) - len(word)) < 2]  # noqa: PLR2004
    return misspelled(word, [one for one in known if one in NAMED | OTHER_KIND or not _is_another(word, one)]) or ""


def _is_another(word: str, noun: str) -> bool:
    """Whether a word is another noun: “tonic” differs from “topic” in one letter, and isn't a misspelling of it."""
    return len(word) == len(noun) == SHORT_NOUN and sorted(word) != sorted(noun)


def _match(words: Sequence[str], index: int, said: _Said, *, named: bool) -> tuple[int, Meaning | None, str]:
    """Return the longest phrase of the table that begins here: its length in words, its meaning, and its entry."""
    for length in range(min(LONGEST_PHRASE, len(words) - index), 0, -1):
        if entry := _known("".join(words[index : index + length])):
            return length, WORDS[entry][0], entry
    word = words[index]
    near = _nearly(word) if index < WORDS_CORRECTED else ""
    if near and (named or near in NAMED | OTHER_KIND):  # "consumes" in an aside is a verb
        said.read_as.append((word, WORDS[near][1]))
        return 1, WORDS[near][0], near
    return 1, None, ""


def _from(said: _Said) -> Candidates:
    found = said.found
    parts = [r for r in PARTS if r in _parts_named(said.meanings())]
    read = _named(_decisive(said), said)
    read = replace(read, other_kind=_other_kind(found), read_as=tuple(said.read_as), about=_about(said, read.roles))
    if len(parts) > 2 and read.roles[0] not in _BESIDE[:5]:  # noqa: PLR2004
        return replace(read, merged=tuple(parts))
    return read


def _decisive(said: _Said) -> list[tuple[Meaning, str]]:
    """Return the words that decide: those of the name, or all words if the name has no part, or only Redis."""
    head = said.found[: said.head]
    only_redis = all(m is not Role.CACHE or key in NAMED for m, key in head) and Role.CACHE in dict(head)
    names = set(_parts_named([m for m, _ in head])) - ({Role.CACHE} if only_redis else set())
    return head if names else said.found


def _parts_named(meanings: Sequence[Meaning]) -> list[Role]:
    """Return the parts that are named by their own words, or as a program about orders or emails."""
    named = [m for m in meanings if isinstance(m, Role)]
    if Topic.PROGRAM in meanings and not {Role.API, Role.WORKER} & set(named):
        named += [role for role, topic in _SUBJECT.items() if topic in meanings][-1:]
    return named


def _named(words: list[tuple[Meaning, str]], said: _Said) -> Candidates:
    meanings = [m for m, _ in words]
    roles = list(dict.fromkeys(_parts_named(meanings)))
    stores = [r for r in roles if r in (Role.QUEUE, Role.DATABASE, Role.CACHE)]
    services = [r for r in roles if r in (Role.WORKER, Role.API)]
    beside = next((r for r in _BESIDE if r in roles), None)
    if beside in (Role.PROVIDER, Role.OTHER) and stores:
        beside = None
    if beside in (Role.PROVIDER, Role.GATEWAY) and services and Topic.PROGRAM not in meanings:
        return Candidates((services[0], beside) if beside is Role.PROVIDER else (beside, services[0]))
    if beside:
        return Candidates((beside,))
    if Role.CLIENT in roles and (Role.API in roles or "service" in {key for _, key in words}):
        return Candidates((Role.OTHER, Role.API), plain=False)  # "customer service", "user API": a service about people
    if Role.CLIENT in roles and not stores and Role.WORKER not in roles:
        return Candidates((Role.CLIENT,))
    if stores:
        return _store(words, stores, services, client=Role.CLIENT in roles)
    if services:
        return Candidates(tuple(services), tuple(services) if len(services) > 1 else ())
    return _hinted(meanings, said)


def _store(
    words: Sequence[tuple[Meaning, str]], stores: Sequence[Role], services: Sequence[Role], *, client: bool
) -> Candidates:
    by_name = Role.CACHE in stores and all(key in NAMED for m, key in words if m is Role.CACHE)
    if list(stores) == [Role.CACHE] and not services:
        more = (Role.CLIENT,) if client else ()
        return Candidates((Role.CACHE, Role.QUEUE) if by_name else (Role.CACHE, *more))
    if by_name and Role.QUEUE in stores:
        stores = [Role.QUEUE]  # Redis Streams
    if set(stores) == {Role.CACHE, Role.QUEUE}:
        return Candidates((Role.CACHE, Role.QUEUE), (Role.CACHE, Role.QUEUE))
    return Candidates((*services[:1], *stores) if list(services) == [Role.WORKER] else (*stores, *services[:1]))


def _hinted(meanings: Sequence[Meaning], said: _Said) -> Candidates:
    if Topic.PROGRAM in meanings:
        works = (Role.WORKER,) if Topic.MESSAGES in meanings else ()
        roles = (Role.OTHER, Role.API) if said.foreign else (*works, Role.API, Role.OTHER)
        return Candidates(roles, plain=False)
    hints = [role for topic, role in _TOPICS.items() if topic in meanings]
    return Candidates((*hints, Role.OTHER), plain=False, unread=not said.found)


def _about(said: _Said, roles: Sequence[Role]) -> int:
    topics = set(said.meanings())
    if any(_SUBJECT.get(role) in topics for role in roles):
        return 2
    return 0 if said.foreign else 1


def _other_kind(found: Sequence[tuple[Meaning, str]]) -> frozenset[Role]:
    kinds = {role for role, key in found if key in OTHER_KIND}
    asked = {role for role, key in found if key in NAMED}
    return frozenset(role for role in kinds - asked if isinstance(role, Role))
