"""A knowledge graph of the Japanese language-model ecosystem, with evidence for every answer."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("jagraph")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0+unknown"
