"""The pages that show a network from inside: its architecture and its weights."""
