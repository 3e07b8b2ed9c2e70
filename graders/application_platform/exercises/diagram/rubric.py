"""Exercise ``diagram``: the shop's architecture, drawn; the drawing is wired up and an order is placed in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from cluster import Cluster
from graders.application_platform.exercises.diagram.flow import ENDS, POINTS, Failure, Flow, place_order
from graders.application_platform.exercises.diagram.roles import NEAR
from graders.application_platform.exercises.diagram.words import ASKED, NO_MAIL, PARTS, STATED, THE, Role, folded
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed, follows, partly, passed
from graders.core.shown import Shown
from graders.reading.dot.drawing import Arrow, Drawing, Node, is_started, parse
from graders.reading.dot.slips import DrawingSlip
from graders.reading.text import shown

READ = "notebook {}"
MOST_NAMED = 3
"""Nodes or arrows that a sentence names."""


@dataclass(frozen=True, slots=True)
class DiagramEvidence:
    """The drawing, and what happened to an order in it."""

    drawing: Drawing
    flow: Flow

    @classmethod
    def of(cls, answer: Drawing) -> DiagramEvidence:
        """Place an order in a drawing; of several ways to read it, the one that counted."""
        flow = place_order(answer)
        return cls(flow.drawing, flow)

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
        named = [f"{self.name(a.tail)} → {self.name(a.head)}" for a in arrows]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        return ", ".join(named[:MOST_NAMED]) + more

    @property
    def unread(self) -> list[Node]:
        """The nodes of which no word is known."""
        roles, found = self.flow.roles, self.flow.found
        return [n for n in self.drawing.nodes if found[n.name].unread and roles[n.name] == (Role.OTHER,)]

    @property
    def missing(self) -> list[Role]:
        """The parts that no node plays."""
        return [role for role in PARTS if not self.flow.parts[role].nodes]


def observe(answer: Drawing, _world: Cluster, _so_far: object = None) -> DiagramEvidence:
    """Place an order in the drawing. The flow is the same in every world."""
    return DiagramEvidence.of(answer)


def _part(role: Role) -> Callable[[Drawing, DiagramEvidence], Verdict]:
    def judge(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
        part = evidence.flow.parts[role]
        if not part.nodes:
            return _absent(answer, evidence, f"no {ASKED[role]} in the drawing", _add(evidence, role), role)
        names = evidence.names(role)
        if part.other_kind:
            return partly(
                part.share,
                f"{names} is of another kind than {ASKED[role]}",
                f"Draw {ASKED[role]}, as the exercise has it.",
            )
        if part.with_parts:
            others = ", ".join(ASKED[r] for r in part.with_parts)
            observed = f"{names} is one box for {ASKED[role]} and {others}"
            hint = "Give each part a node of its own: each fails, scales and is looked after on its own."
            return (
                passed(observed)
                if part.share == 1
                else partly(part.share, observed, hint)
                if part.share
                else failed(observed, hint)
            )
        if role is Role.API and evidence.flow.needless:
            return _needless(evidence)
        return passed(f"{names} is {THE[role]}")

    return judge


def _add(evidence: DiagramEvidence, role: Role) -> str:
    scheduled = [n.name for n, played in _playing(evidence) if Role.SCHEDULED in played]
    if role is Role.WORKER and scheduled:
        return (
            f"{evidence.name(scheduled[0])} runs by the clock; a worker waits for messages. Add a node for the worker."
        )
    return "Hold your drawing against the exercise's table, row by row."


def _playing(evidence: DiagramEvidence) -> list[tuple[Node, tuple[Role, ...]]]:
    return [(n, evidence.flow.roles[n.name]) for n in evidence.drawing.nodes]


def _absent(answer: Drawing, evidence: DiagramEvidence, observed: str, hint: str, role: Role | None = None) -> Verdict:
    """A part is missing: ``role`` itself, or one that a step takes, where it is None.

    A slip of the drawing, or nodes that aren't understood, explain all missing parts at once: the first part's finding
    says so, and the others follow from it.
    """
    if role is None or (role is not evidence.missing[0] and (_cause(answer, evidence) or evidence.unread)):
        return follows("it takes a part that wasn't found")
    if slip := _cause(answer, evidence):
        return failed(
            f"{observed}. {slip.problem}", slip.hint, line=slip.line, expected="names and arrows that DOT reads as they are meant",
            why="DOT reads what stands there, and says nothing of what was meant.",
        )  # fmt: skip
    return _not_understood(evidence) if evidence.unread else failed(observed, hint)


def _cause(answer: Drawing, evidence: DiagramEvidence) -> DrawingSlip | None:
    """The slip that may have lost a part or a connection; None where nothing is lost."""
    lost = evidence.missing or not all(evidence.flow.through.values())
    return next((slip for slip in answer.slips if slip.costs and lost), None)


def _not_understood(evidence: DiagramEvidence) -> Verdict:
    pictures = [n for n in evidence.unread if n.pictured]
    nodes = pictures or evidence.unread
    names = _list(evidence.name(n.name) for n in nodes)
    missing = _list((THE[r] for r in evidence.missing), "or")
    written = nodes[0].name if nodes[0].name.isidentifier() else f'"{shown(nodes[0].name, 40)}"'
    return failed(
        f"the labels of {names} aren't understood, so no node was taken for {missing}"
        if not pictures
        else f"pictures aren't read and {names} {'has' if len(nodes) == 1 else 'have'} no label, so no node was taken for {missing}",
        f"Say what each node is with role=, as in {written} [role={evidence.missing[0].value}]. "
        "The roles are api, worker, database, cache and queue.",
        expected="labels with words from the exercise's table, or role=",
        why="A part is known by its words, in English, Spanish, French, German, Italian or Portuguese.",
    )


def _list(names: Iterable[str], word: str = "and") -> str:
    every = list(names)
    first = every[:MOST_NAMED] if len(every) > MOST_NAMED + 2 else every
    if len(first) < len(every):
        return f"{', '.join(first)} {word} {len(every) - len(first)} more"
    return f" {word} ".join(part for part in (", ".join(first[:-1]), first[-1]) if part)


def _needless(evidence: DiagramEvidence) -> Verdict:
    if evidence.flow.tangled:
        return follows("a connection says nothing where nearly all are drawn")
    return follows("clients need no API where they reach what is behind it")


def _passed_by(evidence: DiagramEvidence) -> Verdict:
    arrows = evidence.flow.exposed
    let = "lets" if len(arrows) == 1 else "let"
    return failed(
        f"{evidence.arrows(arrows)} {let} the outside past the API",
        "Let clients talk to the API only; it decides who may see and write what.",
    )


def stored(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The order reaches the database."""
    flow = evidence.flow
    if flow.tangled:
        return failed(
            "every part is connected with every other, or nearly so: the drawing doesn't say who calls whom",
            "Keep the connections that an order needs, and take out the others.",
            expected="the connections that an order needs",
        )
    if "stored" in flow.passed_by:
        return _needless(evidence)
    if flow.happened("stored"):
        return passed(f"the order was stored by way of {evidence.arrows(flow.through['stored'])}")
    observed = f"the order was lost: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.DATABASE)}"
    if flow.happened("cached") and _reads_through(evidence):
        return failed(
            f"{observed}, and {evidence.names(Role.CACHE)} doesn't write it there",
            "Redis doesn't call PostgreSQL: let the API ask the cache, and the database itself.",
        )
    way = "Follow an order through your drawing, and see where it ends."
    if flow.happened("announced") and flow.remembered:
        # Nothing is lost there, as long as the queue keeps it; but the answer comes too early.
        early = f"{evidence.names(Role.API)} answers before the order is stored: {evidence.names(Role.WORKER)} stores it later, by way of {evidence.arrows(flow.remembered)}"
        return replace(_missing(early, answer, evidence, Role.API, Role.DATABASE, way), why=_EARLY)
    return _missing(observed, answer, evidence, Role.API, Role.DATABASE, way)


def cached(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The API uses the cache; with the cache stopped, orders go on."""
    if "cached" in evidence.flow.passed_by:
        return _needless(evidence)
    if not evidence.flow.happened("cached"):
        observed = f"nothing was cached: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.CACHE)}"
        way = "Something is asked for again and again. Follow that question through your drawing: who answers it?"
        return _missing(observed, answer, evidence, Role.API, Role.CACHE, way)
    goes_on = _failure(evidence.flow, Role.CACHE).accepted
    stopped = (
        "orders went on, and the database was asked more often"
        if goes_on
        else "no order was accepted, for it was stored nowhere"
    )
    return passed(
        f"with {evidence.names(Role.CACHE)} stopped, {stopped}" if goes_on else "what is read often was cached"
    )


def announced(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The order is announced on the queue, by the API or by an outbox."""
    flow = evidence.flow
    if "announced" in flow.passed_by:
        return _needless(evidence)
    if flow.happened("announced"):
        way = "through an outbox, " if flow.outbox else ""
        return passed(f"order.created was announced {way}by way of {evidence.arrows(flow.through['announced'])}")
    observed = (
        f"nobody heard of the order: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.QUEUE)}"
    )
    return _missing(
        observed,
        answer,
        evidence,
        Role.API,
        Role.QUEUE,
        "The order is taken. Follow the news of it: whom does it reach?",
    )


def emailed(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The worker hears of the order on the queue and confirms it by email: an order that is kept, and that was announced."""
    flow = evidence.flow
    if "emailed" in flow.passed_by:
        return _needless(evidence)
    share = flow.share("emailed")
    if flow.confirmed:
        return passed(f"the worker took it from the queue by way of {evidence.arrows(flow.through['emailed'])}")
    if flow.happened("emailed"):
        listens = f"the worker listens to the queue by way of {evidence.arrows(flow.through['emailed'])}"
        lacks = "stored" if flow.happened("announced") else "announced there"
        return _elsewhere(share, flow, listens, f"that no order is {lacks}")
    observed = f"no email is sent: {_unheard(evidence)}"
    way = "Follow one message through your drawing: who takes it?"
    return replace(_missing(observed, answer, evidence, Role.QUEUE, Role.WORKER, way), share=share)


def _elsewhere(share: float, flow: Flow, drawn: str, lacks: str) -> Verdict:
    """Something is drawn as it should be, and an order doesn't get there: what lacks has rows of its own."""
    if share == 1:
        return passed(f"{drawn}; {lacks} costs a row of its own, and nothing here")
    earns = "half" if share else "nothing"
    return follows(f"{drawn}, but with {flow.mistakes} mistakes elsewhere this earns {earns}", share)


def _unheard(evidence: DiagramEvidence) -> str:
    """Why no worker takes what is announced."""
    flow = evidence.flow
    queues, workers = ({n.name for n in flow.parts[role].nodes} for role in (Role.QUEUE, Role.WORKER))
    heard = [
        end
        for a in evidence.drawing.arrows
        for end, far in ((a.tail, a.head), (a.head, a.tail))
        if end in queues and far in workers
    ]
    told = [end for a in flow.through["announced"] for end in (a.tail, a.head) if end in queues]
    if heard and told:
        return f"the order is announced on {evidence.name(told[-1])}, and {evidence.names(Role.WORKER)} listens to {evidence.name(heard[0])}"
    return f"nothing connects {evidence.names(Role.QUEUE)} with {evidence.names(Role.WORKER)}"


def decoupled(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """With the worker stopped an order is accepted all the same, and confirmed when the worker is back."""
    flow, share = evidence.flow, evidence.flow.share("decoupled")
    worker = evidence.names(Role.WORKER)
    if flow.sync:
        return replace(failed(
            f"with {worker} stopped, no order was accepted: {evidence.arrows(flow.sync)} makes the customer wait for the email",
            f"Who else could keep the work until {worker} is back?",
        ), share=share)  # fmt: skip
    if flow.direct:
        return failed(
            f"{evidence.arrows(flow.direct)} connects {evidence.names(Role.API)} and {worker}, and no queue stands between them",
            f"Who else could keep the work until {worker} is back?",
        )
    if "emailed" in flow.passed_by:
        return _needless(evidence)
    if flow.parts[Role.API].with_parts or flow.parts[Role.WORKER].with_parts:
        return follows("it takes parts that can fail on their own")
    if flow.confirmed:
        later = "; the email followed when it was back" if _failure(flow, Role.WORKER).emailed else ""
        return passed(f"with {worker} stopped, the API took the order all the same{later}")
    if not any(flow.through.values()):
        observed = "no arrow carries an order, with the worker or without it"
        way = "Follow an order through your drawing: which arrow does it take?"
        return _missing(observed, answer, evidence, Role.API, Role.WORKER, way)
    if not (flow.parts[Role.API].nodes and flow.parts[Role.WORKER].nodes):
        return follows("it takes a part that wasn't found", share)
    calls = f"no arrow makes {evidence.names(Role.API)} wait for {worker}"
    return _elsewhere(share, flow, calls, "what an order still lacks")


def guarded(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """Clients reach the API and nothing behind it."""
    flow = evidence.flow
    if flow.exposed:
        return _passed_by(evidence)
    if flow.guarded:
        clients = [n for n, roles in flow.roles.items() if Role.CLIENT in roles]
        return passed(
            "clients reach the API, and nothing behind it" if clients else "nothing but the API is open to the outside"
        )
    if flow.tangled:
        return _needless(evidence)
    api = evidence.names(Role.API)
    if flow.stranded:
        client = evidence.name(flow.stranded[0].name)
        way = f"Follow a request from {client}: which arrow does it take?"
        return _missing(f"{client} has no way to {api}", answer, evidence, Role.API, Role.API, way)
    way = f"Follow a request that has come to {api}: where can it go on?"
    return _missing(f"no arrow leads from {api} to another part", answer, evidence, Role.API, Role.API, way)


def notes(answer: Drawing, evidence: DiagramEvidence) -> tuple[str, ...]:
    """Friendly remarks that cost nothing."""
    named = _cause(answer, evidence)
    said = [f"Line {slip.line}: {slip.problem} {slip.hint}" for slip in answer.slips if slip is not named]
    said += _misspelt(evidence)
    said += _strange_roles(evidence)
    said += _twins(evidence)
    if evidence.flow.turned:
        said.append(
            f"{evidence.arrows(evidence.flow.turned)}: we read such arrows as “the API uses it”, whichever way they point. "
            "By custom the arrow starts at whoever calls."
        )
    if twins := _case_twins(answer):
        said.append(f"DOT minds its capitals: {twins} are different nodes.")
    if not answer.directed:
        said.append(
            "Your drawing has lines without a direction, which were read as calls either way. A digraph with -> says who calls whom."
        )
    if waits := _mails(evidence):
        said.append(
            f"{evidence.arrows(waits)}: an API that hands over emails itself makes its customers wait for the mail server. "
            "The email worker is there for that."
        )
    if answer.hidden:
        said.append("Arrows with style=invis don't count: a connection that nobody sees is none.")
    if pictures := [n for n in answer.nodes if n.pictured]:
        names = _list(evidence.name(n.name) for n in pictures)
        said.append(f"Pictures aren't read: give {names} a label or a role, such as [role=database].")
    if answer.ignored:
        said.append(f"Attributes that lead elsewhere are left out: {', '.join(answer.ignored)}.")
    return tuple(said)


def _mails(evidence: DiagramEvidence) -> list[Arrow]:
    """The arrows by which the API calls a mail server."""
    roles = evidence.flow.roles
    mail = {n.name for n in evidence.drawing.nodes
            if roles[n.name] == (Role.PROVIDER,) and not any(word in folded(f"{n.text} {n.name}") for word in NO_MAIL)}  # fmt: skip
    api = {n.name for n in evidence.flow.parts[Role.API].nodes}
    return [a for a in evidence.drawing.arrows if a.tail in api and a.head in mail]


def _misspelt(evidence: DiagramEvidence) -> list[str]:
    found = {}
    for node in evidence.drawing.nodes:
        for word, meant in evidence.flow.found[node.name].read_as:
            written = next((w for w in re.findall(r"\w+", f"{node.text} {node.name}") if folded(w) == word), word)
            found[written] = meant
    return [f"“{shown(written, 40)}” was read as {meant}." for written, meant in found.items()]


def _strange_roles(evidence: DiagramEvidence) -> list[str]:
    said = []
    for node in evidence.drawing.nodes:
        if node.role and node.role not in STATED:
            near = difflib.get_close_matches(node.role, STATED, 1)
            meant = f"did you mean {near[0]}?" if near else "the roles are api, worker, database, cache and queue."
            said.append(f"role={shown(node.role, 40)} on {evidence.name(node.name)} isn't known: {meant}")
    return said


def _twins(evidence: DiagramEvidence) -> list[str]:
    """Nodes with a label and no arrow, beside nodes without a label that have the arrows."""
    roles, found = evidence.flow.roles, evidence.flow.found
    used = {end for arrow in evidence.drawing.arrows for end in (arrow.tail, arrow.head)}
    lonely = [n for n in evidence.drawing.nodes if n.labelled and n.name not in used]
    undeclared = [n for n in evidence.drawing.nodes if not n.labelled and n.name in used]
    said = []
    for node in lonely:
        alike = difflib.get_close_matches(node.name.casefold(), {n.name.casefold() for n in undeclared}, 1, NEAR)
        twin = next(
            (
                n for n in undeclared
                if roles[n.name] == roles[node.name] != (Role.OTHER,) or n.name.casefold() in alike
                or (found[n.name].unread and len(lonely) == 1)
            ), None,
        )  # fmt: skip
        if twin:
            said.append(
                f"{evidence.name(node.name)} has no arrow, and arrows go to an undeclared {evidence.name(twin.name)}. "
                f"Give both one name, {shown(node.name, 40)} or {shown(twin.name, 40)}."
            )
    return said


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


def _missing(observed: str, answer: Drawing, evidence: DiagramEvidence, one: Role, other: Role, way: str) -> Verdict:  # noqa: PLR0917  both ends
    """A connection is missing; where one of its ends is, that comes first."""
    parts = evidence.flow.parts
    if not parts[one].nodes or not parts[other].nodes or (evidence.missing and not any(evidence.flow.through.values())):
        return _absent(answer, evidence, observed, way)
    if slip := _cause(answer, evidence):
        lost = next(step for step, arrows in evidence.flow.through.items() if not arrows)
        if ENDS[lost] != (one, other):
            return follows("it takes a connection that isn't there")
        return failed(observed, f"{slip.problem} {slip.hint}", line=slip.line)
    if twins := _twins(evidence):
        return failed(observed, twins[0])
    return failed(observed, way)


_DOES: Mapping[Role, str] = {
    Role.API: "takes orders from clients, answers at once", Role.WORKER: "sends the confirmation emails",
    Role.DATABASE: "keeps the orders", Role.CACHE: "caches what is read often", Role.QUEUE: "carries order.created events",
}  # fmt: skip
"""What the exercise's table says of each part."""

_EARLY = "A customer who has the answer counts on the order. Until it is stored there is only a message of it."

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
        expected=f"a node of its own for {THE[role]}", why=_WHY[role], docs_url=READ.format("2 and 3"),
        hints=(
            "Count the parts in the exercise's table, and the nodes in your drawing.",
            "A part is recognised by its name or its label; role=... on a node says it outright.",
            f"Which part of your drawing does what this row of the table says: “{_DOES[role]}”?",
        ),
    )  # fmt: skip


CRITERIA: tuple[Criterion[Drawing, DiagramEvidence], ...] = (
    *(_part_criterion(role) for role in PARTS),
    Criterion(
        name="stored", points=POINTS["stored"], title="The order is stored", judge=stored,
        expected="a connection between the orders API and PostgreSQL",
        why="The API is stateless: when its pod is gone, so is every order that it hadn't stored.",
        docs_url=READ.format(3),
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
        docs_url=READ.format(3),
        hints=(
            "Who asks the cache?",
            "A cache does nothing by itself: the service that reads asks it first, then the database.",
            "One arrow begins at the API and ends at the key-value store.",
        ),
    ),
    Criterion(
        name="announced", points=POINTS["announced"], title="The order is announced", judge=announced,
        expected="a connection between the orders API and the message queue, or a program of its own that reads new orders from the database and announces them",
        why="What isn't announced, nobody acts on: no email, no stock update.",
        docs_url=READ.format(4),
        hints=(
            "How does the rest of the shop learn that there is an order?",
            "The event order.created has a producer. Which part knows first?",
            "One arrow begins at the part that takes the orders and ends at the part that keeps messages.",
        ),
    ),
    Criterion(
        name="emailed", points=POINTS["emailed"], title="The worker takes its work from the queue", judge=emailed,
        expected="a connection between the message queue and the email worker, and all that an order needs before",
        why="A queue that nobody reads only grows.",
        docs_url=READ.format(2),
        hints=(
            "Who takes messages from the queue?",
            "A worker has no clients: its work comes from one place only.",
            "One arrow joins the part that keeps messages and the part that sends emails.",
        ),
    ),
    Criterion(
        name="decoupled", points=POINTS["decoupled"], title="No order waits for the worker", judge=decoupled,
        expected="no arrow from the orders API straight to the email worker, and all that an order needs besides",
        why="If the API calls the worker, the customer waits for the mail server, and its outage is yours.",
        docs_url=READ.format(4),
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
        docs_url=READ.format(2),
        hints=(
            "Which parts of your shop can the outside world touch?",
            "Look at the arrows that begin at your client, or at what stands in front of the API.",
            "All arrows from outside should end at one part.",
        ),
    ),
)  # fmt: skip


def _figure(evidence: DiagramEvidence) -> Markup:
    from graders.application_platform.exercises.diagram.figure import judged_picture  # noqa: PLC0415  a figure is drawn only where somebody looks

    return judged_picture(evidence)


def _drawn(answer: Drawing) -> tuple[Markup, str]:
    from graders.application_platform.exercises.diagram.figure import plain_picture  # noqa: PLC0415  a figure is drawn only where somebody looks

    return plain_picture(answer)


def _run(text: str, tell: Callable[[Shown], None], on: str, context: str) -> None:
    from graders.application_platform.exercises.diagram.run import run  # noqa: PLC0415  only a run needs it

    run(text, tell, on, context)


EXERCISE: Exercise[Drawing, DiagramEvidence] = Exercise(
    name="diagram",
    title="The shop's architecture",
    kind="diagram",
    section="06-hands-on",
    minutes=15,
    criteria=CRITERIA,
    parse=parse,
    observe=observe,
    is_started=is_started,
    notes=notes,
    judged_by="placing an order in your drawing",
    figure=_figure,
    draw=_drawn,
    run=_run,
    sample=Sample(__file__, 11.55),
    prints=lambda: tuple(f"| {ASKED[role]} | " for role in PARTS),
)
