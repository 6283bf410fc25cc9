"""The sentences that a user reads, in the window and on the command line alike."""
