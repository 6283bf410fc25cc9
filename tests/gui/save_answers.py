"""Answers for the dialogs that ask where to save."""

import pytest
from PySide6.QtWidgets import QFileDialog


def answer_save_dialogs(monkeypatch: pytest.MonkeyPatch, *typed: str, kind: str = "") -> None:
    """Have each dialog that comes accept the next of these names, of this kind of file."""
    names = iter(typed)

    def accept(dialog: QFileDialog) -> int:
        if kind:
            dialog.selectNameFilter(kind)
        dialog.selectFile(next(names))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", accept)
