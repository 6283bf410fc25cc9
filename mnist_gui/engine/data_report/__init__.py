"""What a data set is like: counts, values, samples, and what may be wrong with it."""
