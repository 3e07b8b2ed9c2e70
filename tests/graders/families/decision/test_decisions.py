"""Decisions: the points of a choice, its messages, and the accepted spellings."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster import world
from cluster.manifests.documents import read
from cluster.text.names import nearest, normalize
from graders.application_platform.exercises.bill import rubric as bill
from graders.application_platform.exercises.boundaries import rubric as boundaries
from graders.application_platform.exercises.databases import rubric as databases
from graders.application_platform.exercises.hello import rubric as hello
from graders.application_platform.exercises.interactions import rubric as interactions
from graders.application_platform.exercises.kinds import rubric as kinds
from graders.core.exercise import Exercise
from graders.core.registry import exercises
from graders.core.report import Finding, Report, State
from graders.families.decision.criteria import Field, Item, decision, form, shares
from graders.present import card, inline
from graders.reading.choices import Choices
from graders.reading.vocabulary import same
from tests.support.solutions import solution
from tests.support.worlds import AwayCluster

MODULES = {"hello": hello, "boundaries": boundaries, "bill": bill, "kinds": kinds, "databases": databases,
           "interactions": interactions}  # fmt: skip
DECISIONS = {name: (module.EXERCISE, module.ITEMS) for name, module in MODULES.items()}
EVERY = pytest.mark.parametrize("name", DECISIONS)

PET = Item(
    "pet", "A pet", "It purrs.",
    fields=(
        Field("choose", ("cat", "dog"), right=("cat",), told={"dog": "The dog barks all night."}),
        Field("because", ("it-purrs", "it-is-small", "it-barks", "it-swims"), right=("it-purrs", "it-is-small"),
              told={"it-barks": "Listen again.", "it-swims": "Look again."}, several=True),
    ),
    why="Pets stay for years.", hints=("Listen.", "Listen closely.", "What does purr?"),
)  # fmt: skip
FOOD = Item("food", "Its food", "It eats.", (Field("eats", ("fish", "hay"), right=("fish",), told={"hay": "It starves."}),),
            why="It has to eat.", hints=("Smell.", "Smell closely.", "What swims?"))  # fmt: skip
PETS = decision(name="pets", title="Pets", section="00", minutes=1, points=4, part=1, items=(PET, FOOD))


def judge(text: str, one: Exercise[Choices, None] = PETS) -> Report:
    return one.judge(text, world())


def found(text: str, item: str = "pet") -> Finding:
    return next(f for f in judge(text).findings if f.criterion == item)


@pytest.mark.parametrize(
    ("text", "earned", "observed"),
    [
        ("pet: {choose: cat, because: it-purrs}", 2, "choose: cat, because: it-purrs"),
        ("pet: {choose: cat, because: [it-purrs]}", 2, "choose: cat, because: it-purrs"),
        ("pet: {choose: cat, because: [it-is-small, it-purrs]}", 2, "choose: cat, because: it-is-small, it-purrs"),
        ("pet: {choose: cat, because: 'it-purrs, it-is-small'}", 2, "choose: cat, because: it-purrs, it-is-small"),
        ("pet: {because: it-purrs, choose: [cat]}", 2, "choose: cat, because: it-purrs"),
        ("Pet: {Choose: CAT, because: It purrs}", 2, "choose: cat, because: it-purrs"),
        ("pet: {choose: cat, because: it_purrs}", 2, "choose: cat, because: it-purrs"),
        ("pet: {choose: cat, because: [it-purrs, it-barks]}", 1.5, "choose: cat fits; because: it-purrs fits, but it-barks isn't in the facts"),
        ("pet: {choose: cat, because: [it-purrs, it-barks, it-swims]}", 1, "choose: cat fits; because: it-purrs fits, but it-barks and it-swims aren't in the facts"),
        ("pet: {choose: cat, because: it-barks}", 0.5, "choose: cat fits; because: it-barks isn't in the facts"),
        ("pet: {choose: cat}", 1, "choose: cat fits; because isn't filled in"),
        ("pet: {choose: cat, because: }", 1, "choose: cat fits; because isn't filled in"),
        ("pet: {choose: dog, because: it-purrs}", 0, "choose: dog"),
        ("pet: {because: it-purrs}", 0, "choose isn't filled in"),
        ("pet: {choose: , because: it-purrs}", 0, "choose isn't filled in"),
        ("pet: {chose: cat, because: it-purrs}", 2, "choose: cat, because: it-purrs"),
        ("pet: {chosen: cat, because: it-purrs}", 0, "there is “chosen”, but no choose"),
        ("pet: {choose: cat, becuse: it-purrs}", 2, "choose: cat, because: it-purrs"),
        ("pet: {choose: cat, becos: it-purrs}", 1, "choose: cat fits; there is “becos”, but no because"),
        ("pet: {choose: kat, because: it-purrs}", 1, "choose: “kat”, a word that isn't in the list"),
        ("pet: {choose: cat, because: it-pures}", 2, "choose: cat, because: it-purrs"),
        ("pet: {choose: cat, because: it-sings}", 1, "choose: cat fits; because: “it-sings”, a word that isn't in the list"),
        ("pet: {choose: cat, because: [it-purrs, cute]}", 1.5, "choose: cat fits; because: it-purrs, “cute”; “cute”, a word that isn't in the list"),
        ("pet: {choose: [cat, dog], because: it-purrs}", 0, "choose: “cat” and “dog” are 2 words; only one is allowed"),
        ("pet: {choose: {cat: 1}, because: it-purrs}", 0, "choose: there is a block in place of one of the words"),
        ("pet: {choose: cat, because: [[it-purrs]]}", 1, "choose: cat fits; because: there is a block in place of one or more of the words"),
        ("pet: {choose: true, because: it-purrs}", 1, "choose: “true”, a word that isn't in the list"),
        ("pet: {choose: 3.5}", 0, "choose: “3.5”, a word that isn't in the list"),
        ("pet: cat", 1, "choose: cat fits; because isn't filled in"),
        ("pet: dog", 0, "choose: dog"),
        ("pet: zebra", 0, "pet: zebra"),
        ("pet: [cat, it-purrs]", 0, 'pet: ["cat", "it-purrs"]'),
        ("pet:\nfood: fish", 0, "nothing is chosen for it yet"),
        ("food: fish", 0, "nothing is written for it yet"),
        ("pett: {choose: cat}\nfood: fish", 1, "choose: cat fits; because isn't filled in"),
        ("petty: {choose: cat}\nfood: fish", 0, "there is “petty”, but no pet"),
    ],
)  # fmt: skip
def test_what_a_choice_earns(text: str, earned: float, observed: str) -> None:
    """A right choice earns half the points and its reasons the other half; a wrong or missing choice earns nothing."""
    finding = found(text)
    assert (finding.earned, finding.observed) == (earned, observed)
    missed = State.NOT_STARTED if observed.startswith("nothing is") else State.FAIL
    assert finding.state is (State.PASS if earned == 2 else missed)


@pytest.mark.parametrize("text", ["food: fish", "food: [fish]", "food: {eats: fish}", "food:\n  eats:\n    - Fish"])
def test_one_field(text: str) -> None:
    """For an item with one field the word alone is enough."""
    assert found(text, "food").earned == 2


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("pet: {chosen: cat}", "Did you mean “choose:”?"),
        ("petty: {choose: cat}", "Did you mean “pet”?"),
        ("pet: {choose: kat}", "Did you mean “cat”? The words are cat, dog."),
        ("pet: {choose: zebra}", "The words are cat, dog."),
        ("pet: {choose: cat, because: it-pures-a-lot}", "Did you mean “it-purrs”? The words are it-purrs, it-is-small, it-barks, it-swims."),
        ("pet: {choose: cat}", "After “because:”, write one or more of it-purrs, it-is-small, it-barks or it-swims."),
        ("pet: cat", "Below “pet:”, indented, write “choose:” and “because:”."),
        ("pet: a good one\n", "Below “pet:”, indented, write “choose:” and “because:”."),
        ("pet:\n  choose:cat\n  because:it-purrs\n", "Put a space after each colon: “choose: cat”."),
        ("pet:\n- choose: cat\n- choose: dog\n- because: it-purrs\n", "Delete the dashes before “choose:” and “because:”: a dash begins an entry of a list."),
        ("pet:\nfood: fish", "Choose: cat, dog."),
        ("food: fish", "Add “pet:”, and choose."),
    ],
)  # fmt: skip
def test_what_to_do(text: str, hint: str) -> None:
    """An unknown word gets a suggestion, and a missing one the list of options."""
    assert found(text).hint == hint


def test_fields_at_the_edge() -> None:
    """A finding says where fields that aren't indented below their item belong."""
    one = found("pet:\nchoose: cat\nbecause: it-purrs\n")
    assert (one.observed, one.line) == ("“choose:” isn't indented, so it belongs to no item", 2)
    assert one.hint == "Put two spaces before “choose:”, below “pet:”."
    assert found("pet:\nfood: fish\n").observed == "nothing is chosen for it yet"


def test_in_the_learners_own_names() -> None:
    """A finding on an item answered by a word alone uses the item's name, not the field's."""
    assert found("food: hay", "food").observed == "food: hay"
    assert found("food: {eats: hay}", "food").observed == "food: hay"


def test_consequence_is_told() -> None:
    """A wrong choice shows its consequence, a wrong reason its mistake, and a right one neither."""
    assert found("pet: {choose: dog, because: it-purrs}").why == "The dog barks all night."
    assert found("pet: {choose: cat, because: [it-purrs, it-swims]}").why == "Look again."
    assert found("pet: {choose: cat, because: it-purrs}").why == ""


def test_its_own_line() -> None:
    """Each finding has the line of its field, or of the item if the field is missing."""
    text = "pet:\n  choose: cat\n  because: it-barks\nfood: hay\n"
    assert (found(text).line, found(text, "food").line) == (3, 4)
    assert found("\npet:\n  because: it-purrs").line == 2
    assert found("\npet: cat").line == 2
    assert found("x: 1\npett: cat").line == 2


def test_what_was_not_asked() -> None:
    """An item that wasn't asked for costs no points and gets a note; a probable misspelling isn't reported twice."""
    report = judge("pet: {choose: cat, because: it-purrs, name: Tom}\nPET: dog\nfood: fish\nplant: tree\n")
    assert report.score == 4
    assert report.notes == (
        "“name” of pet (line 1) isn't part of this exercise, so it doesn't count.",
        "“PET” (line 2) repeats pet; the first one counts.",
        "“plant” (line 4) isn't part of this exercise, so it doesn't count.",
    )
    assert judge("petty: {choose: cat}\nfood: {eatin: fish}").notes == ()
    assert len(judge("\n".join(f"x{n}: 1" for n in range(50))).notes) == 3


def test_doubled_is_refused() -> None:
    """An item that is written twice makes the answer unreadable; the error has the line of the second."""
    report = judge("pet: {choose: cat, because: it-purrs}\nfood: fish\npet: {choose: dog}")
    assert (report.score, report.state) == (0, State.FAIL)
    assert report.problem == "“pet” is written twice, on lines 1 and 3."
    assert report.excerpt == "3 | pet: {choose: dog}"


def test_each_world_agrees() -> None:
    """A decision is judged with any world, even one that is down."""
    report = PETS.judge("pet: {choose: cat, because: it-purrs}\nfood: fish", AwayCluster())
    assert (report.score, report.state, report.world) == (4, State.PASS, "kind")


@given(st.integers(1, 100), st.integers(1, 30))
def test_shares(points: int, parts: int) -> None:
    """Points are shared equally to a hundredth, and their sum stays."""
    each = shares(points, parts)
    assert round(sum(each), 6) == points
    assert max(each) - min(each) < 0.011


def test_options_are_right_or_told() -> None:
    """A field raises ValueError if an option is neither right nor has a consequence, or both."""
    for told in ({}, {"a": "No.", "b": "No."}, {"b": "No.", "c": "No."}):
        with pytest.raises(ValueError, match="each option must be right or have a consequence"):
            Field("choose", ("a", "b"), right=("a",), told=told)


def test_vocabulary() -> None:
    """Spelling is corrected, and meaning isn't guessed."""
    assert normalize(" Small_ Team") == normalize("small-team")
    assert same("500 ms", ["50ms", "500ms"]) == "500ms"
    assert same("smal-team", ["small-team"]) is None
    assert nearest("smal team", ["small-team", "simple-domain"]) == "small-team"
    assert nearest("zzz", ["small-team"]) is None
    assert same("x" * 10_000, ["x"]) is None


def test_learners_words_are_escaped() -> None:
    """A learner's words are escaped in the card, and cut."""
    report = judge("pet: {choose: <script>alert(1)</script>}\n<b>bold</b>: 1\nfood: '" + "y" * 5000 + "'")
    shown = card.html(report)
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "<b>bold" not in shown
    assert "y" * 100 not in shown


@EVERY
def test_kept(name: str) -> None:
    """%%answer names the items that it has read."""
    one, items = DECISIONS[name]
    assert inline.kept(one, solution(one)).plain.startswith(f"Kept: {items[0].name}")


# Facts about every exercise with choices.


@EVERY
def test_all_right_answers(name: str) -> None:
    """Each right word counts, alone and with the other right ones."""
    one, items = DECISIONS[name]
    for item in items:
        for field in item.fields:
            sets = [s for size in range(1, len(field.right) + 1) for s in combinations(field.right, size)]
            for words in sets if field.several else [(word,) for word in field.right]:
                answer: dict[str, Any] = {i.name: {f.name: f.right[0] for f in i.fields} for i in items}
                answer[item.name][field.name] = list(words)
                assert judge(yaml.safe_dump(answer), one).state is State.PASS


@EVERY
def test_every_wrong_word_costs_its_item_alone(name: str) -> None:
    """Each wrong word fails its own item with its own consequence, and no other item."""
    one, items = DECISIONS[name]
    for item in items:
        for position, field in enumerate(item.fields):
            for word, told in field.told.items():
                answer: dict[str, Any] = {i.name: {f.name: f.right[0] for f in i.fields} for i in items}
                answer[item.name][field.name] = word
                missed = [f for f in judge(yaml.safe_dump(answer), one).findings if f.state is not State.PASS]
                assert [f.criterion for f in missed] == [item.name]
                assert missed[0].why == told
                assert (missed[0].earned == 0) is (position == 0)


@EVERY
def test_never_the_answer(name: str) -> None:
    """No hint, consequence or expectation names the right word of its item."""
    one, items = DECISIONS[name]
    for item, criterion in zip(items, one.criteria, strict=True):
        told = [said for field in item.fields for said in field.told.values()]
        # If every word is right, a hint can't give the answer away.
        right = [word for field in item.fields if field.told for word in field.right]
        for word in right:
            pattern = re.compile(rf"\b{re.escape(word).replace('-', '[- ]')}\b", re.IGNORECASE)
            ladders = (hint for field in item.fields for hint in field.hints)
            for said in (*criterion.hints, *ladders, *told, criterion.why, criterion.expected, item.title):
                assert not pattern.search(said.replace("\\", "")), (item.name, word, said)


@EVERY
def test_sentences(name: str) -> None:
    """Facts and consequences are whole sentences, and the consequences of one field differ."""
    _, items = DECISIONS[name]
    for item in items:
        assert item.facts.endswith((".", "?"))
        for field in item.fields:
            assert len(set(field.told.values())) == len(field.told)
            assert all(said[0].isupper() or said[0] == "“" for said in field.told.values())
            assert all(said.endswith((".", "?", "?”.")) for said in field.told.values())


@EVERY
def test_words_are_words_in_yaml(name: str) -> None:
    """No item, field or option is a word that YAML reads as another value, such as on, no or 1:30."""
    _, items = DECISIONS[name]
    words = {w for i in items for w in (i.name, *(f.name for f in i.fields), *(o for f in i.fields for o in f.options))}
    for word in words:
        assert read(f"{word}: {word}")[0].data == {word: word}


@EVERY
def test_form(name: str) -> None:
    """The blank form isn't started, and has each item and field in its place."""
    one, items = DECISIONS[name]
    assert not one.is_started(form(items))
    assert one.parse(form(items)).items == {
        i.name: None if len(i.fields) == 1 else {f.name: None for f in i.fields} for i in items
    }


@EVERY
def test_no_word_resembles_another(name: str) -> None:
    """No two items of an exercise, and no two options of a field, are equal after normalization."""
    _, items = DECISIONS[name]
    for words in ([i.name for i in items], *(f.options for i in items for f in i.fields)):
        assert len({normalize(w) for w in words}) == len(words)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
    | st.sampled_from(["cat", "dog", "it-purrs", "it-barks", "fish", "monolith", "small-team"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["choose", "because", "eats", "lands-on", "kind", "x", ""]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
KEYS = st.sampled_from(["pet", "PET", "pett", "food", "recipe-box", "tracing", "login", "today"]) | st.text(max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=5), st.sampled_from([PETS, *(one for one, _ in DECISIONS.values())]))
def test_any_choices(answer: dict[str, Any], one: Exercise[Choices, None]) -> None:
    """Any choices are judged with a score between zero and full marks, and without an unexpected error."""
    report = judge(yaml.safe_dump(answer, allow_unicode=True), one)
    assert report.judged, report.problem
    assert 0 <= report.score <= report.max == one.points


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120))
def test_any_text(text: str) -> None:
    """Any text is judged."""
    assert judge(text).judged


def test_kinds_are_named() -> None:
    """Each exercise with choices has the kind decision."""
    assert {e.name for e in exercises() if e.kind == "decision"} >= set(DECISIONS)


def test_fields_that_stand_beside_their_items() -> None:
    """If the fields of two items aren't indented, the error asks to indent them, not to delete one."""
    report = judge("pet:\nchoose: cat\nfood:\nchoose: fish\n")
    assert report.hint == "Put two spaces before each line that belongs to the name above it."
