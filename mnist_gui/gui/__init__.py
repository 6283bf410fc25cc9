"""The window: the session, and a folder for each feature with its presenter beside its widgets."""

import os

import PySide6  # noqa: F401 - with it there, pyqtgraph takes it

# The user's choice is for other programs; pyqtgraph would fail with another Qt than the window's.
os.environ.pop("PYQTGRAPH_QT_LIB", None)
