"""Programs that print the figures of the documentation; nothing here runs in CI."""
