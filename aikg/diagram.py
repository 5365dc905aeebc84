"""A diagram in words: a picture in Mermaid's language or in Graphviz's DOT.

A label is quoted so that nothing in it is read as syntax.
"""

from __future__ import annotations

from collections.abc import Mapping

from aikg.picture import COLOURS, DERIVED, FIRM, WEAK, WIDTHS, Edge, Picture, address

_MERMAID_LINES: Mapping[tuple[str, bool], str] = {
    (FIRM, False): "-->", (FIRM, True): "<-->", (WEAK, False): "-.->", (WEAK, True): "<-.->",
    (DERIVED, False): "-.->", (DERIVED, True): "<-.->"}


def mermaid(picture: Picture) -> str:
    """The picture as a Mermaid flowchart; mermaid 11 reads it."""
    rows = ["flowchart LR"]
    for number, node in enumerate(picture.nodes):
        opening, closing = ("[[", "]]") if node.group else ("([", "])") if node.focus else (
            "[", "]")
        rows.append(f'  n{number}{opening}"{_entities(node.label)}"{closing}')
    for edge in picture.edges:
        line = _MERMAID_LINES[edge.stroke, edge.both]
        rows.append(f'  n{edge.source} {line}|"{_entities(edge.label)}"| n{edge.target}')
    for number, edge in enumerate(picture.edges):
        rows.append(f"  linkStyle {number} stroke:{COLOURS[edge.kind]},"
                    f"stroke-width:{WIDTHS[edge.kind]:g}px{_dashes(edge)}")
    return "\n".join(rows) + "\n"


def dot(picture: Picture) -> str:
    """The picture in DOT."""
    rows = [f"digraph {_quoted(picture.title)} {{", "  rankdir=LR;",
            '  node [shape=box, style=rounded, fontname="sans-serif"];',
            '  edge [fontname="sans-serif", fontsize=11];']
    for number, node in enumerate(picture.nodes):
        link = f", URL={_quoted(node.iri)}" if node.iri and address(node.iri) else ""
        bold = ', style="rounded,bold"' if node.focus else ""
        rows.append(f"  n{number} [label={_quoted(node.label)}{link}{bold}];")
    for edge in picture.edges:
        both = ", dir=both" if edge.both else ""
        rows.append(
            f"  n{edge.source} -> n{edge.target} [label={_quoted(edge.label)}, "
            f'color="{_colour(edge)}", style={edge.stroke}, '
            f"penwidth={1 if edge.kind == 'compute' else WIDTHS[edge.kind]:g}{both}];")
    return "\n".join([*rows, "}"]) + "\n"


def _entities(label: str) -> str:
    """A label within a Mermaid text: whatever may be syntax is written by its number.

    An empty text is none to Mermaid, so a blank that does not break stands for it.
    """
    text = "".join(
        c if c.isalnum() or c in " .,'-" else f"#{ord(c)};" if c.isprintable() else " "
        for c in label)
    return text if text.strip() else "#160;"


def _dashes(edge: Edge) -> str:
    return {FIRM: "", WEAK: ",stroke-dasharray:8 5", DERIVED: ",stroke-dasharray:2 4"}[edge.stroke]


def _quoted(label: str) -> str:
    """A quoted string of DOT; a backslash is doubled, since it begins an escape in a label."""
    flat = "".join(c if c.isprintable() else " " for c in label)
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _colour(edge: Edge) -> str:
    """The colour of a line; supplies are drawn as two lines beside each other."""
    colour = COLOURS[edge.kind]
    return f"{colour}:{colour}" if edge.kind == "compute" else colour
