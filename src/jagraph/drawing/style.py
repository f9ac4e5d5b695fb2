"""How pictures look: fills per licence class, strokes per relation, a light and a dark theme.

Colour never stands alone: each class has its sign, each relation its line. The fills were measured
to stay apart for colour-blind eyes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Fill:
    """How a licence class looks: fill, text colour, sign, and the outline's dashes."""

    color: str
    ink: str
    sign: str
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Stroke:
    """How a relation looks: width, dashes, colour ("" is the theme's), an open arrow head."""

    width: float
    dash: tuple[float, ...] = ()
    color: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Theme:
    """The colours around the boxes: page, text, faint text, lines, outlines, the focus ring."""

    paper: str
    ink: str
    faint: str
    line: str
    outline: str
    ring: str
    frame: str
    warning: str


FILLS = {
    "permissive": Fill("#7FD1B3", "#111111", "○"),
    "share-alike": Fill("#0B5FA5", "#FFFFFF", "◎"),
    "conditional": Fill("#F0B429", "#111111", "△"),
    "service-terms": Fill("#F3D9A4", "#111111", "□"),
    "research-only": Fill("#D77F87", "#111111", "▽"),
    "non-commercial": Fill("#A31621", "#FFFFFF", "×"),
    "unknown": Fill("#FFFFFF", "#111111", "?", (5, 3)),
}
DATASET = Fill("#E3E6E8", "#111111", "◇")


def fill_of(kind: str) -> Fill:
    """Return the fill of a box by its kind: a licence class, or "dataset"."""
    return DATASET if kind == "dataset" else FILLS[kind]


STROKES = {
    "continuallyPretrainedFrom": Stroke(1.6),
    "fineTunedFrom": Stroke(1.3, (9, 4)),
    "mergedFrom": Stroke(1.6, (5, 2)),
    "upcycledFrom": Stroke(3.2),
    "quantizedFrom": Stroke(1.2, (1.2, 2.6)),
    "adapterOf": Stroke(1.3, (9, 3, 2, 3)),
    "distilledFrom": Stroke(1.6, (16, 4)),
    "composedOf": Stroke(3.0, (10, 3)),
    "derivedFrom": Stroke(1.3, (3, 6)),
    "trainedOnOutputOf": Stroke(1.3, (9, 3, 2, 3, 2, 3), "#8250C4", is_open=True),
    "trainedOn": Stroke(0.8, (), "#9AA4AD"),
}
THEMES = {
    "light": Theme(
        paper="#FFFFFF",
        ink="#1A1A1A",
        faint="#5A6672",
        line="#44505C",
        outline="#55606B",
        ring="#111111",
        frame="#B8C2CC",
        warning="#A31621",
    ),
    "dark": Theme(
        paper="#14181C",
        ink="#F2F4F6",
        faint="#A8B3BD",
        line="#B9C4CE",
        outline="#D5DCE2",
        ring="#FFFFFF",
        frame="#4A5661",
        warning="#FF8A93",
    ),
}
# in a page that may be light or dark the browser chooses
BROWSERS = Theme(
    *(
        f"light-dark({getattr(THEMES['light'], one.name)}, {getattr(THEMES['dark'], one.name)})"
        for one in fields(Theme)
    )
)
