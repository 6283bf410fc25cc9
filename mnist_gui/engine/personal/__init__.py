"""Learning the user's hand: a network is trained on with the user's own digits."""
