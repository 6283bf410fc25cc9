"""The page of the user's own digits, and learning a hand from them."""
