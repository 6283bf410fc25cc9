"""Compiles the catalogues of translations while the program is built or installed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    """Writes a .mo beside each .po."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        """Compile, before the files of the build are collected."""
        for path in Path(self.root, "mnist_gui", "words", "locale").glob("*/LC_MESSAGES/*.po"):
            with path.open("rb") as source, path.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(source, locale=path.parts[-3]))
