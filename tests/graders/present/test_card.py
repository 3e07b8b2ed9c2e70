"""The card shows every finding and never inserts a learner's text as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from cluster import world
from graders.application_platform.exercises.deployment.rubric import EXERCISE
from graders.core.registry import exercise
from graders.core.report import State
from graders.present import card
from graders.present.inline import plain
from graders.present.words import GLYPH
from tests.support.manifests import DEPLOYMENT

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>"\x1b[31m'


class Elements(HTMLParser):
    """Collects the elements, attributes and text of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def elements(html: str) -> Elements:
    parser = Elements()
    parser.feed(str(html))
    return parser


def test_names_every_criterion() -> None:
    """A card names every criterion and shows each state by glyph and word."""
    report = EXERCISE.judge(DEPLOYMENT.replace("replicas: 3", "replicas: 2"), world())
    text = elements(card.html(report)).text
    for finding in report.findings:
        assert finding.title in text
    assert f"{GLYPH[State.FAIL]}" in text
    assert "replicas: 2" in text
    assert "27 of 30 points" in text


def test_short_until_unfolded() -> None:
    """A folded card has at most 12 lines, for any number of mistakes."""
    report = EXERCISE.judge("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n", world())
    html = card.html(report)
    summaries = html.count("<summary>") - html.count('<details><summary><span class="glyph">✔')
    assert summaries <= 6
    assert html.count("<details open>") <= 1


def test_hostile_text_is_text() -> None:
    """Markup and terminal escapes in a learner's names are shown as text, or not at all."""
    quoted = HOSTILE.replace('"', "").replace("\x1b", "\\e")
    answers = {
        "deployment": DEPLOYMENT.replace("name: orders\n          image", f'name: "{quoted}"\n          image')
        .replace("replicas: 3", f'replicas: "{quoted}"')
        .replace("100m", f'"{quoted}"')
        .replace("/healthz", f'"/{quoted}"'),
        "diagram": f'digraph {{ "{quoted}" -> "api {quoted}" -> postgres; "{quoted}" [label="{quoted}"] }}',
    }
    for name, answer in answers.items():
        report = exercise(name).judge(answer, world())
        found = elements(card.html(report))
        assert "script" not in found.tags
        assert not {a for a in found.attributes if a.startswith("on")}
        assert "\x1b" not in card.html(report) + plain(report)


def test_escapes_outside_findings() -> None:
    """A syntax error shows the learner's line escaped."""
    report = EXERCISE.judge(f"a: [\n{HOSTILE}", world())
    assert report.state is State.FAIL
    found = elements(card.html(report))
    assert "script" not in found.tags
    assert "img" not in found.tags


def test_links_lead_to_kubernetes_documentation() -> None:
    """The only links on a card are the rubric's, to the Kubernetes documentation."""
    html = card.html(EXERCISE.judge(DEPLOYMENT.replace("replicas: 3", "replicas: 2"), world()))
    links = [part.split('"')[0] for part in html.split('href="')[1:]]
    assert links
    assert all(link.startswith("https://kubernetes.io/docs/") for link in links)
