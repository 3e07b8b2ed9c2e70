"""Faults of the closed forms: what isn't understood, and the remark that costs once."""

from __future__ import annotations

import pytest

from cluster import world
from graders.application_platform.exercises.contract.rubric import FORM as CONTRACT
from graders.application_platform.exercises.request.rubric import FORM as REQUEST
from graders.application_platform.exercises.review.rubric import TERM
from graders.core.registry import exercise
from graders.core.report import Finding, Report
from graders.families.form.criteria import Becomes, FormEvidence
from graders.families.form.fields import INTEGER
from graders.families.form.reading import Form, Term
from graders.present import card, inline
from tests.support.answers import answered
from tests.support.solutions import solution

REVIEW = solution(exercise("review"))


def judged(name: str, text: str) -> Report:
    return exercise(name).judge(text, world())


def finding(report: Report, criterion: str) -> Finding:
    return next(f for f in report.findings if f.criterion == criterion)


@pytest.mark.parametrize(
    ("field", "why"),
    [("replicas", "the contract doesn't mention it"), ("31", "0.1 is 100m"), ("startupProbe", "it requests the path in the contract")],
)  # fmt: skip
def test_s39_a_false_remark_costs_once(field: str, why: str) -> None:
    """S39: a wrong remark beside five right ones is named with the reason, and costs points in one criterion."""
    report = judged("review", f"{REVIEW}\n- {{field: {field}, term: limits}}\n")
    fields, terms = finding(report, "fields"), finding(report, "terms")
    assert (fields.earned, terms.earned) == (0.9, 1)
    assert f"1 field that keeps the contract: {field} ({why})" in fields.observed
    assert fields.line == len(REVIEW.splitlines()) + 1


@pytest.mark.parametrize(
    "turned", ["not {}", "anything but {}", "{}?", "no {}", "non-{}", "{} or limits", "isn't {}", "{}, logs"]
)
@pytest.mark.parametrize("term", TERM.form.removeprefix("one of ").split(" · "))
def test_s44_no_term(turned: str, term: str) -> None:
    """S44: a term with another word beside it is none of the nine terms, and isn't understood."""
    text = f'- {{field: livenessProbe, term: "{turned.format(term)}"}}\n'
    terms = finding(judged("review", text), "terms")
    assert terms.earned == 0
    assert terms.observed.startswith("not understood: term ")
    assert "isn't understood" in inline.kept(exercise("review"), text).plain


@pytest.mark.parametrize(
    "written", ["1 min", "1 h", "1 GB", "1 standby", "one", "1.0", "1 or 2", "at least 1", "+1", "0x1", "not 0"]
)
def test_s45_no_number_of_servers(written: str) -> None:
    """S45: a time, a size or a phrase isn't a number of servers; it isn't understood, and the card doesn't call it wrong."""
    for term, field in REQUEST.fields.items():
        if field is INTEGER:
            not_understood("request", REQUEST, term, written)


TURNED = (
    "not {}",
    "anything but {}",
    "ignores {}",
    "never {}",
    "{} or nothing",
    "less than {}",
    "{}!",
    "no {}",
    "{} {}",
)
FORMS = {"request": REQUEST, "contract": CONTRACT}


@pytest.mark.parametrize(("name", "term"), [(name, term) for name, form in FORMS.items() for term in form.fields])
def test_s40_s41_the_opposite(name: str, term: Term) -> None:
    """S40, S41: a right value with another word beside it isn't understood, in any field, such as “anything but JSON”."""
    right = answered(FORMS[name], name, term).text
    for turned in TURNED:
        not_understood(name, FORMS[name], term, turned.format(right, right))


def not_understood(name: str, form: Form, term: Term, written: str) -> None:
    """The field isn't understood, says so in the answer cell and on the card, and earns nothing; the rest is as before."""
    text = answered(form, name, term, written).answer
    report = judged(name, text)
    assert isinstance(report.evidence, FormEvidence)
    one = next(o for o in report.evidence.outcomes if o.term == term)
    assert (one.becomes, one.written) == (Becomes.NOT_UNDERSTOOD, written)
    found = finding(report, term[0])
    assert found.observed == f"not understood: {one.name} “{written}”"
    assert found.line == one.line > 0
    share = found.points / len(report.evidence.of(term[0]))
    assert found.earned == pytest.approx(found.points - share, abs=0.01)
    kept = inline.kept(exercise(name), text).plain
    assert f"line {one.line}: {term[-1]} “{written}” isn't understood. Write it as {form.fields[term].form}." in kept
    assert f"not understood: write it as {form.fields[term].form}" in card.html(report).replace("&#39;", "'")
