"""Exercise ``diagram``: the shop's architecture, drawn; the drawing is wired up and an order is placed in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cluster import Cluster
from graders.answers.drawing import Arrow, Drawing, begun, parse
from graders.answers.text import shown
from graders.diagrams.flow import POINTS, Failure, Flow, place_order
from graders.diagrams.words import ASKED, PARTS, THE, Role
from graders.exercises.exercise import Criterion, Exercise, Verdict, failed, partly, passed

READ = "notebook {}"


@dataclass(frozen=True, slots=True)
class DiagramEvidence:
    """The drawing, and what happened to an order in it."""

    drawing: Drawing
    flow: Flow

    def name(self, node: str) -> str:
        """What a reader of the drawing sees of a node, in quotes."""
        text = next((n.shown for n in self.drawing.nodes if n.name == node), node)
        return f"“{shown(text, 40)}”"

    def names(self, role: Role) -> str:
        """The nodes that play a part, by name; what the exercise calls it where there is none."""
        nodes = [self.name(n.name) for n in self.flow.parts[role].nodes]
        return " and ".join(nodes[:3]) if nodes else THE[role]

    def arrows(self, arrows: Iterable[Arrow]) -> str:
        """A few arrows, by the names of their ends."""
        return ", ".join(f"{self.name(a.tail)} → {self.name(a.head)}" for a in list(arrows)[:3])


def observe(answer: Drawing, _world: Cluster, _so_far: object = None) -> DiagramEvidence:
    """Place an order in the drawing. The flow is the same in every world."""
    return DiagramEvidence(answer, place_order(answer))


def _part(role: Role) -> Callable[[Drawing, DiagramEvidence], Verdict]:
    def judge(_answer: Drawing, evidence: DiagramEvidence) -> Verdict:
        part = evidence.flow.parts[role]
        if not part.nodes:
            return failed(
                f"no {ASKED[role]} in the drawing", f"Add a node for it, with a label such as “{_LABELS[role]}”."
            )
        names = evidence.names(role)
        if part.other_kind:
            return partly(
                part.share,
                f"{names} is of another kind than {ASKED[role]}",
                f"Draw {ASKED[role]}, as the exercise has it.",
            )
        if part.with_parts:
            others = ", ".join(ASKED[r] for r in part.with_parts)
            saw = f"{names} is one box for {ASKED[role]} and {others}"
            hint = "Give each part a node of its own: each fails, scales and is looked after on its own."
            return (
                passed(saw) if part.share == 1 else partly(part.share, saw, hint) if part.share else failed(saw, hint)
            )
        return passed(f"{names} is {THE[role]}")

    return judge


def stored(_answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The order reaches the database."""
    flow = evidence.flow
    if flow.happened("stored"):
        return passed(f"the order was stored by way of {evidence.arrows(flow.through['stored'])}")
    saw = f"the order was lost: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.DATABASE)}"
    if flow.happened("cached") and _reads_through(evidence):
        return failed(
            f"{saw}, and {evidence.names(Role.CACHE)} doesn't write it there",
            "Redis doesn't call PostgreSQL: let the API ask the cache, and the database itself.",
        )
    return _missing(saw, evidence, Role.API, Role.DATABASE)


def cached(_answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The API uses the cache; with the cache stopped, orders go on."""
    if not evidence.flow.happened("cached"):
        saw = f"nothing was cached: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.CACHE)}"
        return _missing(saw, evidence, Role.API, Role.CACHE)
    goes_on = _failure(evidence.flow, Role.CACHE).accepted
    stopped = (
        "orders went on, and the database was asked more often"
        if goes_on
        else "no order was accepted, for it was stored nowhere"
    )
    return passed(
        f"with {evidence.names(Role.CACHE)} stopped, {stopped}" if goes_on else "what is read often was cached"
    )


def announced(_answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The order is announced on the queue, by the API or by an outbox."""
    flow = evidence.flow
    if flow.happened("announced"):
        way = "through an outbox, " if flow.outbox else ""
        return passed(f"order.created was announced {way}by way of {evidence.arrows(flow.through['announced'])}")
    saw = f"nobody heard of the order: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.QUEUE)}"
    return _missing(saw, evidence, Role.API, Role.QUEUE)


def emailed(_answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The worker hears of the order on the queue and confirms it by email."""
    flow = evidence.flow
    if flow.happened("emailed") and not flow.happened("announced"):
        listens = (
            f"the worker listens to the queue ({evidence.arrows(flow.through['emailed'])}), where nothing is announced"
        )
        instead = (
            f"the email went out inside the request, by way of {evidence.arrows(flow.sync)}"
            if flow.sync
            else "no email went out"
        )
        return passed(f"{listens}; {instead}")
    if flow.happened("emailed"):
        return passed(f"the worker took it from the queue by way of {evidence.arrows(flow.through['emailed'])}")
    saw = f"no email was sent: nothing connects {evidence.names(Role.QUEUE)} with {evidence.names(Role.WORKER)}"
    return _missing(saw, evidence, Role.QUEUE, Role.WORKER)


def decoupled(_answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """With the worker stopped an order is accepted all the same."""
    flow = evidence.flow
    worker = evidence.names(Role.WORKER)
    if flow.sync:
        return failed(
            f"with {worker} stopped, no order was accepted: {evidence.arrows(flow.sync)} makes the customer wait for the email",
            f"Take that arrow out; the queue stands between {evidence.names(Role.API)} and {worker}."
            if flow.parts[Role.QUEUE].nodes
            else f"Put a message queue between {evidence.names(Role.API)} and {worker} in place of that arrow.",
        )
    if not flow.decoupled:
        return failed(
            "there is no API and no worker that an order could pass between", "Draw and connect the five parts first."
        )
    follows = "; the email followed when it was back" if _failure(flow, Role.WORKER).emailed else ""
    return passed(f"with {worker} stopped, the API took the order all the same{follows}")


def guarded(_answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """Clients reach the API and nothing behind it."""
    flow = evidence.flow
    if flow.exposed:
        return failed(
            f"{evidence.arrows(flow.exposed)} lets the outside past the API",
            "Let clients talk to the API only; it decides who may see and write what.",
        )
    if flow.guarded:
        clients = [n for n, roles in flow.roles.items() if Role.CLIENT in roles]
        return passed(
            "clients reach the API, and nothing behind it" if clients else "nothing but the API is open to the outside"
        )
    if flow.stranded:
        client = evidence.name(flow.stranded[0].name)
        return failed(f"{client} has no way to {evidence.names(Role.API)}", f"Draw an arrow from {client} to the API.")
    return failed("there is no API that clients could talk to", "Draw and connect the orders API first.")


def notes(answer: Drawing, evidence: DiagramEvidence) -> tuple[str, ...]:
    """Friendly remarks that cost nothing."""
    said = []
    if evidence.flow.turned:
        said.append(
            f"{evidence.arrows(evidence.flow.turned)}: we read such arrows as “the API uses it”, whichever way they point. "
            "By custom the arrow starts at whoever calls."
        )
    if twins := _case_twins(answer):
        said.append(f"DOT minds its capitals: {twins} are different nodes.")
    if answer.hidden:
        said.append("Arrows with style=invis don't count: a connection that nobody sees is none.")
    if answer.ignored:
        said.append(f"Attributes that lead elsewhere are left out: {', '.join(answer.ignored)}.")
    return tuple(said)


def _case_twins(answer: Drawing) -> str:
    seen: dict[str, str] = {}
    for node in answer.nodes:
        if (other := seen.setdefault(node.name.casefold(), node.name)) != node.name:
            return f"“{shown(other, 40)}” and “{shown(node.name, 40)}”"
    return ""


def _reads_through(evidence: DiagramEvidence) -> bool:
    roles = evidence.flow.roles
    ends = [{*roles[a.tail], *roles[a.head]} for a in evidence.drawing.arrows]
    return any({Role.CACHE, Role.DATABASE} <= both for both in ends)


def _failure(flow: Flow, role: Role) -> Failure:
    return next(f for f in flow.failures if f.stopped is role)


def _missing(saw: str, evidence: DiagramEvidence, one: Role, other: Role) -> Verdict:
    parts = evidence.flow.parts
    absent = [THE[r] for r in (one, other) if not parts[r].nodes]
    if absent:
        return failed(saw, f"Draw {absent[0]} first, then connect it.")
    return failed(saw, f"Draw an arrow from {evidence.names(one)} to {evidence.names(other)}.")


_LABELS: Mapping[Role, str] = {
    Role.API: "Orders API", Role.WORKER: "Email worker", Role.DATABASE: "PostgreSQL", Role.CACHE: "Redis cache",
    Role.QUEUE: "Message queue",
}  # fmt: skip

_WHY: Mapping[Role, str] = {
    Role.API: "Somebody has to take the order and answer the customer.",
    Role.WORKER: "Sending mail is slow and fails often; a worker can take its time and try again.",
    Role.DATABASE: "An order that isn't in a transactional store isn't safe.",
    Role.CACHE: "What is read often needn't come from the database each time.",
    Role.QUEUE: "A queue keeps work until somebody has time for it.",
}


def _part_criterion(role: Role) -> Criterion[Drawing, DiagramEvidence]:
    return Criterion(
        name=role.value, points=POINTS[role.value], title=f"A part of its own: {ASKED[role]}", judge=_part(role),
        expected=f"a node of its own for the {ASKED[role]}", why=_WHY[role], read=READ.format("2 and 3"),
        hints=(
            "Count the parts in the exercise's table, and the nodes in your drawing.",
            "A part is recognised by its name or its label; role=... on a node says it outright.",
            f"The exercise's table has a row that you haven't drawn yet: the one about “{_WHY[role].split(' ')[-1].rstrip('.')}”.",
        ),
    )  # fmt: skip


CRITERIA: tuple[Criterion[Drawing, DiagramEvidence], ...] = (
    *(_part_criterion(role) for role in PARTS),
    Criterion(
        name="stored", points=POINTS["stored"], title="The order is stored", judge=stored,
        expected="a connection between the orders API and PostgreSQL",
        why="The API is stateless: when its pod is gone, so is every order that it hadn't stored.",
        read=READ.format(3),
        hints=(
            "Where is the order when the API's pod restarts?",
            "Follow the order through your drawing: which arrow brings it to a place that lasts?",
            "One arrow begins at the API and ends at the relational store.",
        ),
    ),
    Criterion(
        name="cached", points=POINTS["cached"], title="What is read often is cached", judge=cached,
        expected="a connection between the orders API and Redis",
        why="The database is the part that is hardest to scale; a cache spares it the same question asked again.",
        read=READ.format(3),
        hints=(
            "Who asks the cache?",
            "A cache does nothing by itself: the service that reads asks it first, then the database.",
            "One arrow begins at the API and ends at the key-value store.",
        ),
    ),
    Criterion(
        name="announced", points=POINTS["announced"], title="The order is announced", judge=announced,
        expected="a connection between the orders API and the message queue, or an outbox between database and queue",
        why="What isn't announced, nobody acts on: no email, no stock update.",
        read=READ.format(4),
        hints=(
            "How does the rest of the shop learn that there is an order?",
            "The event order.created has a producer. Which part knows first?",
            "One arrow begins at the part that takes the orders and ends at the part that keeps messages.",
        ),
    ),
    Criterion(
        name="emailed", points=POINTS["emailed"], title="The order is confirmed by email", judge=emailed,
        expected="a connection between the message queue and the email worker",
        why="A queue that nobody reads only grows.",
        read=READ.format(2),
        hints=(
            "Who takes messages from the queue?",
            "A worker has no clients: its work comes from one place only.",
            "One arrow joins the part that keeps messages and the part that sends emails.",
        ),
    ),
    Criterion(
        name="decoupled", points=POINTS["decoupled"], title="Orders are taken while the worker is down", judge=decoupled,
        expected="no arrow from the orders API straight to the email worker",
        why="If the API calls the worker, the customer waits for the mail server, and its outage is yours.",
        read=READ.format(4),
        hints=(
            "Stop the email worker in your mind. Can a customer still order?",
            "Look for an arrow by which the API waits for the worker.",
            "Between the API and the worker there should be exactly one thing, and it isn't an arrow.",
        ),
    ),
    Criterion(
        name="guarded", points=POINTS["guarded"], title="Clients talk to the API only", judge=guarded,
        expected="clients reach the orders API and neither store nor queue",
        why="Whoever reaches a store past the API reads and writes past every check.",
        read=READ.format(2),
        hints=(
            "Which parts of your shop can the outside world touch?",
            "Look at the arrows that begin at your client, or at what stands in front of the API.",
            "All arrows from outside should end at one part.",
        ),
    ),
)  # fmt: skip

EXERCISE: Exercise[Drawing, DiagramEvidence] = Exercise(
    name="diagram",
    title="The shop's architecture",
    kind="diagram",
    section="06-hands-on",
    minutes=15,
    criteria=CRITERIA,
    parse=parse,
    observe=observe,
    begun=begun,
    notes=notes,
)
