"""A drawing as shapes and text at fixed places, and its three files: SVG, PNG and PDF.

The unit is the CSS pixel; y grows downwards. The font is IPAex Gothic, so that Japanese text shows
on a machine without Japanese fonts: SVG carries the letters it uses, PDF embeds them.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from jagraph.core.errors import OutsideError

FONT = "IPAexGothic"
Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A path: ``points`` are one start and, for a ``curve``, three Bézier points per piece."""

    points: tuple[Point, ...]
    curve: bool = False
    closed: bool = False
    fill: str = ""
    stroke: str = "#333333"
    width: float = 1.2
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Label:
    """One line of text; ``anchor`` is start, middle or end of it, ``y`` its baseline."""

    x: float
    y: float
    text: str
    size: float = 12
    fill: str = "#1a1a1a"
    anchor: str = "start"


Item = Shape | Label


@dataclass(frozen=True)
class Group:
    """Items that are one thing: its id and kind, what a screen reader says, where it leads."""

    key: str
    kind: str
    title: str
    items: tuple[Item, ...]
    description: str = ""
    href: str = ""
    license_class: str = ""


@dataclass
class Scene:
    """Shapes and text, painted in order on a page of ``width`` by ``height`` pixels."""

    title: str
    description: str = ""
    paper: str = "#FFFFFF"
    language: str = "en"
    width: float = 0
    height: float = 0
    items: list[Item | Group] = field(default_factory=list)

    def flat(self) -> Iterator[Item]:
        """Yield shapes and labels in the order of painting, without their groups."""
        for item in self.items:
            if isinstance(item, Group):
                yield from item.items
            else:
                yield item


@cache
def font_file() -> Path:
    """Return the file of the font; raises OutsideError when its package is not whole."""
    spec = find_spec("matplotlib_fontja")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        path = Path(folder) / "fonts" / "ipaexg.ttf"
        if path.is_file():
            return path
    raise OutsideError(
        "no-font",
        "the font IPAex Gothic is missing",
        remedy="pip install --force-reinstall matplotlib-fontja",
    )


@cache
def _metrics(size: float) -> object:
    from PIL import ImageFont

    return ImageFont.truetype(str(font_file()), size)


def text_width(text: str, size: float) -> float:
    """Return how wide ``text`` is in pixels."""
    from PIL import ImageFont

    font = _metrics(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("a TrueType font measures in free type")
    return float(font.getlength(text))


def rectangle(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    """Return the corners of a rectangle whose upper left corner is at ``x``, ``y``."""
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def as_svg(scene: Scene, *, embed: bool = True, linked: bool = True, nonce: str = "") -> str:
    """Return ``scene`` as SVG 1.1; ``embed`` puts the letters it uses into the file.

    ``linked`` makes each group that leads somewhere a link; ``nonce`` lets a page with a
    Content-Security-Policy take its style.
    """
    style = f"text{{font-family:'{FONT}',sans-serif}}"
    if embed:
        style = f"@font-face{{font-family:'{FONT}';src:url({_letters(scene)})}}{style}"
    size = f'width="{scene.width:.0f}" height="{scene.height:.0f}"'
    view = f'viewBox="0 0 {scene.width:.0f} {scene.height:.0f}"'
    # inside an image nothing has a role of its own, so the picture in a page is a group of links
    role = "group" if nonce and linked else "img"
    attributes = f'role="{role}" lang="{scene.language}" aria-labelledby="title description"'
    mark = f' nonce="{nonce}"' if nonce else ""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} {attributes}>',
        f'<title id="title">{escape(scene.title)}</title>',
        f'<desc id="description">{escape(scene.description)}</desc>',
        f"<style{mark}>{style}</style>",
        f'<rect width="100%" height="100%" fill="{scene.paper}"/>',
        *(
            _svg_group(item, linked) if isinstance(item, Group) else _svg_item(item)
            for item in scene.items
        ),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def as_png(scene: Scene, scale: float = 2) -> bytes:
    """Return ``scene`` as PNG with ``scale`` pixels per unit."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=as_svg(scene, embed=False),
            font_files=[str(font_file())],
            font_family=FONT,
            sans_serif_family=FONT,
            skip_system_fonts=True,
            dpi=96,
            zoom=scale,
        )
    )


def as_pdf(scene: Scene) -> bytes:
    """Return ``scene`` as one PDF page, in vectors, without a date: the same bytes twice."""
    from reportlab.lib.colors import HexColor
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont(FONT, str(font_file())))
    out = io.BytesIO()
    page = Canvas(out, pagesize=(scene.width * 0.75, scene.height * 0.75), invariant=1)
    page.setTitle(scene.title)
    page.scale(0.75, 0.75)
    page.setFillColor(HexColor(scene.paper))
    page.rect(0, 0, scene.width, scene.height, stroke=0, fill=1)
    for item in scene.flat():
        if isinstance(item, Label):
            page.setFillColor(HexColor(item.fill))
            page.setFont(FONT, item.size)
            draw = {"start": page.drawString, "middle": page.drawCentredString}.get(
                item.anchor, page.drawRightString
            )
            draw(item.x, scene.height - item.y, item.text)
            continue
        path = page.beginPath()
        points = [(x, scene.height - y) for x, y in item.points]
        path.moveTo(*points[0])
        if item.curve:
            for at in range(1, len(points) - 2, 3):
                path.curveTo(*points[at], *points[at + 1], *points[at + 2])
        else:
            for point in points[1:]:
                path.lineTo(*point)
        if item.closed:
            path.close()
        if item.fill:
            page.setFillColor(HexColor(item.fill))
        page.setStrokeColor(HexColor(item.stroke))
        page.setLineWidth(item.width)
        page.setDash(list(item.dash))
        page.drawPath(path, stroke=1, fill=1 if item.fill else 0)
    page.save()
    return out.getvalue()


def _svg_group(group: Group, linked: bool) -> str:
    kind = quoteattr(group.kind)
    extra = f" data-class={quoteattr(group.license_class)}" if group.license_class else ""
    described = f"<desc>{escape(group.description)}</desc>" if group.description else ""
    inside = "\n".join(_svg_item(item) for item in group.items)
    items = (
        f"<g id={quoteattr(group.key)} class={kind}{extra}><title>{escape(group.title)}</title>"
        f"{described}\n{inside}\n</g>"
    )
    if linked and group.href:
        return f"<a href={quoteattr(group.href)}>{items}</a>"
    return items


def _svg_item(item: Item) -> str:
    return _svg_shape(item) if isinstance(item, Shape) else _svg_label(item)


def _svg_shape(shape: Shape) -> str:
    points = [f"{x:.1f} {y:.1f}" for x, y in shape.points]
    if shape.curve:
        pieces = [" ".join(points[at : at + 3]) for at in range(1, len(points) - 2, 3)]
        path = f"M{points[0]}" + "".join(f"C{piece}" for piece in pieces)
    else:
        path = "M" + "L".join(points)
    dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in shape.dash)}"' if shape.dash else ""
    return (
        f'<path d="{path}{"Z" if shape.closed else ""}" fill="{shape.fill or "none"}" '
        f'stroke="{shape.stroke}" stroke-width="{shape.width:g}"{dash}/>'
    )


def _svg_label(label: Label) -> str:
    return (
        f'<text x="{label.x:.1f}" y="{label.y:.1f}" font-size="{label.size:g}" '
        f"fill={quoteattr(label.fill)} text-anchor={quoteattr(label.anchor)}>"
        f"{escape(label.text)}</text>"
    )


def _letters(scene: Scene) -> str:
    """Return the letters of ``scene`` as a data URL of a font that has no others."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    letters = "".join(sorted({c for i in scene.flat() if isinstance(i, Label) for c in i.text}))
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.recalc_timestamp = False
    font = TTFont(font_file(), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return "data:font/ttf;base64," + base64.b64encode(out.getvalue()).decode()
