"""Runs a module of the program, and kills the process where it flushes a file for the nth time.

    python -m tests.faults.killed_at_fsync N MODULE [ARGUMENT ...]

What was written before that moment is in the file; what was to be renamed after it is not.
"""

import os
import runpy
import signal
import sys


def main() -> None:
    """Count, and run the module."""
    left, flush = int(sys.argv[1]), os.fsync
    del sys.argv[:2]

    def fsync(file: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        flush(file)

    os.fsync = fsync  # type: ignore[assignment]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
