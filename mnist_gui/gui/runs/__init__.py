"""The runs that are kept."""
