"""The glossary for users: what each term means, in one to three plain sentences.

The texts are English, marked with the context "glossary", and translated where they are shown.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mnist_gui.words.glossary import data, network, results, training
from mnist_gui.words.glossary.term import Place, Term

__all__ = ["TERMS", "Place", "Term"]

_ALL = (*data.TERMS, *network.TERMS, *training.TERMS, *results.TERMS)
TERMS: Mapping[str, Term] = MappingProxyType({term.key: term for term in _ALL})
"""Every term by its key."""
