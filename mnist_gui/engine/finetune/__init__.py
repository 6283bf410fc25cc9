"""Personalizing a network on the user's digits."""
