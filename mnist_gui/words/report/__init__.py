"""A report on a network's test, as one HTML page that needs nothing else."""
