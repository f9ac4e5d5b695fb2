"""The answer of the verb `query`: a saved query's rows, its help, or the gallery of all."""

from __future__ import annotations

from jagraph.cli.query_parameters import pairs
from jagraph.cli.settings import Settings, deliver, target_format, terminal, width
from jagraph.cli.terminal_text import echo
from jagraph.core.errors import JagraphError
from jagraph.query import result_formats
from jagraph.query.binding import bound
from jagraph.query.catalogue import catalogue, find_query, glossary_of
from jagraph.store.admission import admit_file

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from pathlib import Path

    from jagraph.query.catalogue import Parameter
    from jagraph.query.parameters import Choice


def answer(
    settings: Settings,
    name: str | None,
    parameters: tuple[str, ...],
    form: str | None,
    output: Path | None,
    extra: tuple[Path, ...],
    wants_help: bool,
) -> None:
    """Print the answer of the query ``name``, or what it takes; without a name the gallery."""
    if name is None:
        from jagraph.cli.query_help import gallery

        project = settings.project()
        echo(gallery(catalogue(project, extra), glossary_of(project, extra)), nl=False)
        return
    saved = find_query(settings.project(), name, extra)
    if wants_help:
        from jagraph.cli.query_help import explanation

        echo(explanation(saved, lambda parameter: _pick(parameter, settings)), nl=False)
        return
    asked = target_format(form, output, result_formats.FORMATS, "table" if terminal() else "tsv")
    given = pairs(parameters, saved)
    graph = settings.graph()
    text = bound(saved, given, graph.store)
    admit_file(text, saved.file)
    if settings.verbose:
        settings.say(text)
    found = graph.store.select(text)
    deliver(result_formats.render(found, asked, width=width(asked)), output, settings)


def _pick(parameter: Parameter, settings: Settings) -> list[Choice]:
    """Return the values a parameter may have; none while the graph cannot be built."""
    from jagraph.query.parameters import choices

    try:
        return choices(parameter, settings.graph().store, "en")
    except JagraphError as reason:
        settings.say(str(reason))
        return []
