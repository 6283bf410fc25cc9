"""Files: atomic and appended, locks, archives."""
