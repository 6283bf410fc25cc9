"""The window: the session, and a folder for each feature with its presenter beside its widgets."""
