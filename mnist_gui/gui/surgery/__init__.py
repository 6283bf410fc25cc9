"""The page on which parts of the network are switched off, on a copy that is never saved."""
