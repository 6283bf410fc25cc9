"""The user's digits."""
