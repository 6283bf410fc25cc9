"""The command line: trains, evaluates and classifies without a window and without Qt."""
