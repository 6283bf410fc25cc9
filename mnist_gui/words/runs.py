"""Sentences about recipes, training and runs; a clause is put into another's sentence."""

SENTENCES: dict[str, str] = {}
