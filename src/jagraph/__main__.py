"""Run the command line as ``python -m jagraph``."""

from jagraph.cli import main

main()
