"""The page *Duel*: two recipes are trained side by side on the same images."""
