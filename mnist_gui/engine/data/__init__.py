"""Data sets as people have them: which kinds of files there are, and how each is read."""
