"""Sentences about networks, their files and devices; a clause is put into a sentence."""

SENTENCES: dict[str, str] = {}
