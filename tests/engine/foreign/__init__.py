"""Drawings of other programs."""
