"""What the program's exit status says."""

from types import MappingProxyType

DONE = 0
FAILED = 2
INTERRUPTED = 130

MEANINGS = MappingProxyType(
    {
        DONE: "done",
        FAILED: "something has to be put right; standard error says what",
        INTERRUPTED: "stopped by Ctrl-C",
    }
)
