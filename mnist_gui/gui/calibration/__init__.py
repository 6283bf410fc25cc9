"""How honest the network's percentages are."""
