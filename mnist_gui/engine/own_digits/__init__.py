"""The user's own digits: kept, changed, exchanged, and read by any network."""
