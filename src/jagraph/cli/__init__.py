"""The command line: verb first, answers on stdout, everything else on stderr."""

from jagraph.cli.main import main

__all__ = ["main"]
