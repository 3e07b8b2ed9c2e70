"""Exercise ``databases``: eight workloads; for each the kind of database that fits, and the reason."""

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
"""The reason for each kind."""

INSTEAD: Mapping[str, Mapping[str, str]] = {
    RELATIONAL: {
        DOCUMENT: "It changes one document after the other; a crash between the two leaves only half of the change.",
        TIME_SERIES: "It only adds samples: it can't undo a change, or check it against the stored data.",
        KEY_VALUE: "Two clients read the same value, and both write it back: one of the two changes is lost.",
        SEARCH: "A search index gets each change a moment later; until then its answers are out of date.",
        GRAPH: "The facts have no links to follow, and a graph database is made for links.",
    },
    DOCUMENT: {
        RELATIONAL: "Each new kind of article needs more columns, and in every row 90 % of them are empty.",
        TIME_SERIES: "Nothing here is measured over time; it has a timestamp for each value, but no place for an ISBN.",
        KEY_VALUE: "It stores the page under its key, and can't find the articles that have more than 60 watts.",
        SEARCH: "An index is a copy of other data. When it breaks, you have no data to build it from again.",
        GRAPH: "You read one article at a time, and pay for links that you don't follow.",
    },
    TIME_SERIES: {
        RELATIONAL: "After a year the table has twelve billion rows, and the chart of a month reads a billion of them.",
        DOCUMENT: "It stores the field names again with each sample: it needs ten times the disk, and you compute the averages.",
        KEY_VALUE: "You can read one sample by its key. A chart needs the samples of thirty days.",
        SEARCH: "Each number becomes a word in an index. After a week that needs ten machines.",
        GRAPH: "There are no links to follow, only one value after the other.",
    },
    KEY_VALUE: {
        RELATIONAL: "It gives the right answer, but each click costs work on its disk, for data that may be lost.",
        DOCUMENT: "It writes data to its disk and keeps it, but the loss of that data costs little.",
        TIME_SERIES: "The question is about the current value, not about last month's values.",
        SEARCH: "You know the exact key, so you don't need a search.",
        GRAPH: "There is one value for one key, and there are no links to follow.",
    },
    SEARCH: {
        RELATIONAL: "It looks for exactly “prnter” in all 20,000 pages, and finds nothing, because no page contains that spelling.",
        DOCUMENT: "It finds pages with exactly these words, and doesn't know which of a hundred hits is the best.",
        TIME_SERIES: "It can count the pages of last Monday, but it can't find words in their text.",
        KEY_VALUE: "People would have to know the page's key, and type that.",
        GRAPH: "Words aren't links: no link leads from a misspelled word to the right one.",
    },
    GRAPH: {
        RELATIONAL: "Each step joins the whole table with itself again, and the number of steps is unknown.",
        DOCUMENT: "For each step you read a document and then those that it names; after six steps these are a million.",
        TIME_SERIES: "The time of an event doesn't say which account is linked to it.",
        KEY_VALUE: "Your own program has to look up one neighbor after the other, over the network.",
        SEARCH: "It finds the accounts with one phone. It doesn't follow a chain of phones and cards.",
    },
}
"""The consequence of a wrong kind: by the right kind, then by the chosen one."""

UNFOUNDED: Mapping[str, str] = {
    REASONS[RELATIONAL]: "The facts name no two changes that must happen together.",
    REASONS[DOCUMENT]: "All records in the facts have the same fields.",
    REASONS[TIME_SERIES]: "The facts have no question about a range of time.",
    REASONS[KEY_VALUE]: "The questions here need more than one value by a known key.",
    REASONS[SEARCH]: "The facts have no question in words that needs the best match first.",
    REASONS[GRAPH]: "The facts follow no link from one thing to the next.",
}
"""The message for a reason that the facts don't give."""

_POINTERS: Mapping[str, str] = {
    RELATIONAL: "No reader may see half of the change. Which kind is made for transactions?",
    DOCUMENT: "No two of them have the same fields, and each is read as a whole.",
    TIME_SERIES: "Look at the question: an average over a range of time.",
    KEY_VALUE: "It is read by its name, very often, and its loss costs little.",
    SEARCH: "Look at how people ask: in their own words, not in the words of the text.",
    GRAPH: "Look at the question: it follows a chain of links that has no fixed length.",
}
_NEARLY: Mapping[str, str] = {
    RELATIONAL: "It is the oldest kind. It has tables, and it applies several changes together or not at all.",
    DOCUMENT: "One record has everything about one article, with any fields.",
    TIME_SERIES: "It is the kind for metrics: written once, in the order of their time.",
    KEY_VALUE: "It is the kind that is used for caches.",
    SEARCH: "It builds an index of words, and knows which hit fits best.",
    GRAPH: "It stores the links, and can follow them fast.",
}

_WHY = (
    "The kind fits. Which words of the facts made you choose it?",
    "Each reason describes a need. Look for the need that is in the facts.",
)
_NEARLY_WHY: Mapping[str, str] = {
    RELATIONAL: "Which change must never be visible in part?",
    DOCUMENT: "Compare two of the records: do they have the same fields?",
    TIME_SERIES: "How long is the time that one question covers?",
    KEY_VALUE: "What do you know when you ask, and how often do you ask?",
    SEARCH: "Which of a hundred hits do people want to see?",
    GRAPH: "How do you get from the account that you know to the one that you look for?",
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
"""Words that people write in place of a kind: its products, those of the lesson included."""


TERMS: Mapping[str, str] = {"full-text search": SEARCH, "text search": SEARCH, "key-value cache": KEY_VALUE}
"""Other words for a kind."""

_LEFT_OUT = "A choice without a reason may be a guess."


def _workload(name: str, title: str, facts: str, kind: str, nudge: str, **otherwise: str) -> Item:
    """A workload of a kind; ``otherwise`` has this workload's own messages for other kinds and reasons."""
    here = {name.replace("_", "-"): said for name, said in otherwise.items()}
    told = {other: here.get(other, said) for other, said in INSTEAD[kind].items()}
    reasons = {reason: here.get(reason, said) for reason, said in UNFOUNDED.items() if reason != REASONS[kind]}
    return Item(
        name=name, title=title, facts=facts,
        why="A platform chooses its databases once, and runs them for years.",
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
        "What would be wrong if only two of the three had happened?",
    ),
    _workload(
        "catalog", "A catalog of everything",
        "A lamp has watts, a book has an ISBN, a tent has a season. A page shows one article with all it has, and a "
        "filter finds the lamps above 60 watts. Each week there is a new kind of article.", DOCUMENT,
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
        "How often is it read, and what does its loss cost?",
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
        "What must be true of the sum at each moment?",
        document="The format of a message doesn't decide how to store its data. If each wallet is a document, a crash may "
        "change only one of two.",
    ),
    _workload(
        "bestsellers", "The front page",
        "The list of the week's bestsellers takes 3 s to work out from the orders. It is shown 500 times a second, and may be a "
        "minute old.", KEY_VALUE,
        "How often would it be computed if it weren't stored?",
        relational="It has the orders, but every second it would add them up 500 times, for 3 s each.",
        ranges_of_time="The sum of the week is known already. The page reads the finished list 500 times a second.",
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
