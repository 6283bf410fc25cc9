"""How a drawing is read, and why so."""
