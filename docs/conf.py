"""Settings of the documentation site: `make docs` builds it from the Markdown in this folder.

What is generated at build (commands, public names, measured recipes, pictures) is made in `ext`. Nothing is
fetched.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "ext"))

from calibrant import __version__  # noqa: E402  (after the path is set)

project = "calibrant"
author = "The calibrant developers"
copyright = "The calibrant developers, MIT licence"  # noqa: A001  (Sphinx's name)
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "generated", "drawn", "docstrings"]
root_doc = "index"
exclude_patterns = ["ext"]

# Dashes and quotes stay as they are typed: many are options and values to be copied.
smartquotes = False
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {
    "no-value": True,
    # Made by scikit-learn, with references into its own pages.
    "exclude-members": "set_fit_request, set_score_request, set_transform_request, set_predict_request, "
    "set_predict_proba_request",
}
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"calibrant {release}"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
