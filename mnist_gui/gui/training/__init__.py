"""Training runs, the data set, the device and the current network."""
