"""What a run can be exported as; the command line names these before anything else is loaded."""

FORMATS = ("folder", "network", "best-network", "csv", "tensorboard")
