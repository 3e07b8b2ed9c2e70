"""Exercise ``diagram``: a drawing of the shop's architecture; its arrows become connections, and a simulated order goes through them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from cluster import Cluster
from cluster.text.names import nearest, normalize
from graders.application_platform.exercises.diagram.flow import ENDS, POINTS, Failure, Flow, place_order
from graders.application_platform.exercises.diagram.words import ASKED, NO_MAIL, PARTS, STATED, THE, Role
from graders.core.exercise import Criterion, Exercise, Sample, Verdict, failed, follows, partly, passed
from graders.core.shown import Shown
from graders.reading.dot.drawing import Arrow, Drawing, Node, is_started, parse
from graders.reading.dot.slips import DrawingSlip
from graders.reading.text import shown

READ = "notebook {}"
MOST_NAMED = 3
"""The most nodes or arrows in one sentence."""


@dataclass(frozen=True, slots=True)
class DiagramEvidence:
    """The drawing, and the flow of an order in it."""

    drawing: Drawing
    flow: Flow

    @classmethod
    def of(cls, answer: Drawing) -> DiagramEvidence:
        """Place an order in a drawing; of several readings, use the one with the most points."""
        flow = place_order(answer)
        return cls(flow.drawing, flow)

    def name(self, node: str) -> str:
        """Return a node's visible text, in quotes."""
        text = next((n.shown for n in self.drawing.nodes if n.name == node), node)
        return f"“{shown(text, 40)}”"

    def names(self, role: Role) -> str:
        """Return the nodes of a part by name, or the exercise's name for the part if it has no node."""
        nodes = [self.name(n.name) for n in self.flow.parts[role].nodes]
        return " and ".join(nodes[:3]) if nodes else THE[role]

    def arrows(self, arrows: Iterable[Arrow]) -> str:
        """Return the first arrows, by the names of their ends."""
        named = [f"{self.name(a.tail)} → {self.name(a.head)}" for a in arrows]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        return ", ".join(named[:MOST_NAMED]) + more

    @property
    def unread(self) -> list[Node]:
        """The nodes without a known word."""
        roles, found = self.flow.roles, self.flow.found
        return [n for n in self.drawing.nodes if found[n.name].unread and roles[n.name] == (Role.OTHER,)]

    @property
    def missing(self) -> list[Role]:
        """The parts without a node."""
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
                f"{names} is a different kind of part than {ASKED[role]}",
                f"Draw {ASKED[role]}, as in the exercise.",
            )
        if part.with_parts:
            every = _list(ASKED[r] for r in (role, *part.with_parts))
            observed = f"{names} is one box for {every}"
            hint = "Give each part its own node: each fails and scales separately, and needs separate care."
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
        return f"{evidence.name(scheduled[0])} runs by a clock; a worker waits for messages. Add a node for the worker."
    return "Compare your drawing with the exercise's table, row by row."


def _playing(evidence: DiagramEvidence) -> list[tuple[Node, tuple[Role, ...]]]:
    return [(n, evidence.flow.roles[n.name]) for n in evidence.drawing.nodes]


def _absent(answer: Drawing, evidence: DiagramEvidence, observed: str, hint: str, role: Role | None = None) -> Verdict:
    """Return the verdict for a missing part: ``role``, or with None a part that a step needs.

    A slip of the drawing, or nodes that aren't understood, explain all missing parts at once: the first part's finding
    says so, and the others follow from it.
    """
    if role is None or (role is not evidence.missing[0] and (_cause(answer, evidence) or evidence.unread)):
        return follows("a part is missing")
    if slip := _cause(answer, evidence):
        return failed(
            f"{observed}. {slip.problem}", slip.hint, line=slip.line, expected="names and arrows in valid DOT",
            why="DOT reads exactly what is written, and gives no warning.",
        )  # fmt: skip
    return _not_understood(evidence) if evidence.unread else failed(observed, hint)


def _cause(answer: Drawing, evidence: DiagramEvidence) -> DrawingSlip | None:
    """Return the slip that may have lost a part or a connection; None if nothing is missing."""
    lost = evidence.missing or not all(evidence.flow.through.values())
    return next((slip for slip in answer.slips if slip.costs and lost), None)


def _not_understood(evidence: DiagramEvidence) -> Verdict:
    pictures = [n for n in evidence.unread if n.pictured]
    nodes = pictures or evidence.unread
    names = _list(evidence.name(n.name) for n in nodes)
    missing = _list((THE[r] for r in evidence.missing), "or")
    written = nodes[0].name if nodes[0].name.isidentifier() else f'"{shown(nodes[0].name, 40)}"'
    return failed(
        f"the labels of {names} aren't understood, so no node is {missing}"
        if not pictures
        else f"we don't read pictures, and {names} {'has' if len(nodes) == 1 else 'have'} no label, so no node is {missing}",
        f"Name each node's part with role=, as in {written} [role={evidence.missing[0].value}]. "
        "The roles are api, worker, database, cache and queue.",
        expected="labels with words from the exercise's table, or role=",
        why="We recognize a part by its words, in English, Spanish, French, German, Italian or Portuguese.",
    )


def _list(names: Iterable[str], word: str = "and") -> str:
    every = list(names)
    first = every[:MOST_NAMED] if len(every) > MOST_NAMED + 2 else every
    if len(first) < len(every):
        return f"{', '.join(first)} {word} {len(every) - len(first)} more"
    return f" {word} ".join(part for part in (", ".join(first[:-1]), first[-1]) if part)


def _needless(evidence: DiagramEvidence) -> Verdict:
    if evidence.flow.tangled:
        return follows("almost every connection is drawn, so a single connection has no meaning")
    return follows("clients don't need the API if they reach the parts behind it")


def _passed_by(evidence: DiagramEvidence) -> Verdict:
    arrows = evidence.flow.exposed
    give = "gives" if len(arrows) == 1 else "give"
    return failed(
        f"{evidence.arrows(arrows)} {give} clients a way past the API",
        "Connect clients only to the API; it checks who may read and write what.",
    )


def stored(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The order reaches the database."""
    flow = evidence.flow
    if flow.tangled:
        return failed(
            "almost every part is connected with every other part, so the drawing doesn't say which part calls which",
            "Keep the connections that an order needs, and delete the others.",
            expected="the connections that an order needs",
        )
    if "stored" in flow.passed_by:
        return _needless(evidence)
    if flow.happened("stored"):
        return passed(f"the order was stored through {evidence.arrows(flow.through['stored'])}")
    observed = f"the order was lost: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.DATABASE)}"
    if flow.happened("cached") and _reads_through(evidence):
        return failed(
            f"{observed}, and {evidence.names(Role.CACHE)} doesn't write it there",
            "Redis doesn't call PostgreSQL: connect the API with the cache and with the database.",
        )
    way = "Follow an order through your drawing. Where does it end?"
    if flow.happened("announced") and flow.remembered:
        # The order isn't lost as long as the queue has it, but the answer comes too early.
        early = f"{evidence.names(Role.API)} answers before the order is stored: {evidence.names(Role.WORKER)} stores it later, through {evidence.arrows(flow.remembered)}"
        return replace(_missing(early, answer, evidence, Role.API, Role.DATABASE, way), why=_EARLY)
    return _missing(observed, answer, evidence, Role.API, Role.DATABASE, way)


def cached(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The API uses the cache; with the cache stopped, orders are still accepted."""
    if "cached" in evidence.flow.passed_by:
        return _needless(evidence)
    if not evidence.flow.happened("cached"):
        observed = f"nothing was cached: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.CACHE)}"
        way = "Customers read the same data again and again. Follow such a request through your drawing: which part answers it?"
        return _missing(observed, answer, evidence, Role.API, Role.CACHE, way)
    goes_on = _failure(evidence.flow, Role.CACHE).accepted
    stopped = (
        "orders were still accepted, and the database answered more reads"
        if goes_on
        else "no order was accepted, because none was stored"
    )
    return passed(f"with {evidence.names(Role.CACHE)} stopped, {stopped}" if goes_on else "frequent reads were cached")


def announced(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The order is announced on the queue, by the API or by an outbox."""
    flow = evidence.flow
    if "announced" in flow.passed_by:
        return _needless(evidence)
    if flow.happened("announced"):
        way = "by an outbox, " if flow.outbox else ""
        return passed(f"order.created was announced {way}through {evidence.arrows(flow.through['announced'])}")
    observed = (
        f"the order was not announced: nothing connects {evidence.names(Role.API)} with {evidence.names(Role.QUEUE)}"
    )
    return _missing(
        observed,
        answer,
        evidence,
        Role.API,
        Role.QUEUE,
        "The API accepted the order. Which other parts learn of it in your drawing?",
    )


def emailed(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """The worker takes the order from the queue and confirms it by email; the order must be stored and announced."""
    flow = evidence.flow
    if "emailed" in flow.passed_by:
        return _needless(evidence)
    share = flow.share("emailed")
    if flow.confirmed:
        return passed(f"the worker took it from the queue through {evidence.arrows(flow.through['emailed'])}")
    if flow.happened("emailed"):
        listens = f"the worker listens to the queue through {evidence.arrows(flow.through['emailed'])}"
        lacks = "stored" if flow.happened("announced") else "announced there"
        return _costs_elsewhere(share, flow, listens, f"no order is {lacks}")
    observed = f"no email is sent: {_unheard(evidence)}"
    way = "Follow one message through your drawing: which part takes it?"
    return replace(_missing(observed, answer, evidence, Role.QUEUE, Role.WORKER, way), share=share)


def _costs_elsewhere(share: float, flow: Flow, drawn: str, lacks: str) -> Verdict:
    """Return the verdict for a right connection that no order reaches: other criteria judge the reason."""
    if share == 1:
        return passed(f"{drawn}, but {lacks}; that costs points in another row, not here")
    earns = "half" if share else "nothing"
    return follows(f"{drawn}, but with {flow.mistakes} mistakes elsewhere this earns {earns}", share)


def _unheard(evidence: DiagramEvidence) -> str:
    """Return why no worker takes the announced order."""
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
    """With the worker stopped, an order is still accepted, and confirmed when the worker is back."""
    flow, share = evidence.flow, evidence.flow.share("decoupled")
    worker = evidence.names(Role.WORKER)
    if flow.sync:
        return replace(failed(
            f"with {worker} stopped, no order was accepted: {evidence.arrows(flow.sync)} makes the customer wait for the email",
            f"Which other part could keep the work until {worker} is back?",
        ), share=share)  # fmt: skip
    if flow.direct:
        return failed(
            f"{evidence.arrows(flow.direct)} connects {evidence.names(Role.API)} and {worker} without a queue between them",
            f"Which other part could keep the work until {worker} is back?",
        )
    if "emailed" in flow.passed_by:
        return _needless(evidence)
    if flow.parts[Role.API].with_parts or flow.parts[Role.WORKER].with_parts:
        return follows("the API and the worker can't fail separately")
    if flow.confirmed:
        later = "; the email followed when it was back" if _failure(flow, Role.WORKER).emailed else ""
        return passed(f"with {worker} stopped, the API still accepted the order{later}")
    if not any(flow.through.values()):
        observed = "no arrow carries an order, with or without the worker"
        way = "Follow an order through your drawing: which arrow does it take?"
        return _missing(observed, answer, evidence, Role.API, Role.WORKER, way)
    if not (flow.parts[Role.API].nodes and flow.parts[Role.WORKER].nodes):
        return follows("a part is missing", share)
    calls = f"no arrow makes {evidence.names(Role.API)} wait for {worker}"
    return _costs_elsewhere(share, flow, calls, "an order still needs other connections")


def guarded(answer: Drawing, evidence: DiagramEvidence) -> Verdict:
    """Clients reach the API, and no part behind it."""
    flow = evidence.flow
    if flow.exposed:
        return _passed_by(evidence)
    if flow.guarded:
        clients = [n for n, roles in flow.roles.items() if Role.CLIENT in roles]
        return passed(
            "clients reach the API, and no part behind it" if clients else "only the API is open to the outside"
        )
    if flow.tangled:
        return _needless(evidence)
    api = evidence.names(Role.API)
    if flow.stranded:
        client = evidence.name(flow.stranded[0].name)
        way = f"Follow a request from {client}: which arrow does it take?"
        return _missing(f"{client} has no way to {api}", answer, evidence, Role.API, Role.API, way)
    way = f"Follow a request from {api}: which part can it reach next?"
    return _missing(f"no arrow leads from {api} to another part", answer, evidence, Role.API, Role.API, way)


def notes(answer: Drawing, evidence: DiagramEvidence) -> tuple[str, ...]:
    """Return remarks that cost no points."""
    named = _cause(answer, evidence)
    said = [f"Line {slip.line}: {slip.problem} {slip.hint}" for slip in answer.slips if slip is not named]
    said += _misspelled(evidence)
    said += _strange_roles(evidence)
    said += _twins(evidence)
    if evidence.flow.turned:
        said.append(
            f"{evidence.arrows(evidence.flow.turned)}: we read such arrows as “the API uses it”, in either direction. "
            "Usually the arrow starts at the caller."
        )
    if twins := _case_twins(answer):
        said.append(f"Capitals matter in DOT: {twins} are different nodes.")
    if not answer.directed:
        said.append(
            "Your drawing has lines without a direction, so we read them as calls in both directions. A digraph with -> says which part calls which."
        )
    if waits := _mails(evidence):
        said.append(
            f"{evidence.arrows(waits)}: if the API sends emails itself, its customers wait for the mail server. "
            "The email worker is there for that."
        )
    if answer.hidden:
        said.append("Arrows with style=invis are invisible, so they don't count.")
    if pictures := [n for n in answer.nodes if n.pictured]:
        names = _list(evidence.name(n.name) for n in pictures)
        said.append(f"We don't read pictures: give {names} a label or a role, such as [role=database].")
    if answer.ignored:
        said.append(f"We ignored attributes with links or files: {', '.join(answer.ignored)}.")
    return tuple(said)


def _mails(evidence: DiagramEvidence) -> list[Arrow]:
    """Return the arrows from the API to a mail server."""
    roles = evidence.flow.roles
    mail = {n.name for n in evidence.drawing.nodes if roles[n.name] == (Role.PROVIDER,) and not _takes_no_mail(n)}
    api = {n.name for n in evidence.flow.parts[Role.API].nodes}
    return [a for a in evidence.drawing.arrows if a.tail in api and a.head in mail]


def _takes_no_mail(node: Node) -> bool:
    lines = (normalize(line, signs=False) for line in (*node.text.splitlines(), node.name))
    return any(word in line for line in lines for word in NO_MAIL)


def _misspelled(evidence: DiagramEvidence) -> list[str]:
    found = {}
    for node in evidence.drawing.nodes:
        for word, meant in evidence.flow.found[node.name].read_as:
            written = next(
                (w for w in re.findall(r"\w+", f"{node.text} {node.name}") if normalize(w, signs=False) == word), word
            )
            found[written] = meant
    return [f"“{shown(written, 40)}” was read as {meant}." for written, meant in found.items()]


def _strange_roles(evidence: DiagramEvidence) -> list[str]:
    said = []
    for node in evidence.drawing.nodes:
        if node.role and node.role not in STATED:
            near = nearest(node.role, STATED)
            meant = f"Did you mean {near}?" if near else "The roles are api, worker, database, cache and queue."
            said.append(f"role={shown(node.role, 40)} on {evidence.name(node.name)} isn't known. {meant}")
    return said


def _twins(evidence: DiagramEvidence) -> list[str]:
    """Return a message for each labeled node without arrows whose arrows go to a similar unlabeled node."""
    roles, found = evidence.flow.roles, evidence.flow.found
    used = {end for arrow in evidence.drawing.arrows for end in (arrow.tail, arrow.head)}
    lonely = [n for n in evidence.drawing.nodes if n.labeled and n.name not in used]
    undeclared = [n for n in evidence.drawing.nodes if not n.labeled and n.name in used]
    said = []
    for node in lonely:
        alike = nearest(node.name, [n.name for n in undeclared])
        twin = next(
            (
                n for n in undeclared
                if roles[n.name] == roles[node.name] != (Role.OTHER,) or n.name == alike
                or (found[n.name].unread and len(lonely) == 1)
            ), None,
        )  # fmt: skip
        if twin:
            said.append(
                f"{evidence.name(node.name)} has no arrow, but arrows go to an undeclared {evidence.name(twin.name)}. "
                f"Give both the same name, {shown(node.name, 40)} or {shown(twin.name, 40)}."
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
    """Return the verdict for a missing connection; a missing end comes first."""
    parts = evidence.flow.parts
    if not parts[one].nodes or not parts[other].nodes or (evidence.missing and not any(evidence.flow.through.values())):
        return _absent(answer, evidence, observed, way)
    if slip := _cause(answer, evidence):
        lost = next(step for step, arrows in evidence.flow.through.items() if not arrows)
        if ENDS[lost] != (one, other):
            return follows("a connection is missing")
        return failed(observed, f"{slip.problem} {slip.hint}", line=slip.line)
    if twins := _twins(evidence):
        return failed(observed, twins[0])
    return failed(observed, way)


_DOES: Mapping[Role, str] = {
    Role.API: "takes orders from clients, answers at once", Role.WORKER: "sends the confirmation emails",
    Role.DATABASE: "keeps the orders", Role.CACHE: "caches what is read often", Role.QUEUE: "carries order.created events",
}  # fmt: skip
"""The description of each part in the exercise's table."""

_EARLY = "A customer who has the answer relies on the order. Until it is stored, it exists only as a message."

_WHY: Mapping[Role, str] = {
    Role.API: "One part has to accept the order and answer the customer.",
    Role.WORKER: "Sending an email is slow and often fails; a worker can take its time and try again.",
    Role.DATABASE: "An order that isn't in a transactional store isn't safe.",
    Role.CACHE: "With a cache, frequent reads don't need the database each time.",
    Role.QUEUE: "A queue stores work until a worker has time for it.",
}


def _part_criterion(role: Role) -> Criterion[Drawing, DiagramEvidence]:
    return Criterion(
        name=role.value, points=POINTS[role.value], title=f"A separate part: {ASKED[role]}", judge=_part(role),
        expected=f"a separate node for {THE[role]}", why=_WHY[role], docs_url=READ.format("2 and 3"),
        hints=(
            "Count the parts in the exercise's table, and the nodes in your drawing.",
            "We recognize a part by its name or its label. On any node, role=... names the part.",
            f"Which part of your drawing does what this row of the table says: “{_DOES[role]}”?",
        ),
    )  # fmt: skip


CRITERIA: tuple[Criterion[Drawing, DiagramEvidence], ...] = (
    *(_part_criterion(role) for role in PARTS),
    Criterion(
        name="stored", points=POINTS["stored"], title="The order is stored", judge=stored,
        expected="a connection between the orders API and PostgreSQL",
        why="The API is stateless: when its pod dies, each order that isn't stored is lost.",
        docs_url=READ.format(3),
        hints=(
            "Where is the order when the API's pod restarts?",
            "Follow the order through your drawing: which arrow leads to permanent storage?",
            "One arrow begins at the API and ends at the relational store.",
        ),
    ),
    Criterion(
        name="cached", points=POINTS["cached"], title="Frequent reads are cached", judge=cached,
        expected="a connection between the orders API and Redis",
        why="The database is the hardest part to scale; a cache takes repeated reads from it.",
        docs_url=READ.format(3),
        hints=(
            "Which part reads the cache?",
            "A cache does nothing by itself: the service reads the cache first, then the database.",
            "One arrow begins at the API and ends at the key-value store.",
        ),
    ),
    Criterion(
        name="announced", points=POINTS["announced"], title="The order is announced", judge=announced,
        expected="a connection between the orders API and the message queue, or a separate program that reads new orders from the database and announces them",
        why="Without an announcement there is no email and no stock update.",
        docs_url=READ.format(4),
        hints=(
            "How does the rest of the shop learn of a new order?",
            "The event order.created has a producer. Which part knows of the order first?",
            "One arrow begins at the part that accepts orders and ends at the part that stores messages.",
        ),
    ),
    Criterion(
        name="emailed", points=POINTS["emailed"], title="The worker takes its work from the queue", judge=emailed,
        expected="a connection between the message queue and the email worker, and all earlier steps of an order",
        why="A queue without a worker only grows.",
        docs_url=READ.format(2),
        hints=(
            "Which part takes messages from the queue?",
            "A worker has no clients: its work comes from one place only.",
            "One arrow connects the part that stores messages and the part that sends emails.",
        ),
    ),
    Criterion(
        name="decoupled", points=POINTS["decoupled"], title="No order waits for the worker", judge=decoupled,
        expected="no arrow from the orders API directly to the email worker, and all steps of an order",
        why="If the API calls the worker, the customer waits for the mail server, and its outage stops your shop.",
        docs_url=READ.format(4),
        hints=(
            "Imagine that the email worker is stopped. Can a customer still order?",
            "Look for an arrow by which the API waits for the worker.",
            "Between the API and the worker there should be exactly one part.",
        ),
    ),
    Criterion(
        name="guarded", points=POINTS["guarded"], title="Clients talk to the API only", judge=guarded,
        expected="clients reach the orders API, but no store and no queue",
        why="A client that reaches a store directly bypasses every check of the API.",
        docs_url=READ.format(2),
        hints=(
            "Which parts of your shop can clients reach directly?",
            "Look at the arrows that begin at your client, or at the part in front of the API.",
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
