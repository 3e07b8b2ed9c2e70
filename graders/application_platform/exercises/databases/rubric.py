"""Exercise ``databases``: eight workloads, the kind of database that suits each, and what decides it."""

from __future__ import annotations

from collections.abc import Mapping

from graders.core.exercise import Exercise, Sample
from graders.families.decision.criteria import Field, Item, decision
from graders.reading.choices import Choices

RELATIONAL, DOCUMENT, TIME_SERIES = "relational", "document", "time-series"
KEY_VALUE, SEARCH, GRAPH = "key-value", "search", "graph"
KINDS = (RELATIONAL, DOCUMENT, TIME_SERIES, KEY_VALUE, SEARCH, GRAPH)
REASONS: Mapping[str, str] = {
    RELATIONAL: "all-or-nothing", DOCUMENT: "shapes-differ", TIME_SERIES: "ranges-of-time",
    KEY_VALUE: "one-key-fast", SEARCH: "best-match-first", GRAPH: "links-of-links",
}  # fmt: skip
"""What decides for each kind."""

INSTEAD: Mapping[str, Mapping[str, str]] = {
    RELATIONAL: {
        DOCUMENT: "It changes one document after the other; a crash between the two leaves half of it, for ever.",
        TIME_SERIES: "It only ever adds samples: nothing can be taken back, and nothing checked against what is there.",
        KEY_VALUE: "Two read the same value at the same time, and both write back their own: one of the two changes is lost.",
        SEARCH: "A search index hears of a change a moment later; until then it answers with what is no longer so.",
        GRAPH: "Nothing here leads from one thing to the next: you have hired a specialist for links to keep your books.",
    },
    DOCUMENT: {
        RELATIONAL: "Each new kind of thing needs another column, and nine in ten of them are empty in every row.",
        TIME_SERIES: "Nothing here is measured over time; you have a clock and nowhere to put an ISBN.",
        KEY_VALUE: "It keeps the page under its key, and can't answer which articles have more than 60 watts.",
        SEARCH: "An index is a copy that is built from something else. On the day that it breaks, there is nothing to build it from.",
        GRAPH: "You ask for one thing at a time, and pay for walking between things.",
    },
    TIME_SERIES: {
        RELATIONAL: "After a year there are twelve billion rows, and the chart of a month reads a billion of them.",
        DOCUMENT: "Each sample comes with its field names, again and again: ten times the disk, and averages by hand.",
        KEY_VALUE: "You can ask for one sample whose key you know. A chart asks for thirty days of them.",
        SEARCH: "Every number becomes a word in an index. It works for a week, and then it needs ten machines.",
        GRAPH: "There are no links here to follow, only one value after the other.",
    },
    KEY_VALUE: {
        RELATIONAL: "It answers, and its disk works at each click for something that you could do without.",
        DOCUMENT: "It writes to its disk, and keeps for ever, what could be gone in a minute and nobody would mind.",
        TIME_SERIES: "Nobody wants last month's; only what it is now.",
        SEARCH: "You know exactly what you are looking for, and have it searched for.",
        GRAPH: "There is one value and one key. Nothing leads anywhere.",
    },
    SEARCH: {
        RELATIONAL: "It looks for exactly these letters, “prnter”, in all 20,000 pages, and finds nothing: nobody wrote it like that.",
        DOCUMENT: "It finds what has these words exactly, and doesn't know which of a hundred hits is the best.",
        TIME_SERIES: "It can tell how many pages there were on Monday.",
        KEY_VALUE: "People would have to know the page's number, and type that.",
        GRAPH: "Words aren't links: nothing leads from what is misspelt to what was meant.",
    },
    GRAPH: {
        RELATIONAL: "For each step the whole table is matched with itself once more, and nobody knows how many steps there are.",
        DOCUMENT: "For each step you fetch a document and look what it names; after six steps it is a million of them.",
        TIME_SERIES: "When something happened doesn't tell who is behind it.",
        KEY_VALUE: "You look up one neighbour after the other, in your own program, over the network.",
        SEARCH: "It finds who has this phone. It doesn't find who has the phone of somebody who has the card.",
    },
}
"""What comes of keeping what belongs into one kind in another one."""

UNFOUNDED: Mapping[str, str] = {
    REASONS[RELATIONAL]: "Nothing in the facts has to change together with something else.",
    REASONS[DOCUMENT]: "Nothing in the facts has other fields than its neighbour.",
    REASONS[TIME_SERIES]: "Nobody asks for a stretch of time here.",
    REASONS[KEY_VALUE]: "There is more to be asked here than one value, by a key that you know.",
    REASONS[SEARCH]: "Nobody types words here and wants the best hit on top.",
    REASONS[GRAPH]: "The facts follow no link from one thing to the next.",
}
"""What to say of a reason that the facts don't give."""

_POINTERS: Mapping[str, str] = {
    RELATIONAL: "Something must never be seen halfway. Which kind is made of transactions?",
    DOCUMENT: "No two of them have the same fields, and each is read whole.",
    TIME_SERIES: "Look at what is asked: an average over a stretch of time.",
    KEY_VALUE: "It is asked for by its name, very often, and losing it costs little.",
    SEARCH: "Look at how people ask: in words, and not in the words of the text.",
    GRAPH: "Look at how far the question goes: a chain of links that has no fixed length.",
}
_NEARLY: Mapping[str, str] = {
    RELATIONAL: "It is the oldest kind, with tables, and its changes come about together or not at all.",
    DOCUMENT: "One record holds everything about one thing, whatever fields that has.",
    TIME_SERIES: "It is the kind for metrics: written once, in the order of the clock.",
    KEY_VALUE: "It is the kind that caches are made of.",
    SEARCH: "It builds an index of words, and knows which hit is the closest.",
    GRAPH: "In it the links are what is stored, and walking along them is cheap.",
}

_WHY = (
    "The kind fits. Which words of the facts made you choose it?",
    "Each reason asks for something. Look for the one whose demand stands in the facts.",
)
_NEARLY_WHY: Mapping[str, str] = {
    RELATIONAL: "What must never be seen halfway?",
    DOCUMENT: "Hold two of the things side by side: do they have the same fields?",
    TIME_SERIES: "How much of the past does one question cover?",
    KEY_VALUE: "What do you have in hand when you ask, and how often do you ask?",
    SEARCH: "Of a hundred hits, which one do people want to see?",
    GRAPH: "How do you get from where you begin to what you look for?",
}
"""The hints about a reason."""

EXAMPLES: Mapping[str, str] = {
    **dict.fromkeys(
        ("postgresql", "postgres", "mysql", "mariadb", "oracle", "sqlite", "mssql", "sql", "cockroachdb"), RELATIONAL
    ),
    **dict.fromkeys(("mongodb", "mongo", "dynamodb", "couchdb", "couchbase", "firestore"), DOCUMENT),
    **dict.fromkeys(("influxdb", "influx", "timescaledb", "timescale", "prometheus", "victoriametrics"), TIME_SERIES),
    **dict.fromkeys(("redis", "memcached", "memcache", "valkey", "etcd", "cache"), KEY_VALUE),
    **dict.fromkeys(("elasticsearch", "elastic", "opensearch", "solr", "meilisearch", "lucene"), SEARCH),
    **dict.fromkeys(("neo4j", "neo", "neptune", "janusgraph", "arangodb"), GRAPH),
}
"""What people write in place of a kind: products of it, the lesson's among them."""


TERMS: Mapping[str, str] = {"full-text search": SEARCH, "text search": SEARCH, "key-value cache": KEY_VALUE}
"""Other words for a kind."""

_LEFT_OUT = "A choice without a reason is hard to tell from a guess."


def _workload(name: str, title: str, facts: str, kind: str, nudge: str, **otherwise: str) -> Item:
    """A workload of a kind; ``otherwise`` says of other kinds and reasons what is wrong with them here in particular."""
    here = {name.replace("_", "-"): said for name, said in otherwise.items()}
    told = {other: here.get(other, said) for other, said in INSTEAD[kind].items()}
    reasons = {reason: here.get(reason, said) for reason, said in UNFOUNDED.items() if reason != REASONS[kind]}
    return Item(
        name=name, title=title, facts=facts,
        why="Which databases a platform supports is decided once, and lived with for years.",
        hints=(nudge, _POINTERS[kind], _NEARLY[kind]),
        fields=(
            Field("kind", KINDS, right=(kind,), told=told, terms=TERMS, nouns=("database", "databases", "store", "engine"), examples=EXAMPLES),
            Field("because", tuple(REASONS.values()), right=(REASONS[kind],), told=reasons,
                  hints=(*_WHY, _NEARLY_WHY[kind]), why=_LEFT_OUT),
        ),
    )  # fmt: skip


ITEMS = (
    _workload(
        "seat-sales", "Selling a seat",
        "A seat is marked as sold, its price is booked, and the voucher is used up: all three, or none of them.", RELATIONAL,
        "What would the cashier say if only two of the three had happened?",
    ),
    _workload(
        "catalog", "A catalogue of everything",
        "A lamp has watts, a book has an ISBN, a tent has a season. A page shows one article with all it has, and a "
        "filter finds the lamps above 60 watts. Each week there is something of a kind that nobody has sold before.", DOCUMENT,
        "How many columns would a table need, and how many of them would a lamp use?",
    ),
    _workload(
        "cold-rooms", "Four thousand thermometers",
        "4,000 sensors send a temperature every ten seconds. Charts show the hourly mean of the last thirty days. No reading is "
        "ever changed.", TIME_SERIES,
        "Count the readings of one day. What do people ask of them?",
    ),
    _workload(
        "sessions", "Who is signed in",
        "At each click a visitor's session is looked up by its token. If all sessions are lost, people sign in again.", KEY_VALUE,
        "How often is it asked, and what does it cost if the answer is gone?",
    ),
    _workload(
        "help-pages", "Help with a printer",
        "20,000 help pages. People type what is wrong in their own words, “prnter wont print”, and want the page that fits best on "
        "top.", SEARCH,
        "Would the page that helps contain the words that were typed?",
    ),
    _workload(
        "fraud-rings", "Who is behind an account",
        "Accounts share cards, phones and addresses with other accounts. Before a payout it is asked whether any chain of these, "
        "however long, leads to a known fraud.", GRAPH,
        "How many steps may lie between the account and the fraud?",
    ),
    _workload(
        "wallets", "Money that comes as JSON",
        "Payments arrive as JSON, each with the same four fields. Each takes an amount from one wallet and adds it to another, and "
        "the sum of all wallets must never change.", RELATIONAL,
        "What must be true of the sum in each single moment?",
        document="The format that a payment travels in isn't how it has to be kept: of two wallets in two documents, one may be "
        "changed and the other not.",
    ),
    _workload(
        "bestsellers", "The front page",
        "The list of the week's bestsellers takes 3 s to work out from the orders. It is shown 500 times a second, and may be a "
        "minute old.", KEY_VALUE,
        "How often would it be worked out if nobody kept it?",
        relational="The orders are there, right; and every second you let them be added up 500 times for 3 s each.",
        ranges_of_time="The week has been added up already. What is asked for 500 times a second is the finished list.",
    ),
)  # fmt: skip

EXERCISE: Exercise[Choices, None] = decision(
    name="databases",
    title="A database for each workload",
    section="03-databases",
    minutes=8,
    points=5,
    part=3,
    items=ITEMS,
    sample=Sample(__file__, 2.04),
)
