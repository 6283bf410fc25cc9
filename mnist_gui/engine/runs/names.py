"""Names that a user gives: of a run's colour, and of what a run is exported as."""

# Okabe and Ito's colours, safe for colour-blind users; a curve's default colour is none of them.
COLOURS = ("", "orange", "sky-blue", "green", "yellow", "blue", "vermilion", "purple")
FORMATS = ("folder", "network", "best-network", "csv", "tensorboard")
