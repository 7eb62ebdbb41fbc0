"""Drawing: boxes on a grid and the lines between them, as SVG for the pages.

Owns layout and markup, and knows nothing of what is drawn. The same drawing gives the same bytes.
Colours and fonts are the style sheet's, by classes: light, dark and paper need no second drawing.
Widths of text are estimated for a wide font; lines are routed as the drawing says, not around
boxes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from markupsafe import Markup, escape

Bend = Literal["straight", "hv", "vh", "hvh", "vhv", "over", "loop"]

NAME: Final = 9.2  # pixels a character of a box's name takes, at most
LINE: Final = 7.6
LABEL: Final = 7.2
PAD: Final = 14
MARGIN: Final = 16
GAP: Final = 60
HEAD: Final = 9

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box at a column and row; `lines` stand below its name, `least` is its least width."""

    name: str
    column: int
    row: int
    kind: str = "class"
    lines: tuple[str, ...] = ()
    href: str | None = None
    least: float = 0

    @property
    def width(self) -> float:
        """Width in pixels."""
        longest = max((len(line) * LINE for line in self.lines), default=0.0)
        return max(self.least, 2 * PAD + max(len(self.name) * NAME, longest))

    @property
    def height(self) -> float:
        """Height in pixels."""
        return 38 + (8 + 17 * len(self.lines) if self.lines else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line from one box to another.

    Args:
        source: name of the box that it leaves.
        target: name of the box that it points to.
        label: what stands beside it.
        kind: `property`, `subclass` (hollow head) or `derived` (dashed).
        bend: its parts: h(orizontal) and v(ertical), straight, over all boxes, or a loop.
        leave: pixels from the middle of the source's side.
        enter: pixels from the middle of the target's side.
        href: where the label leads.
    """

    source: str
    target: str
    label: str = ""
    kind: str = "property"
    bend: Bend = "straight"
    leave: float = 0
    enter: float = 0
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Boxes and the lines between them."""

    key: str
    title: str
    caption: str
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]

    def box(self, name: str) -> Box:
        """Find a box by its name."""
        return next(box for box in self.boxes if box.name == name)


class _Grid:
    """Where the boxes of a drawing stand, in pixels."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        columns = 1 + max(box.column for box in drawing.boxes)
        rows = 1 + max(box.row for box in drawing.boxes)
        loops = [drawing.box(edge.source) for edge in drawing.edges if edge.bend == "loop"]
        over = 34.0 if any(edge.bend == "over" for edge in drawing.edges) else 0.0
        widths = [max(b.width for b in drawing.boxes if b.column == c) for c in range(columns)]
        heights = [max(b.height for b in drawing.boxes if b.row == r) for r in range(rows)]
        self.edges = list[tuple[float, float]]()
        self.x, at = list[float](), MARGIN + (60.0 if any(b.column == 0 for b in loops) else 0.0)
        for column, width in enumerate(widths):
            self.x.append(at + width / 2)
            self.edges.append((at, at + width))
            at += width + (self._gap(column) if column < columns - 1 else 0)
        self.width = at + MARGIN
        self.y, at = list[float](), MARGIN + over
        for height in heights:
            self.y.append(at + height / 2)
            at += height + GAP
        self.height = at - GAP + MARGIN

    def _gap(self, column: int) -> float:
        """Leave room for the labels between a column and the next."""
        labels = [
            len(edge.label) * LABEL
            for edge in self._drawing.edges
            if {self._drawing.box(edge.source).column, self._drawing.box(edge.target).column}
            == {column, column + 1}
            and edge.bend in ("straight", "hvh")
        ]
        return max(GAP, max(labels, default=0) + 56)

    def centre(self, box: Box) -> Point:
        return self.x[box.column], self.y[box.row]


def render(drawing: Drawing) -> Markup:
    """Write a drawing as one SVG element."""
    grid = _Grid(drawing)
    parts = [
        f'<svg class="drawing" viewBox="0 0 {grid.width:.0f} {grid.height:.0f}" '
        f'width="{grid.width:.0f}" height="{grid.height:.0f}" role="group" '
        f'aria-label="{escape(drawing.title)}" xmlns="http://www.w3.org/2000/svg">'
    ]
    routes = [(edge, _route(grid, drawing, edge)) for edge in drawing.edges]
    parts += (_line(edge, points) for edge, points in routes)
    parts += (_box(grid, box) for box in drawing.boxes)
    parts += (_label(edge, points) for edge, points in routes if edge.label)
    parts.append("</svg>")
    return Markup("\n".join(parts))  # noqa: S704  # every text in it is escaped where it enters


def _route(grid: _Grid, drawing: Drawing, edge: Edge) -> tuple[Point, ...]:
    source, target = drawing.box(edge.source), drawing.box(edge.target)
    (sx, sy), (tx, ty) = grid.centre(source), grid.centre(target)
    right, down = (1 if tx > sx else -1), (1 if ty > sy else -1)
    side, foot = sx + right * source.width / 2, sy + down * source.height / 2
    far_side, far_foot = tx - right * target.width / 2, ty - down * target.height / 2
    if edge.bend == "loop":
        left, top = sx - source.width / 2, sy - source.height / 2
        return (
            (left + 16, top),
            (left + 16, top - 24),
            (left - 26, top - 24),
            (left - 26, sy - 10),
            (left, sy - 10),
        )
    if edge.bend == "over":
        top, far_top = sy - source.height / 2, ty - target.height / 2
        above = min(top, far_top) - 26
        start, end = sx + edge.leave, tx + edge.enter
        return (start, top), (start, above), (end, above), (end, far_top)
    if edge.bend == "hv":
        return (
            (side, sy + edge.leave),
            (tx + edge.enter, sy + edge.leave),
            (
                tx + edge.enter,
                far_foot,
            ),
        )
    if edge.bend == "vh":
        return (
            (sx + edge.leave, foot),
            (sx + edge.leave, ty + edge.enter),
            (
                far_side,
                ty + edge.enter,
            ),
        )
    if edge.bend == "hvh":
        # near the target's column, so that lines to one target meet
        middle = (
            grid.edges[target.column][0] - 24 if right > 0 else grid.edges[target.column][1] + 24
        )
        return (
            (side, sy + edge.leave),
            (middle, sy + edge.leave),
            (middle, ty + edge.enter),
            (far_side, ty + edge.enter),
        )
    if edge.bend == "vhv":
        middle = (foot + far_foot) / 2
        return (
            (sx + edge.leave, foot),
            (sx + edge.leave, middle),
            (tx + edge.enter, middle),
            (tx + edge.enter, far_foot),
        )
    if source.row == target.row:
        return (side, sy + edge.leave), (far_side, ty + edge.leave)
    if source.column == target.column:
        return (sx + edge.leave, foot), (tx + edge.leave, far_foot)
    raise ValueError(f"{edge.source} and {edge.target} are neither in one row nor in one column")


def _line(edge: Edge, points: tuple[Point, ...]) -> str:
    (bx, by), (ex, ey) = points[-2], points[-1]
    dx, dy = (ex > bx) - (ex < bx), (ey > by) - (ey < by)
    base = (ex - HEAD * dx, ey - HEAD * dy)
    wide = HEAD * (0.62 if edge.kind == "subclass" else 0.45)
    head = (
        f"{ex:.1f},{ey:.1f} {base[0] + wide * dy:.1f},{base[1] + wide * dx:.1f} "
        f"{base[0] - wide * dy:.1f},{base[1] - wide * dx:.1f}"
    )
    return (
        f'<g class="edge {escape(edge.kind)}"><path d="{_path((*points[:-1], base))}"/>'
        f'<polygon points="{head}"/></g>'
    )


def _path(points: tuple[Point, ...]) -> str:
    """Join points, with round corners."""
    first, *_ = points
    parts = [f"M{first[0]:.1f} {first[1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        parts.append(
            f"L{start[0]:.1f} {start[1]:.1f}"
            f"Q{corner[0]:.1f} {corner[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
        )
    parts.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(parts)


def _towards(corner: Point, other: Point) -> Point:
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(8.0, length / 2) / length if length else 0.0
    return (
        corner[0] + (other[0] - corner[0]) * share,
        corner[1] + (other[1] - corner[1]) * share,
    )


def _label(edge: Edge, points: tuple[Point, ...]) -> str:
    """Put the label in the middle of the longest horizontal part, else of the only one."""
    pairs = list(pairwise(points))
    level = [pair for pair in pairs if pair[0][1] == pair[1][1]] or pairs
    (ax, ay), (bx, by) = max(level, key=lambda pair: abs(pair[0][0] - pair[1][0]))
    # a little before the middle: at the end stands the head, and lines may meet there
    x, y = ax + 0.43 * (bx - ax), (ay + by) / 2 + 4
    text = f'<text class="label" x="{x:.1f}" y="{y:.1f}">{escape(edge.label)}</text>'
    return f'<a href="{escape(edge.href)}">{text}</a>' if edge.href else text


def _box(grid: _Grid, box: Box) -> str:
    x, y = grid.centre(box)
    left, top = x - box.width / 2, y - box.height / 2
    name = f'<text class="name" x="{x:.1f}" y="{top + 24:.1f}">{escape(box.name)}</text>'
    if box.href:
        name = f'<a href="{escape(box.href)}">{name}</a>'
    return (
        f'<g class="box {escape(box.kind)}"><rect x="{left:.1f}" y="{top:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}" rx="7"/>'
        f"{name}{''.join(_lines(box, left, top))}</g>"
    )


def _lines(box: Box, left: float, top: float) -> Iterator[str]:
    if box.lines:
        yield (f'<path class="rule" d="M{left:.1f} {top + 36:.1f}h{box.width:.1f}"/>')
    for at, line in enumerate(box.lines):
        yield (
            f'<text class="line" x="{left + PAD:.1f}" y="{top + 54 + 17 * at:.1f}">'
            f"{escape(line)}</text>"
        )
