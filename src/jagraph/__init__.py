"""A knowledge graph of the Japanese language-model ecosystem, with evidence for every answer."""

__version__ = "0.1.0"
