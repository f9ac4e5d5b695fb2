"""Overviews of the whole list as charts, by matplotlib: licences, parameters, developers.

The list has no release dates. The year of a model is read from the address of its announcement (an
arXiv number, a date in a path); what has none is counted and said, never guessed.
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jagraph.core.errors import RequestError, suggestion
from jagraph.core.rdf_text import number
from jagraph.core.visible_text import visible
from jagraph.drawing.canvas import font_file
from jagraph.drawing.diagram_model import CLASSES
from jagraph.drawing.messages import labels
from jagraph.drawing.style import FILLS, THEMES, Theme
from jagraph.graph.provenance import versions
from jagraph.store.base import Store

FORMATS = ("svg", "png", "pdf")
CHARTS = {
    "licenses": "licence classes of the models, by section of the list",
    "licenses-by-year": "licence classes of the models, by year of announcement",
    "parameters": "parameters of the models over the date of announcement",
    "developers": "the developers with the most families, by licence class",
}
_HATCHES = {
    "permissive": "",
    "share-alike": "..",
    "conditional": "//",
    "service-terms": "++",
    "research-only": "\\\\",
    "non-commercial": "xx",
    "unknown": "",
}
_DEVELOPERS_SHOWN = 25
_FIRST_YEAR, _LAST_YEAR = 2017, 2026
_WORDS = {
    "en": {
        "licenses": "Which licences do the models of each section carry?",
        "licenses-by-year": "Which licences do the models announced each year carry?",
        "parameters": "How large are the models, and when were they announced?",
        "developers": "Who develops the most model families?",
        "models": "models",
        "families": "families",
        "size": "parameters (log scale)",
        "date": "announced",
        "undated": "no date",
        "note": "data of {date} · licence classes as declared; not legal advice",
        "missing": "{missing} of {count} models are not shown: size or date unknown",
        "shown": "the {shown} of {count} developers with the most families",
    },
    "ja": {
        "licenses": "各節のモデルのライセンスは何か",
        "licenses-by-year": "各年に発表されたモデルのライセンスは何か",
        "parameters": "モデルの規模と発表時期",
        "developers": "モデルを多く開発しているのは誰か",
        "models": "モデル数",
        "families": "ファミリー数",
        "size": "パラメータ数（対数）",
        "date": "発表時期",
        "undated": "日付なし",
        "note": "データ {date} · ライセンス区分は宣言による。法的助言ではない",
        "missing": "{count} モデル中 {missing} は規模または時期が不明のため表示なし",
        "shown": "{count} 開発元のうち、ファミリーの多い {shown}",
    },
    "fr": {
        "licenses": "Quelles licences portent les modèles de chaque section ?",
        "licenses-by-year": "Quelles licences portent les modèles annoncés chaque année ?",
        "parameters": "Quelle est la taille des modèles, et quand furent-ils annoncés ?",
        "developers": "Qui développe le plus de familles de modèles ?",
        "models": "modèles",
        "families": "familles",
        "size": "paramètres (échelle logarithmique)",
        "date": "annonce",
        "undated": "sans date",
        "note": "données du {date} · classes telles que déclarées ; pas un avis juridique",
        "missing": "{missing} modèles sur {count} manquent : taille ou date inconnue",
        "shown": "les {shown} développeurs sur {count} ayant le plus de familles",
    },
}
_MODELS = """
SELECT ?model ?family ?familyName ?section ?sectionName ?count ?class ?announcement WHERE {
  ?model a jag:Model ; jag:inFamily ?family .
  ?family jag:listing/jag:section ?section ; rdfs:label ?familyName .
  ?section rdfs:label ?plain .
  OPTIONAL { ?section skos:prefLabel ?named FILTER(LANG(?named) = "%s") }
  BIND(COALESCE(?named, ?plain) AS ?sectionName)
  OPTIONAL { ?model jag:parameterCount ?count }
  OPTIONAL { ?family jag:announcement ?announcement }
  OPTIONAL {
    ?model jag:licenseStatement ?statement .
    ?statement jag:license/jag:licenseClass ?kind .
    OPTIONAL { ?statement jag:certain ?mark }
    BIND(IF(COALESCE(?mark, true), REPLACE(STR(?kind), "^.*/", ""), "unknown") AS ?class)
  }
}
ORDER BY ?model ?class ?sectionName ?announcement
"""
_MADE = """
SELECT DISTINCT ?developer ?name ?family WHERE {
  ?family a jag:ModelFamily ; jag:listing ?place ; jag:developedBy ?developer .
  ?developer rdfs:label ?name .
}
ORDER BY ?developer ?family
"""
_ARXIV = re.compile(r"arxiv\.org/\w+/(\d\d)(\d\d)\.\d{4,5}")
_PATH = re.compile(r"(?<!\d)(20[12]\d)(?:[-/]?(0[1-9]|1[0-2]))?(?!\d{3})")


@dataclass
class _Model:
    family: str
    family_name: str
    section: str
    size: float
    license_class: str
    date: float


@dataclass(frozen=True)
class _Sheet:
    """What a chart is painted on, with, and in which words; ``names`` are those of the classes."""

    axes: Any
    store: Store
    models: list[_Model]
    words: dict[str, str]
    names: dict[str, str]
    colors: Theme


def chart(name: str, store: Store, form: str, language: str, theme: str) -> bytes:
    """Return the chart ``name``, one of CHARTS, in ``form``, one of FORMATS; the same bytes twice.

    Raises RequestError when there is no such chart.
    """
    if name not in CHARTS:
        raise RequestError(
            "unknown-chart",
            f"there is no chart {name!r}",
            remedy=suggestion(name, list(CHARTS), "one of: " + ", ".join(CHARTS)),
        )
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    font_manager.fontManager.addfont(str(font_file()))
    colors, words = THEMES[theme], _WORDS[language]
    look: Any = {
        "font.family": "IPAexGothic",
        "svg.fonttype": "path",
        "svg.hashsalt": "jagraph",
        "pdf.fonttype": 42,
        "hatch.linewidth": 0.6,
        **{f"{part}.color": colors.ink for part in ("text", "xtick", "ytick")},
        "axes.labelcolor": colors.ink,
        "axes.edgecolor": colors.faint,
        "axes.facecolor": colors.paper,
        "figure.facecolor": colors.paper,
        "savefig.facecolor": colors.paper,
    }
    painters: dict[str, Callable[[_Sheet], str]] = {
        "licenses": _by_section,
        "licenses-by-year": _by_year,
        "parameters": _parameters,
        "developers": _developers,
    }
    _, dated = versions(store)
    with mpl.rc_context(look):
        figure = Figure(figsize=(11, 6.5), layout="constrained")
        axes = figure.add_subplot()
        names = labels(store, language)
        sheet = _Sheet(axes, store, _models(store, language), words, names, colors)
        summary = painters[name](sheet)
        axes.set_title(words[name], loc="left", fontsize=15, pad=14)
        note = " · ".join(filter(None, (words["note"].format(date=dated), summary)))
        figure.text(0.01, -0.03, f"jagraph · {note}", fontsize=8.5, color=colors.faint)
        axes.spines[["top", "right"]].set_visible(False)
        out = io.BytesIO()
        metadata = {"png": {"Software": None}, "svg": {"Date": None}}.get(
            form, {"CreationDate": None, "Producer": None, "Creator": None}
        )
        figure.savefig(out, format=form, dpi=144, metadata=metadata, bbox_inches="tight")
    return out.getvalue()


def announced(address: str) -> float:
    """Return the year, with the month as its fraction, that an address tells; 0 for none.

    An arXiv number begins with year and month; else a date in the path counts.
    """
    if found := _ARXIV.search(address):
        return 2000 + int(found[1]) + (int(found[2]) - 1) / 12
    for found in _PATH.finditer(address):
        year = int(found[1])
        if _FIRST_YEAR <= year <= _LAST_YEAR:
            return year + ((int(found[2]) - 1) / 12 if found[2] else 0.5)
    return 0


def _models(store: Store, language: str) -> list[_Model]:
    models: dict[str, _Model] = {}
    for row in store.select(_MODELS % language).dicts():
        kind = row["class"] if row["class"] in CLASSES else "unknown"
        model = models.setdefault(
            row["model"],
            _Model(
                row["family"],
                visible(row["familyName"]),
                visible(row["sectionName"]),
                number(row["count"]),
                kind,
                announced(row["announcement"]),
            ),
        )
        model.license_class = max(model.license_class, kind, key=CLASSES.index)
    return list(models.values())


def _stacked(sheet: _Sheet, bars: dict[str, Counter[str]], counted: str) -> None:
    """Paint horizontal bars, one per key of ``bars``, from the first at the top."""
    axes, rows = sheet.axes, list(bars)
    starts = [0] * len(rows)
    for kind in CLASSES:
        widths = [bars[row][kind] for row in rows]
        if any(widths):
            fill = FILLS[kind]
            axes.barh(
                rows,
                widths,
                left=starts,
                label=f"{fill.sign} {sheet.names[kind]} ({sum(widths)})",
                color=fill.color,
                hatch=_HATCHES[kind],
                edgecolor=sheet.colors.outline,
                linewidth=0.6,
                linestyle="--" if kind == "unknown" else "-",
            )
            starts = [a + b for a, b in zip(starts, widths, strict=True)]
    for row, total in enumerate(starts):
        axes.text(total + max(starts) * 0.008, row, str(total), va="center", fontsize=8.5)
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=8.5)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    axes.set_xlabel(sheet.words[counted])


def _by_section(sheet: _Sheet) -> str:
    bars: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for model in sheet.models:
        bars[model.section][model.license_class] += 1
    ordered = sorted(bars.items(), key=lambda bar: (-bar[1].total(), bar[0]))
    _stacked(sheet, dict(ordered), "models")
    return ""


def _by_year(sheet: _Sheet) -> str:
    bars: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for model in sheet.models:
        year = str(int(model.date)) if model.date else sheet.words["undated"]
        bars[year][model.license_class] += 1
    _stacked(sheet, dict(sorted(bars.items())), "models")
    return ""


def _parameters(sheet: _Sheet) -> str:
    axes, models = sheet.axes, sheet.models
    shown = [model for model in models if model.size and model.date]
    markers = dict(zip(CLASSES, "osD^vXP", strict=True))
    for kind in CLASSES:
        if points := [model for model in shown if model.license_class == kind]:
            axes.scatter(
                [model.date for model in points],
                [model.size for model in points],
                label=f"{FILLS[kind].sign} {sheet.names[kind]} ({len(points)})",
                marker=markers[kind],
                s=42,
                c=FILLS[kind].color,
                edgecolors=sheet.colors.outline,
                linewidths=0.8,
                alpha=0.9,
            )
    largest: dict[int, _Model] = {}
    for model in shown:
        year = int(model.date)
        if year not in largest or model.size > largest[year].size:
            largest[year] = model
    for model in largest.values():
        place = (model.date, model.size)
        axes.annotate(
            model.family_name, place, xytext=(6, 6), textcoords="offset points", fontsize=8
        )
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda value, _: _short(value))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel(sheet.words["date"])
    axes.set_ylabel(sheet.words["size"])
    axes.margins(x=0.09)
    axes.grid(visible=True, color=sheet.colors.frame, linewidth=0.4)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    return sheet.words["missing"].format(missing=len(models) - len(shown), count=len(models))


def _developers(sheet: _Sheet) -> str:
    strictest: dict[str, str] = {}
    for model in sheet.models:
        before = strictest.get(model.family, "permissive")
        strictest[model.family] = max(before, model.license_class, key=CLASSES.index)
    bars: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in sheet.store.select(_MADE).dicts():
        bars[visible(row["name"])][strictest.get(row["family"], "unknown")] += 1
    ordered = sorted(bars.items(), key=lambda bar: (-bar[1].total(), bar[0]))
    _stacked(sheet, dict(ordered[:_DEVELOPERS_SHOWN]), "families")
    return sheet.words["shown"].format(shown=min(_DEVELOPERS_SHOWN, len(bars)), count=len(bars))


def _short(value: float) -> str:
    for size, unit in ((1e9, "B"), (1e6, "M")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"
