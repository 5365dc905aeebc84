"""Layout: where the boxes and labels of a picture stand, so that none lies on another.

The picture is laid out in layers from left to right, by igraph's layout after Sugiyama. A label
is laid out like a box, in a layer between those of the two boxes that its line joins. igraph stands
behind this module alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from aikg.errors import AikgError

GAP, WIDEST_GAP = 30, 110
"""Pixels between two layers, in which lines bend: the more, the further up or down a line goes."""
CLEAR = 12
"""Pixels between two boxes of a layer, at least."""
PORT = 13
"""Pixels between two lines that meet a box on the same side."""
ROUNDS = 200
"""Rounds in which igraph reduces crossings."""

Arc = tuple[int, int]


class Size(NamedTuple):
    """Width and height, in pixels."""

    width: int
    height: int


class Box(NamedTuple):
    """A place in the picture: its centre, width and height, in pixels."""

    x: int
    y: int
    width: int
    height: int


class Route(NamedTuple):
    """The way of one line: through which stretches of height y it runs, from x to x."""

    stretches: tuple[tuple[int, int, int], ...]
    """(x where it begins, x where it ends, y), in the direction of the relation."""


@dataclass(frozen=True)
class Layout:
    """Where everything stands."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    labels: tuple[Box, ...]
    """One for each arc."""
    routes: tuple[Route, ...]
    """One for each arc."""


def lay_out(boxes: Sequence[Size], arcs: Sequence[Arc], labels: Sequence[Size]) -> Layout:
    """The layout of boxes, of arcs between two of them (by index), and of a label for each arc.

    There is at least one arc, and none joins a box with itself. Raises AikgError without the extra
    `draw`.
    """
    turned = _turned(len(boxes), arcs)
    forward = [(b, a) if turn else (a, b) for (a, b), turn in zip(arcs, turned, strict=True)]
    layers = [2 * layer for layer in _layers(len(boxes), forward)]
    degree = Counter(end for arc in arcs for end in arc)
    chains = _Chains(len(boxes), layers)
    for first, last in forward:
        near_first = degree[first] <= degree[last]
        chains.add(first, last, layers[first] + 1 if near_first else layers[last] - 1)
    sizes = [*_with_ports(boxes, forward), *chains.sizes(labels)]
    heights = [size.height for size in (*boxes, *labels)]
    pitch = CLEAR + sum(heights) // len(heights)
    ys = _rows(chains, sizes, pitch)
    return _measured(boxes, chains, sizes, ys, turned)


class _Chains:
    """The vertices of the layered graph: boxes, labels, and bends where a line crosses a layer."""

    def __init__(self, boxes: int, layers: Sequence[int]) -> None:
        self.layers = list(layers)
        self.boxes = boxes
        self.chains: list[list[int]] = []
        self.labels: list[int] = []

    def add(self, first: int, last: int, label_layer: int) -> None:
        """Join two boxes by a chain with one vertex in each layer between them."""
        start, end = self.layers[first], self.layers[last]
        between = list(range(len(self.layers), len(self.layers) + end - start - 1))
        self.layers += range(start + 1, end)
        self.labels.append(between[label_layer - start - 1])
        self.chains.append([first, *between, last])

    def arcs(self) -> list[Arc]:
        return [arc for chain in self.chains for arc in pairwise(chain)]

    def sizes(self, labels: Sequence[Size]) -> list[Size]:
        """The sizes of all vertices behind the boxes; a bend has none."""
        found = dict(zip(self.labels, labels, strict=True))
        return [found.get(vertex, Size(0, 0)) for vertex in range(self.boxes, len(self.layers))]

    def in_layers(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for vertex, layer in enumerate(self.layers):
            found[layer].append(vertex)
        return [found[layer] for layer in range(max(self.layers) + 1)]


def _turned(count: int, arcs: Sequence[Arc]) -> list[bool]:
    """Which arcs must be laid out backwards for there to be no circle."""
    try:
        from igraph import Graph
    except ImportError as error:
        raise AikgError("pictures are laid out with igraph: pip install 'aikg[draw]'") from error
    turned = set(Graph(count, arcs, directed=True).feedback_arc_set(method="eades"))
    return [place in turned for place in range(len(arcs))]


def _layers(count: int, arcs: Sequence[Arc]) -> list[int]:
    """A layer for each box, each arc leading to a later one; beginnings stand as late as can be."""
    layers = [0] * count
    for _ in range(count):
        for first, last in arcs:
            layers[last] = max(layers[last], layers[first] + 1)
    entered = {last for _, last in arcs}
    for box in set(range(count)) - entered:
        targets = [layers[last] for first, last in arcs if first == box]
        layers[box] = min(targets, default=1) - 1
    return layers


def _with_ports(boxes: Sequence[Size], arcs: Iterable[Arc]) -> list[Size]:
    """The boxes, high enough for the lines that meet them on each side."""
    ports: Counter[tuple[int, int]] = Counter()
    for first, last in arcs:
        ports.update([(first, 1), (last, 0)])
    return [Size(box.width, max(box.height, PORT * max(ports[number, 0], ports[number, 1])))
            for number, box in enumerate(boxes)]


def _rows(chains: _Chains, sizes: Sequence[Size], pitch: int) -> list[int]:
    """The height at which each vertex stands: as igraph orders them, moved apart to be clear."""
    from igraph import Graph

    graph = Graph(len(chains.layers), chains.arcs(), directed=True)
    placed = graph.layout_sugiyama(layers=chains.layers, hgap=1, vgap=1, maxiter=ROUNDS)
    ys = [round(pitch * x) for x, _ in placed.coords]
    layers = [sorted(layer, key=lambda vertex: (ys[vertex], vertex))
              for layer in chains.in_layers()]
    for layer in layers:
        _settle(layer, ys, sizes)
    _straighten(chains, ys)
    for layer in layers:
        _settle(layer, ys, sizes)
    top = min(y - size.height // 2 for y, size in zip(ys, sizes, strict=True))
    return [y - top for y in ys]


def _straighten(chains: _Chains, ys: list[int]) -> None:
    """Set the vertices of a line level with a box that only this line meets."""
    degree = Counter(end for chain in chains.chains for end in (chain[0], chain[-1]))
    for first, *between, last in chains.chains:
        for leaf in [end for end in (first, last) if degree[end] == 1][:1]:
            for vertex in between:
                ys[vertex] = ys[leaf]


def _settle(layer: Sequence[int], ys: list[int], sizes: Sequence[Size]) -> None:
    """Move the vertices of a layer apart, each as little as can be and around the same middle."""
    wanted = [ys[vertex] for vertex in layer]
    for before, vertex in pairwise(layer):
        apart = (sizes[before].height + sizes[vertex].height) // 2 + CLEAR
        ys[vertex] = max(ys[vertex], ys[before] + apart)
    if layer:
        shift = round(sum(ys[vertex] - y for vertex, y in zip(layer, wanted, strict=True))
                      / len(layer))
        for vertex in layer:
            ys[vertex] -= shift


def _measured(
    boxes: Sequence[Size], chains: _Chains, sizes: Sequence[Size], ys: Sequence[int],
    turned: Sequence[bool],
) -> Layout:
    lefts, widths, gaps, x = [], [], _gaps(chains, ys), 0
    for number, layer in enumerate(chains.in_layers()):
        lefts.append(x)
        widths.append(max(sizes[vertex].width for vertex in layer))
        x += widths[-1] + gaps[number]
    spots = [Box(lefts[layer] + widths[layer] // 2, ys[vertex], *sizes[vertex])
             for vertex, layer in enumerate(chains.layers)]
    ports = _ports(chains, spots)
    routes = []
    for number, chain in enumerate(chains.chains):
        first, *between, last = chain
        left, right = spots[first], spots[last]
        begin, end = lefts[chains.layers[first]], lefts[chains.layers[last]]
        stretches = [
            (left.x + left.width // 2, begin + widths[chains.layers[first]], ports[number, 1]),
            *((lefts[chains.layers[v]], lefts[chains.layers[v]] + widths[chains.layers[v]], ys[v])
              for v in between),
            (end, right.x - right.width // 2, ports[number, 0])]
        if turned[number]:
            stretches = [(b, a, y) for a, b, y in reversed(stretches)]
        routes.append(Route(tuple(stretches)))
    height = max(spot.y + spot.height // 2 for spot in spots)
    return Layout(lefts[-1] + widths[-1], height, tuple(spots[:len(boxes)]),
                  tuple(spots[label] for label in chains.labels), tuple(routes))


def _gaps(chains: _Chains, ys: Sequence[int]) -> list[int]:
    """The width of the gap behind each layer."""
    gaps = [GAP] * (max(chains.layers) + 1)
    for first, last in chains.arcs():
        steep = round(abs(ys[first] - ys[last]) * 0.3)
        layer = chains.layers[first]
        gaps[layer] = max(gaps[layer], min(steep, WIDEST_GAP))
    return gaps


def _ports(chains: _Chains, spots: Sequence[Box]) -> dict[tuple[int, int], int]:
    """The heights at which each chain leaves its first box (1) and enters its last one (0)."""
    sides: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for number, chain in enumerate(chains.chains):
        sides[chain[0], 1].append((spots[chain[1]].y, number))
        sides[chain[-1], 0].append((spots[chain[-2]].y, number))
    return {(number, side): spots[box].y + round(PORT * (place - (len(ends) - 1) / 2))
            for (box, side), ends in sides.items()
            for place, (_, number) in enumerate(sorted(ends))}
