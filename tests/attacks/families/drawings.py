"""Drawings that are too large to lay out."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.attack import Attack, answer_attack


def drawings() -> Iterator[Attack]:
    def drawing(name: str, text: str, most: float | None = 20) -> Attack:
        return answer_attack("drawings", name, "diagram", text, most=most)

    right = "client -> api -> postgres; api -> redis; api -> queue -> worker;"
    nodes = "; ".join(f'"orders api {n}"' for n in range(300))
    dense = "; ".join(f"n{a} -> n{b}" for a in range(45) for b in range(45))
    crowd = " ".join(f"n{n}" for n in range(250))
    yield drawing("300 nodes, each an API", f"digraph {{ {nodes} }}")
    yield drawing("2,000 arrows between 45 nodes", f"digraph {{ {right} {dense} }}")
    yield drawing("250 nodes to 250 nodes", f"digraph {{ {right} {{{crowd}}} -> {{{crowd}}} }}")
    yield drawing("250 nodes to 250, ten times", f"digraph {{ {right} {' -> '.join([f'{{{crowd}}}'] * 10)} }}")
    yield drawing("a long way", f"digraph {{ {right} {' -> '.join(f'n{n}' for n in range(290))} }}")
    yield drawing("50,000 arrows", f"digraph {{ {'a -> b;' * 35_000} }}", most=0)
    yield drawing(
        "2,000 subgraphs in one another", "digraph { " + "subgraph { " * 2_000 + "a" + " }" * 2_000 + " }", most=0
    )
    yield drawing(
        "clusters that overlap",
        f"digraph {{ {right} " + "".join(f"subgraph cluster_{n} {{ {crowd} }}" for n in range(60)) + " }",
    )
    for attribute in (
        "width=1e308", "height=-1", "fontsize=1e9", "peripheries=2147483647", "sides=2147483647", "shape=polygon,sides=100000",
        "margin=1e300", "penwidth=1e30", "regular=1,orientation=1e308", "image=\"/etc/passwd\"", "shapefile=\"/etc/passwd\"",
        "fontname=\"../../x\"", "URL=\"javascript:alert(1)\"", "label=<<img src='x' onerror='alert(1)'/>>", "style=wedged,fillcolor=\"red:blue:red\"",
    ):  # fmt: skip
        yield drawing(f"nodes with {attribute[:40]}", f"digraph {{ node [{attribute}]; {right} }}")
    for attribute in (
        "size=\"1e9,1e9\"", "dpi=1e9", "nodesep=1e308", "ranksep=1e308", "nslimit=1e308", "searchsize=2147483647", "remincross=true,mclimit=1e9",
        "layout=neato", "layout=\"../x\"", "splines=ortho", "concentrate=true", "rotate=1e308", "charset=\"UTF-7\"", "imagepath=\"/\"",
        "fontpath=\"/\"", "stylesheet=\"//evil.example/x.css\"", "clusterrank=global,compound=true", "pack=2147483647", "xdotversion=\"9.9\"",
    ):  # fmt: skip
        yield drawing(f"a graph with {attribute[:40]}", f"digraph {{ graph [{attribute}]; {right} }}")
    yield drawing(
        "arrows with a weight of 2^31-1", f"digraph {{ edge [weight=2147483647,minlen=2147483647]; {right} }}"
    )
    tables = "<TABLE><TR><TD>" * 500 + "x" + "</TD></TR></TABLE>" * 500
    yield drawing("500 tables in one another", f"digraph {{ {right} n [label=<{tables}>] }}")
    yield drawing(
        "a table of 10,000 cells", f"digraph {{ {right} n [label=<<TABLE><TR>{'<TD>x</TD>' * 10_000}</TR></TABLE>>] }}"
    )
    yield drawing(
        "a cell over 65,535 columns",
        f'digraph {{ {right} n [label=<<TABLE><TR><TD COLSPAN="65535">x</TD></TR></TABLE>>] }}',
    )
    yield drawing("a record of 500 levels", f'digraph {{ {right} n [shape=record,label="{"{" * 500}x{"}" * 500}"] }}')
    yield drawing("a label of 200 kB", f'digraph {{ {right} n [label="{"x" * 200_000}"] }}')
    yield drawing(
        "a label of 100,000 lines",
        f'digraph {{ {right} n [label="{chr(92) + "n"}"{" + " + chr(34) + chr(92) + "n" + chr(34)}] }}',
    )
    yield drawing("a name of 200 kB", f"digraph {{ {right} {'n' * 200_000} }}")
    yield drawing(
        "a label that names itself", f'digraph {{ {right} n [label="{chr(92) + "N"}{(chr(92) + "N") * 5_000}"] }}'
    )
    yield drawing("an open comment", f"digraph {{ {right} /* " + "x" * 200_000)
    yield drawing("an open string", f'digraph {{ {right} "' + "x" * 200_000)
    yield drawing("open brackets", "digraph { " + "[" * 100_000, most=0)
    yield drawing("entities", f'digraph {{ {right} n [label="{"&amp;" * 20_000}&#x10FFFF;&#0;&#xD800;"] }}')
    yield drawing("a thousand drawings", f"digraph {{ {right} }}\n" * 1_000)
