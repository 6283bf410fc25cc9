"""A network looked at from inside: its layers and its weights."""
