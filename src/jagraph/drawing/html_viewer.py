"""A lineage picture as one HTML file that needs no network: pan, zoom, search, cards, folding.

Panning and zooming is @panzoom/panzoom (MIT); its licence stands beside it in ``assets/``.
"""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from importlib.resources import files

from jagraph.drawing.canvas import as_svg
from jagraph.drawing.diagram_model import CLASSES, Box, Picture
from jagraph.drawing.painter import draw, link_id, xml_id
from jagraph.drawing.style import THEMES

_WORDS = {
    "en": {
        "search": "Search",
        "classes": "Licence classes",
        "whole": "Whole picture",
        "in": "Zoom in",
        "out": "Zoom out",
        "found": "Found",
        "hidden": "Folded away",
        "expand": "Expand descendants",
        "collapse": "Collapse descendants",
        "developer": "Developer",
        "size": "Size",
        "license": "Licence",
        "class": "Class",
        "marks": "Marks",
        "models": "Models",
    },
    "ja": {
        "search": "検索",
        "classes": "ライセンス区分",
        "whole": "全体を表示",
        "in": "拡大",
        "out": "縮小",
        "found": "一致",
        "hidden": "折りたたみ中",
        "expand": "派生モデルを展開",
        "collapse": "派生モデルを折りたたむ",
        "developer": "開発元",
        "size": "サイズ",
        "license": "ライセンス",
        "class": "区分",
        "marks": "印",
        "models": "モデル",
    },
    "fr": {
        "search": "Rechercher",
        "classes": "Classes de licence",
        "whole": "Tout voir",
        "in": "Agrandir",
        "out": "Réduire",
        "found": "Trouvés",
        "hidden": "Repliés",
        "expand": "Déplier les descendants",
        "collapse": "Replier les descendants",
        "developer": "Développeur",
        "size": "Taille",
        "license": "Licence",
        "class": "Classe",
        "marks": "Marques",
        "models": "Modèles",
    },
}


def as_html(
    picture: Picture,
    direction: str,
    theme: str,
    *,
    nonce: str = "",
    back: str = "",
    seconds: float | None = None,
) -> str:
    """Return ``picture`` as an interactive page, usable by mouse and keyboard.

    From a server it has a ``nonce`` for its Content-Security-Policy and an address to go ``back``
    to. Raises OutsideError when the layout takes more than ``seconds``.
    """
    words = _WORDS[picture.language]
    colors = THEMES[theme]
    style = (
        _asset("page.css")
        .replace("@PAPER@", colors.paper)
        .replace("@INK@", colors.ink)
        .replace("@FAINT@", colors.faint)
        .replace("@FRAME@", colors.frame)
    )
    drawing = as_svg(draw(picture, direction, theme, seconds), linked=False, nonce=nonce)
    mark = f' nonce="{nonce}"' if nonce else ""
    title = escape(picture.title)
    if back:
        title = f'<a href="{escape(back)}">{title}</a>'
    return f"""<!doctype html>
<html lang="{picture.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(picture.title)}</title>
<link rel="icon" href="data:,">
<style{mark}>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<label>{words["search"]} <input type="search" id="search"></label>
<fieldset aria-label="{escape(words["classes"])}">{_filters(picture)}</fieldset>
<button id="out" type="button">{words["out"]}</button>
<button id="in" type="button">{words["in"]}</button>
<button id="whole" type="button">{words["whole"]}</button>
<output id="count" aria-live="polite"></output>
</header>
<main id="stage">{drawing}</main>
<aside id="card" aria-live="polite" hidden></aside>
<script type="application/json" id="data">{_data(picture, words)}</script>
<script{mark}>{_asset("panzoom.min.js")}</script>
<script{mark}>{_asset("page.js")}</script>
</body>
</html>
"""


def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _filters(picture: Picture) -> str:
    counts = Counter(box.kind for box in picture.boxes)
    return "".join(
        f'<label><input type="checkbox" name="class" value="{name}" checked> '
        f"{escape(picture.kind_name(name))} ({counts[name]})</label>"
        for name in (*CLASSES, "dataset")
        if name in counts
    )


def _data(picture: Picture, words: dict[str, str]) -> str:
    """Return the facts of the cards as JSON that cannot end its script element."""
    boxes = [
        {
            "id": xml_id(box.key),
            "name": box.name,
            "class": box.kind,
            "href": box.href,
            "place": "jagraph" if box.page else "Hugging Face",
            "search": " ".join((box.name, box.developer, box.hub, *box.stands_for)).lower(),
            "facts": [[term, value] for term, value in _facts(picture, box, words) if value],
        }
        for box in picture.boxes
    ]
    links = [
        {
            "id": link_id(link),
            "child": xml_id(link.child),
            "parent": xml_id(link.parent),
        }
        for link in picture.links
    ]
    document = json.dumps({"boxes": boxes, "links": links, "words": words}, ensure_ascii=False)
    return document.replace("<", "\\u003c")


def _facts(picture: Picture, box: Box, words: dict[str, str]) -> list[tuple[str, str]]:
    names = {one.key: one.name for one in picture.boxes}
    return [
        (words["developer"], box.developer),
        (words["size"], box.detail),
        (words["license"], box.license),
        (words["class"], picture.kind_name(box.kind)),
        (words["marks"], "; ".join(picture.marks(box))),
        (words["models"], ", ".join(box.stands_for)),
        *(
            (
                picture.relation_name(link.relation),
                names[link.parent] + ("" if link.certain else f" ({picture.word('open')})"),
            )
            for link in picture.links
            if link.child == box.key
        ),
    ]
