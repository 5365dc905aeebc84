"""Layout: no box lies on another, no label on a box, and no line runs under a box it passes."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aikg.layout import Arc, Box, Layout, Size, lay_out

pytest.importorskip("igraph", reason="igraph, of the extra `draw`, is not installed")


def overlap(one: Box, other: Box) -> bool:
    return (2 * abs(one.x - other.x) < one.width + other.width
            and 2 * abs(one.y - other.y) < one.height + other.height)


def place(arcs: list[Arc], count: int) -> Layout:
    boxes = [Size(60 + 17 * (number % 7), 38 + 18 * (number % 3)) for number in range(count)]
    return lay_out(boxes, arcs, [Size(40 + 11 * (number % 9), 36) for number in range(len(arcs))])


def check(layout: Layout, arcs: list[Arc]) -> None:
    clash = [pair for pair in combinations([*layout.boxes, *layout.labels], 2) if overlap(*pair)]
    assert clash == []
    for number, (arc, route) in enumerate(zip(arcs, layout.routes, strict=True)):
        ends = route.stretches[0][0], route.stretches[-1][1]
        for box, x in zip((layout.boxes[arc[0]], layout.boxes[arc[1]]), ends, strict=True):
            assert abs(x - box.x) in (box.width // 2, box.width - box.width // 2)
        middles = [((a + b) // 2, y) for a, b, y in route.stretches[1:-1]]
        assert any(abs(x - layout.labels[number].x) <= 1 and y == layout.labels[number].y
                   for x, y in middles), "the line passes its label"
        for x, y in middles:
            assert not any(abs(x - box.x) < box.width // 2 and abs(y - box.y) < box.height // 2
                           for box in layout.boxes)
    everything = [*layout.boxes, *layout.labels]
    assert min(box.x - box.width / 2 for box in everything) >= -1
    assert max(box.x + box.width / 2 for box in everything) <= layout.width + 1
    assert min(box.y - box.height / 2 for box in everything) >= -1
    assert max(box.y + box.height / 2 for box in everything) <= layout.height + 1


@pytest.mark.parametrize("arcs", [
    [(0, 1)],
    [(0, 1), (0, 1), (1, 0)],                      # several between two
    [(0, 1), (1, 2), (2, 0)],                      # a circle
    [(0, 1), (2, 3)],                              # two pieces
    [(0, 1), (1, 2), (2, 3), (0, 3), (0, 2)],      # lines that pass layers
    [(0, number) for number in range(1, 20)],      # a fan
    [*((number, 0) for number in range(1, 12)), *((0, number) for number in range(12, 24))],
])
def test_nothing_overlaps(arcs: list[Arc]) -> None:
    check(place(arcs, 1 + max(max(arc) for arc in arcs)), arcs)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda a: a[0] != a[1]),
                min_size=1, max_size=18))
def test_nothing_overlaps_in_any_graph(arcs: list[Arc]) -> None:
    names = sorted({end for arc in arcs for end in arc})
    arcs = [(names.index(a), names.index(b)) for a, b in arcs]
    check(place(arcs, len(names)), arcs)


def test_the_layout_is_the_same_each_time() -> None:
    arcs = [(a, (3 * a + b) % 13) for a in range(13) for b in (1, 5) if (3 * a + b) % 13 != a]
    assert len({place(arcs, 13) for _ in range(5)}) == 1


def test_relations_read_from_left_to_right() -> None:
    layout = place([(0, 1), (1, 2)], 3)
    assert layout.boxes[0].x < layout.boxes[1].x < layout.boxes[2].x
