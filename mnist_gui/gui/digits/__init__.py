"""The user's digits, and personalizing a network on them."""
