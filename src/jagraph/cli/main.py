"""The entry point: a command line is run, and what becomes of an error."""

from __future__ import annotations

import gc
import sys

from jagraph.cli.interrupt import stoppable
from jagraph.cli.plain_arguments import question
from jagraph.cli.standard_streams import ReaderGoneError, forget_stdout
from jagraph.cli.terminal_text import echo, visibly
from jagraph.core.errors import JagraphError
from jagraph.core.version import __version__

_REPORT = "https://github.com/jagraph/jagraph/issues"


def run(words: list[str]) -> int:
    """Run the command line ``words`` and return the exit code of its contract."""
    with visibly():
        try:
            with stoppable():
                code = _invoked(words)
                sys.stdout.flush()
        except SystemExit:
            raise
        except BaseException as reason:
            return _ended(reason, words)
        return code


def _invoked(words: list[str]) -> int:
    """Run the verb: at once where the words are plain, else by click."""
    plain = question(words)
    if plain is None:
        from jagraph.cli.verbs import invoke

        return invoke(words)
    verb, parameters = plain
    gc.disable()  # a question ends too soon for a search for cycles
    try:
        from jagraph.cli.settings import Settings

        module = f"jagraph.cli.answers.{verb}"
        __import__(module)
        settings = Settings(**{name: parameters.pop(name) for name in Settings.__annotations__})
        sys.modules[module].answer(settings, **parameters)
    finally:
        gc.enable()
    return 0


def _ended(reason: BaseException, words: list[str]) -> int:
    """Say on stderr what ended the command ``words``, and return its exit code."""
    text, code = _told(reason, words)
    try:
        if text:
            echo(text, err=True)
    except (OSError, ValueError):
        pass  # nobody hears it, but the exit code counts
    try:
        sys.stdout.flush()
    except Exception:
        forget_stdout()
    return code


def _told(reason: BaseException, words: list[str]) -> tuple[str, int]:
    """Return what to say of ``reason``, and the exit code."""
    from jagraph.core.faults import alone, fault

    reason = alone(reason)
    if isinstance(reason, ReaderGoneError):
        return "", 0
    if isinstance(reason, KeyboardInterrupt):
        return "stopped", 130
    if "click" in sys.modules:
        from jagraph.cli.verbs import told

        if (said := told(reason)) is not None:
            return said
    wrong = fault(reason, "\n".join(words))
    if wrong is reason or wrong.exit_code != JagraphError.exit_code:
        return str(wrong), wrong.exit_code
    import traceback

    trace = "".join(traceback.format_exception(reason))
    text = f"error[bug]: jagraph {__version__} failed in a way it should not"
    return f"{trace}{text}\n  help: please report this with the command you typed: {_REPORT}", 70
