"""Paints a lineage picture: layers of boxes, merges as a joint, a legend of what is present.

The boxes' sizes are measured in the font they are painted with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import hypot

from jagraph.drawing.canvas import Group, Item, Label, Scene, Shape, rectangle, text_width
from jagraph.drawing.diagram_model import CLASSES, Box, Link, Picture, identifier
from jagraph.drawing.layout import Layout, Node, Point, lay_out
from jagraph.drawing.style import STROKES, THEMES, Theme, fill_of

_NAME, _SMALL, _LEGEND = 14.0, 10.5, 11.5
_PAD, _MARGIN, _HEAD, _GAP = 9.0, 28.0, 64.0, 24.0
_JOINT = 14.0
_BADGE = 8.0


def draw(
    picture: Picture,
    direction: str = "LR",
    theme: str | Theme = "light",
    seconds: float | None = None,
) -> Scene:
    """Return ``picture`` with everything in its place, layers from left to right or top down.

    Raises OutsideError when the layout program is missing, fails or takes more than ``seconds``.
    """
    colors = THEMES[theme] if isinstance(theme, str) else theme
    return _Painter(picture, colors).scene(direction, seconds)


def xml_id(key: str) -> str:
    """Return the id of a box's group in the SVG."""
    return identifier(key).replace("/", "-")


def link_id(link: Link) -> str:
    """Return the id of a link's group in the SVG."""
    return f"{xml_id(link.child)}..{link.relation}..{xml_id(link.parent)}"


@dataclass(frozen=True)
class _Leg:
    """One curve to place: between two nodes, for the links it stands for."""

    start: int
    end: int
    link: Link
    has_head: bool


class _Painter:
    def __init__(self, picture: Picture, theme: Theme) -> None:
        self._picture = picture
        self._theme = theme
        self._sizes = {box.key: _size(box, picture) for box in picture.boxes}
        if picture.is_framed:  # a frame is as wide as its name
            for box in picture.boxes:
                width, height = self._sizes[box.key]
                self._sizes[box.key] = max(width, text_width(box.group_name, _SMALL) - 20), height
        self._names = {box.key: box.name for box in picture.boxes}
        self._groups = list(dict.fromkeys(box.group for box in picture.boxes))
        self._numbers = {box.key: number for number, box in enumerate(picture.boxes)}
        merged = Counter(k.child for k in picture.links if k.relation == "mergedFrom")
        self._joints = {child: number for number, child in enumerate(_merges(merged))}

    def scene(self, direction: str, seconds: float | None) -> Scene:
        """Return the whole drawing."""
        legs = self._legs()
        edges = [(leg.start, leg.end) for leg in legs]
        layout = lay_out(self._nodes(), edges, direction, seconds)
        legend, legend_width, legend_height = self._legend()
        picture, theme = self._picture, self._theme
        caption = self._caption()
        head = max(text_width(picture.title, 19), text_width(caption, _SMALL))
        scene = Scene(picture.title, caption, theme.paper, picture.language)
        scene.width = max(layout.width, legend_width, head) + 2 * _MARGIN
        scene.height = _HEAD + layout.height + _GAP + legend_height + _MARGIN
        scene.items.append(Label(_MARGIN, 36, picture.title, 19, theme.ink))
        scene.items.append(Label(_MARGIN, 54, caption, _SMALL, theme.faint))
        scene.items += self._frames(layout)
        for leg, curve in zip(legs, layout.curves, strict=True):
            scene.items.append(self._curve(leg, [_moved(*point) for point in curve]))
        for child, number in self._joints.items():
            scene.items.append(self._joint(child, layout.centres[len(picture.boxes) + number]))
        for box in picture.boxes:
            scene.items.append(self._box(box, _moved(*layout.centres[self._numbers[box.key]])))
        down = _HEAD + layout.height + _GAP
        scene.items += [_shifted(item, _MARGIN, down) for item in legend]
        return scene

    def _nodes(self) -> list[Node]:
        frames = {group: number for number, group in enumerate(self._groups)}
        framed = self._picture.is_framed
        nodes = [
            Node(*self._sizes[box.key], frames[box.group] if framed and box.group else -1)
            for box in self._picture.boxes
        ]
        return nodes + [Node(_JOINT, _JOINT)] * len(self._joints)

    def _legs(self) -> list[_Leg]:
        """Return every curve; links of a merge end at its joint, and one curve goes on from it."""
        numbers, boxes = self._numbers, len(self._picture.boxes)
        legs = []
        for link in self._picture.links:
            through_joint = link.relation == "mergedFrom" and link.child in self._joints
            end = boxes + self._joints[link.child] if through_joint else numbers[link.child]
            legs.append(_Leg(numbers[link.parent], end, link, has_head=not through_joint))
        for child, number in self._joints.items():
            link = Link(child, child, "mergedFrom")
            legs.append(_Leg(boxes + number, numbers[child], link, has_head=True))
        return legs

    def _caption(self) -> str:
        picture = self._picture
        parts = ["jagraph", picture.word("boxes", count=len(picture.boxes))]
        if picture.hidden:
            parts.append(picture.word("hidden", count=picture.hidden))
        if picture.date:
            parts.append(picture.word("dated", date=picture.date, version=picture.version))
        return " · ".join([*parts, picture.word("notice")])

    def _frames(self, layout: Layout) -> Iterator[Group]:
        if not self._picture.is_framed:
            return
        names = {box.group: box.group_name for box in self._picture.boxes}
        for number, (left, top, right, bottom) in sorted(layout.frames.items()):
            x, y = _moved(left, top)
            outline = rectangle(x, y, right - left, bottom - top)
            shape = Shape(outline, closed=True, stroke=self._theme.frame, width=1.2)
            name = names[self._groups[number]]
            label = Label(x + 6, y + 12, name, _SMALL, self._theme.faint)
            yield Group(f"frame-{number}", "frame", name, (shape, label))

    def _curve(self, leg: _Leg, points: list[Point]) -> Group:
        """Return the curve from parent to child, its head, and "?" where the source leaves it."""
        link, theme, stroke = leg.link, self._theme, STROKES[leg.link.relation]
        color = stroke.color or theme.line
        items: list[Item] = [
            Shape(tuple(points), curve=True, stroke=color, width=stroke.width, dash=stroke.dash)
        ]
        if leg.has_head:
            left, tip, right = _head(points)
            fill = "" if stroke.is_open else color
            closed = not stroke.is_open
            head = (left, tip, right)
            items.append(Shape(head, closed=closed, fill=fill, stroke=color, width=1.2))
        if not link.certain:
            x, y = points[len(points) // 2]
            outline = rectangle(x - 7, y - 8, 14, 16)
            mark = Shape(outline, closed=True, fill=theme.paper, stroke=color, width=0.8)
            items += [mark, Label(x, y + 4.5, "?", 12, theme.warning, "middle")]
        child = xml_id(link.child)
        words = self._picture.relation_name(link.relation)
        names = self._names
        if link.child == link.parent:
            return Group(
                f"joined..{child}", "joined", f"{names[link.child]}: {words}", tuple(items)
            )
        doubt = "" if link.certain else f" ({self._picture.word('open')})"
        title = f"{names[link.child]}: {words} {names[link.parent]}{doubt}"
        return Group(link_id(link), "link", title, tuple(items))

    def _joint(self, child: str, centre: Point) -> Group:
        (x, y), half = _moved(*centre), _JOINT / 2
        corners = ((x - half, y), (x, y - half), (x + half, y), (x, y + half))
        shape = Shape(corners, closed=True, fill=self._theme.line, stroke=self._theme.line)
        return Group(f"merge..{xml_id(child)}", "joint", self._picture.word("merge"), (shape,))

    def _box(self, box: Box, centre: Point) -> Group:
        (x, y), (width, height) = centre, self._sizes[box.key]
        left, top, fill, theme = x - width / 2, y - height / 2, fill_of(box.kind), self._theme
        items: list[Item] = []
        if box.is_root:
            ring = rectangle(left - 4, top - 4, width + 8, height + 8)
            items.append(Shape(ring, closed=True, stroke=theme.ring, width=2.4))
        dash = (1.5, 2.5) if box.withdrawn else fill.dash
        items.append(_outline(left, top, width, height, fill.color, theme.outline, dash))
        if box.has_conflict:
            inner = (left + 3, top + 3, width - 6, height - 6)
            items.append(_outline(*inner, "", fill.ink, ()))
        lines = _lines(box, self._picture)
        at = top + 19
        items.append(Label(left + _PAD, at, lines[0], _NAME, fill.ink))
        if box.withdrawn:
            sign = text_width(f"{fill.sign} ", _NAME)
            end = left + _PAD + sign + text_width(box.name, _NAME)
            through = ((left + _PAD + sign, at - 5), (end, at - 5))
            items.append(Shape(through, stroke=fill.ink, width=1.2))
        for number, line in enumerate(lines[1:]):
            items.append(Label(left + _PAD, at + 14 * (number + 1), line, _SMALL, fill.ink))
        if box.has_caveat:
            items += _badge(left + width - 1, top + 1, theme)
        picture = self._picture
        lines_and_marks = [*lines[1:], picture.kind_name(box.kind), *picture.marks(box)]
        return Group(
            xml_id(box.key),
            "box",
            box.name,
            tuple(items),
            " · ".join(filter(None, (*lines_and_marks, ", ".join(box.stands_for)))),
            box.href,
            box.kind,
        )

    def _legend(self) -> tuple[list[Item], float, float]:
        """Return the legend of what occurs, with counts: its items, width and height."""
        picture, theme = self._picture, self._theme
        rows: list[list[tuple[list[Item], str, float]]] = [[], [], []]
        counts = Counter(box.kind for box in picture.boxes)
        for kind in (kind for kind in (*CLASSES, "dataset") if kind in counts):
            fill = fill_of(kind)
            sample: list[Item] = [_outline(0, -12, 22, 16, fill.color, theme.outline, fill.dash)]
            sample.append(Label(11, 0.5, fill.sign, 12, fill.ink, "middle"))
            rows[0].append((sample, f"{picture.kind_name(kind)} ({counts[kind]})", 28))
        kinds = Counter(link.relation for link in picture.links)
        for kind in (kind for kind in STROKES if kind in kinds):
            stroke = STROKES[kind]
            line = Shape(
                ((0, -4), (40, -4)),
                stroke=stroke.color or theme.line,
                width=stroke.width,
                dash=stroke.dash,
            )
            rows[1].append(([line], f"{picture.relation_name(kind)} ({kinds[kind]})", 46))
        rows[2] = list(self._marks())
        items: list[Item] = []
        widest, y = 0.0, 12.5
        for row in (row for row in rows if row):
            x = 0.0
            for sample, words, indent in row:
                items += [_shifted(item, x, y) for item in sample]
                items.append(Label(x + indent, y, words, _LEGEND, theme.ink))
                x += indent + text_width(words, _LEGEND) + 20
            widest, y = max(widest, x), y + 26
        return items, widest, y - 8

    def _marks(self) -> Iterator[tuple[list[Item], str, float]]:
        picture, theme = self._picture, self._theme
        small = (0, -12, 22, 16)
        if any(box.is_root for box in picture.boxes):
            ring = Shape(rectangle(*small), closed=True, stroke=theme.ring, width=2.4)
            yield [ring], picture.word("focus"), 28
        if count := sum(box.has_caveat for box in picture.boxes):
            yield _badge(8, -4, theme), f"{picture.word('caveat')} ({count})", 22
        if count := sum(box.has_conflict for box in picture.boxes):
            double: list[Item] = [_outline(*small, "", theme.outline, ())]
            double.append(_outline(3, -9, 16, 10, "", theme.outline, ()))
            yield double, f"{picture.word('conflict')} ({count})", 28
        if count := sum(box.withdrawn for box in picture.boxes):
            gone: list[Item] = [_outline(*small, "", theme.outline, (1.5, 2.5))]
            gone.append(Shape(((4, -4), (18, -4)), stroke=theme.ink, width=1.2))
            yield gone, f"{picture.word('withdrawn')} ({count})", 28
        if count := sum(not link.certain for link in picture.links):
            mark: list[Item] = [Label(6, 0, "?", 12, theme.warning, "middle")]
            yield mark, f"{picture.word('open')} ({count})", 18


def _merges(counts: Counter[str]) -> list[str]:
    return sorted(child for child, count in counts.items() if count > 1)


def _lines(box: Box, picture: Picture) -> list[str]:
    name = f"{fill_of(box.kind).sign} {box.name}"
    if box.withdrawn:
        name += f" ({picture.word('withdrawn')})"
    second = " · ".join(filter(None, (box.developer, box.detail)))
    return [name, *filter(None, (second, box.license))]


def _size(box: Box, picture: Picture) -> tuple[float, float]:
    """Return width and height of a box that holds its lines."""
    name, *small = _lines(box, picture)
    widest = max([text_width(name, _NAME), *(text_width(line, _SMALL) for line in small)])
    return widest + 2 * _PAD + (_BADGE if box.has_caveat else 0), 28.0 + 14 * len(small)


def _outline(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    stroke: str,
    dash: tuple[float, ...],
) -> Shape:
    corners = rectangle(x, y, width, height)
    return Shape(corners, closed=True, fill=fill, stroke=stroke, width=1.0, dash=dash)


def _badge(x: float, y: float, theme: Theme) -> list[Item]:
    """Return a triangle with "!" around ``x``, ``y``."""
    corners = ((x, y - _BADGE), (x + _BADGE, y + _BADGE - 2), (x - _BADGE, y + _BADGE - 2))
    shape = Shape(corners, closed=True, fill="#FFFFFF", stroke=theme.warning, width=1.4)
    return [shape, Label(x, y + 4.5, "!", 10, "#A31621", "middle")]


def _head(points: list[Point]) -> tuple[Point, Point, Point]:
    (bx, by), (tx, ty) = points[-2], points[-1]
    length = hypot(tx - bx, ty - by) or 1.0
    dx, dy, size = (tx - bx) / length, (ty - by) / length, 7.0
    left = (tx - size * dx - size * 0.45 * dy, ty - size * dy + size * 0.45 * dx)
    right = (tx - size * dx + size * 0.45 * dy, ty - size * dy - size * 0.45 * dx)
    return left, (tx, ty), right


def _moved(x: float, y: float) -> Point:
    return x + _MARGIN, y + _HEAD


def _shifted(item: Item, dx: float, dy: float) -> Item:
    if isinstance(item, Label):
        return replace(item, x=item.x + dx, y=item.y + dy)
    return replace(item, points=tuple((x + dx, y + dy) for x, y in item.points))
