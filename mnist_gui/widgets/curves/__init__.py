"""The live curves of a run."""
