"""How Sphinx makes one HTML tree of the documents: ``make docs``."""

from importlib.metadata import version as installed

project = "jagraph"
author = "The jagraph authors"
copyright = "the jagraph authors; code Apache-2.0, records CC BY 4.0"  # noqa: A001, Sphinx's name
version = release = installed("jagraph")
extensions = ["myst_parser", "sphinx.ext.autodoc"]
# the source is the repository, so that a link is the same on GitHub and in the tree
root_doc = "docs/index"
include_patterns = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/*.md",
    "data/README.md",
    "ontology/README.md",
    "ontology/rules/README.md",
    "queries/README.md",
]
exclude_patterns = [".*", "build", "dist", "src", "tests", "web", "benchmarks"]
source_suffix = {".md": "markdown"}
nitpicky = True
suppress_warnings = ["myst.header"]  # the tables of the benchmarks begin at the third level
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
html_theme = "furo"
html_title = "jagraph"
html_show_sphinx = False
html_copy_source = False
html_additional_pages = {"index": "index.html"}
templates_path = ["templates"]
pygments_style = "friendly"
