"""SVG: a picture as a document that stands alone, or as a part of a page.

Within a page the colours are custom properties, so that a picture is dark in a dark page; each
element also carries its light colour as an attribute, for a document and for programs that know no
style. Nothing is measured with a font, so the same picture has the same bytes everywhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from aikg import lettering
from aikg.layout import Box, Layout, Route, Size, lay_out
from aikg.picture import (
    COLOURS,
    DERIVED,
    FIRM,
    WEAK,
    WIDTHS,
    Address,
    Edge,
    Node,
    Picture,
    address,
)

TEXT, SMALL = 14, 12
"""Sizes of letters, in pixels."""
LINE = 18
WIDEST, WIDEST_LABEL = 190, 220
NARROWEST = 560
"""Pixels that a legend may always take."""
SAMPLE = 40
"""Pixels that a piece of line takes in the legend."""
PADDING = 10
MARGIN = 16
FONT = ("system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', 'Helvetica Neue', "
        "sans-serif")
STROKES: Mapping[str, str | None] = {FIRM: None, WEAK: "8 5", DERIVED: "2 4"}
PAINTS: Mapping[str, tuple[str, str, str]] = {
    "node": ("#f5f7f8", "#57606a", "#1c2128"), "focus": ("#e6eef7", "#1d4263", "#1d4263"),
    "group": ("#f7ecd9", "#67430b", "#67430b")}
"""Ground, border and letters of a box, on a light ground."""
MEANING: Mapping[str, str] = {
    "money": "money", "compute": "compute and other supplies", "rivalry": "rivalry",
    "other": "other relations", FIRM: "stated or evaluated", DERIVED: "inferred",
    WEAK: "hedged, conditional, of a group, denied"}
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")


def document(picture: Picture) -> str:
    """The picture as an SVG document. Raises AikgError without the extra `draw`."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            + element(picture, address, f"<style>\n{_style()}</style>\n") + "\n")


def element(picture: Picture, link_of: Address, head: str = "") -> str:
    """The picture as an `svg` element; `link_of` gives the address that a thing links to."""
    boxes = [_lines(node) for node in picture.nodes]
    labels = [lettering.lines(edge.label, SMALL, WIDEST_LABEL, 1)[0] for edge in picture.edges]
    layout = lay_out([_size(lines) for lines in boxes],
                     [(edge.source, edge.target) for edge in picture.edges],
                     [Size(_whole(label, SMALL), 2 * LINE) for label in labels])
    inner = max(layout.width, NARROWEST)
    legend = _legend(picture, inner)
    width = inner + 2 * MARGIN
    height = layout.height + 2 * MARGIN + LINE * (2 + max(row for row, *_ in legend))
    parts = [
        *(_line(edge, route) for edge, route in zip(picture.edges, layout.routes, strict=True)),
        *(_label(label, box) for label, box in zip(labels, layout.labels, strict=True)),
        *(_box(node, lines, box, link_of) for node, lines, box in zip(
            picture.nodes, boxes, layout.boxes, strict=True)),
        _drawn_legend(legend, layout)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="{width}" '
        f'height="{height}" viewBox="{-MARGIN} {-MARGIN} {width} {height}" '
        f'role="graphics-document" aria-labelledby="picture-title picture-text" '
        f'font-family="{escape(FONT)}" font-size="{TEXT}">\n'
        f'<title id="picture-title">{text(picture.title)}</title>\n'
        f'<desc id="picture-text">{text(picture.description)}</desc>\n{head}'
        f'<defs>\n{"".join(map(_tip, COLOURS))}</defs>\n'
        f'<rect class="paper" x="{-MARGIN}" y="{-MARGIN}" width="{width}" height="{height}" '
        f'fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>")


def text(value: str) -> str:
    """A text within XML; characters that no document can hold (XML 1.0, section 2.2) are �."""
    fit = (c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff"
                                  and c not in "\ufffe\uffff") else "\ufffd" for c in value)
    return escape("".join(fit))


def _style() -> str:
    """The style of a document: its colours on a dark ground, and what is no colour.

    The colours on a light ground are those of the attributes. Here no custom property stands, since
    some programs take what they do not know for black.
    """
    dark = dict(re.findall(r"--([\w-]+): (#\w+);", _read("tokens.css").partition("@media")[2]))
    rules = _read("picture.css").splitlines(keepends=True)
    coloured = "".join(rule for rule in rules if "var(" in rule)
    plain = "".join(rule for rule in rules if "var(" not in rule)
    told = re.sub(r"var\(--([\w-]+)\)", lambda match: dark[match[1]], coloured)
    return f"{plain}@media (prefers-color-scheme: dark) {{\n{told}}}\n"


def _read(name: str) -> str:
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return file.read()


def _whole(label: str, size: float) -> int:
    return -int(-lettering.width(label, size) // 1)


def _lines(node: Node) -> tuple[str, ...]:
    return lettering.lines(node.label, TEXT, WIDEST, 3)


def _size(lines: Sequence[str]) -> Size:
    return Size(2 * PADDING + max(_whole(line, TEXT) for line in lines),
                2 * PADDING + LINE * len(lines))


def _tip(kind: str) -> str:
    """The head of an arrow, for one kind of relation."""
    shape = {"rivalry": "M1 1L9 5L1 9", "compute": "M0 0L10 5L0 10L3 5Z"}.get(
        kind, "M0 0L10 5L0 10Z")
    paint = (f'class="rivalry" fill="none" stroke="{COLOURS[kind]}" stroke-width="2"'
             if kind == "rivalry" else f'class="tip-{kind}" fill="{COLOURS[kind]}"')
    return (f'<marker id="tip-{kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="11" '
            f'markerHeight="11" markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
            f'<path d="{shape}" {paint}/></marker>\n')


def _line(edge: Edge, route: Route) -> str:
    """The line of a relation, which says on being pointed at how firmly it is said."""
    start = f' marker-start="url(#tip-{edge.kind})"' if edge.both else ""
    tips = f'{start} marker-end="url(#tip-{edge.kind})"'
    said = f"{edge.label}: {edge.grade}" if edge.grade else edge.label
    return (f'<g class="edge {edge.stroke}" fill="none"><title>{text(said)}</title>'
            f'{_stroke(edge.kind, _path(route), STROKES[edge.stroke], tips)}</g>')


def _path(route: Route) -> str:
    """Straight where it crosses a layer, bent in between."""
    (x, _, y), *_ = route.stretches
    steps = [f"M{x} {y}"]
    for begin, end, height in route.stretches:
        if begin != x:
            middle = (x + begin) // 2
            steps.append(f"C{middle} {y} {middle} {height} {begin} {height}")
        if end != begin:  # at the end of a step without length an arrow has no direction
            steps.append(f"H{end}")
        x, y = end, height
    return "".join(steps)


def _label(label: str, box: Box) -> str:
    return (f'<text class="label" x="{box.x}" y="{box.y - 6}" font-size="{SMALL}" '
            f'text-anchor="middle" fill="#57606a">{text(label)}</text>')


def _box(node: Node, lines: Sequence[str], box: Box, link_of: Address) -> str:
    role = "focus" if node.focus else "group" if node.group else "node"
    fill, stroke, ink = PAINTS[role]
    top = box.y - LINE * (len(lines) - 1) / 2 + 5
    rows = "".join(f'<text x="{box.x}" y="{top + LINE * number:g}" text-anchor="middle" '
                   f'fill="{ink}">{text(line)}</text>' for number, line in enumerate(lines))
    shape = (f'<rect class="box" x="{box.x - box.width // 2}" y="{box.y - box.height // 2}" '
             f'width="{box.width}" height="{box.height}" rx="6" fill="{fill}" '
             f'stroke="{stroke}"/>')
    name = f"<title>{text(node.label)}</title>" if " ".join(lines) != node.label else ""
    link = link_of(node.iri) if node.iri else None
    inner = f"{name}{shape}{rows}"
    if link:
        inner = f'<a href="{text(link)}">{inner}</a>'
    return f'<g class="{role}">{inner}</g>'


def _legend(picture: Picture, width: int) -> list[tuple[int, int, str]]:
    """What the legend says: (row, x, a key of MEANING or a text), as many to a row as fit."""
    names = [kind for kind in COLOURS if any(edge.kind == kind for edge in picture.edges)]
    names += [one for one in STROKES if any(edge.stroke == one for edge in picture.edges)]
    if picture.left_out:
        known = len(picture.edges) + picture.left_out
        names.append(f"{len(picture.edges)} of {known} relations are shown")
    found, row, x = [], 0, 0
    for name in names:
        wide = SAMPLE + _whole(MEANING.get(name, name), SMALL) + 20
        if x and x + wide > width:
            row, x = row + 1, 0
        found.append((row, x, name))
        x += wide
    return found


def _drawn_legend(legend: Iterable[tuple[int, int, str]], layout: Layout) -> str:
    parts = []
    for row, x, name in legend:
        y = layout.height + LINE * (row + 2)
        if name in MEANING:
            parts.append(_sample(name, x, y - 4))
        parts.append(f'<text x="{x + (SAMPLE if name in MEANING else 0)}" y="{y}" '
                     f'font-size="{SMALL}" fill="#57606a">{text(MEANING.get(name, name))}</text>')
    return f'<g class="legend">{"".join(parts)}</g>'


def _sample(name: str, x: int, y: int) -> str:
    """A piece of line of a kind; one of a stroke is in the colour of letters."""
    path = f"M{x} {y}H{x + SAMPLE - 8}"
    if name in COLOURS:
        return _stroke(name, path, None)
    dash = f' stroke-dasharray="{STROKES[name]}"' if STROKES[name] else ""
    return f'<path class="sample" stroke="#1c2128" stroke-width="1.5"{dash} d="{path}"/>'


def _stroke(kind: str, path: str, dashes: str | None, tips: str = "") -> str:
    """A path as a relation of this kind is drawn; supplies are two lines beside each other."""
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    line = (f'<path class="{kind}" stroke="{COLOURS[kind]}" stroke-width="{WIDTHS[kind]:g}"{dash}'
            f'{{}} d="{path}"/>')
    if kind != "compute":
        return line.format(tips)
    # The arrow stands on the inner line, which would else be drawn across it.
    inner = f'<path class="inside" stroke="#fff" stroke-width="2"{tips} d="{path}"/>'
    return line.format("") + inner
