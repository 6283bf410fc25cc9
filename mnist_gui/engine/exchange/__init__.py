"""Networks for other programs, each checked after it was written; and networks from them."""
