"""How much processor time the threads of this process take."""

import os
import threading
from collections import defaultdict
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

_TASKS = Path("/proc/self/task")


def processor_seconds(names: Container[str]) -> dict[str, float]:
    """Return what threads took so far: "main", the first of each of the names, and "others".

    The names are Python's or Qt's. Empty where the system does not tell.
    """
    found: defaultdict[str, float] = defaultdict(float)
    named_by_python = {thread.native_id: thread.name for thread in threading.enumerate()}
    tasks = _TASKS.iterdir() if _TASKS.exists() else ()
    for task in sorted(tasks, key=lambda task: int(task.name)):
        number = int(task.name)
        # A thread may end while it is looked at.
        with suppress(OSError):
            nanoseconds = int((task / "schedstat").read_text().split()[0])
            name = named_by_python.get(number, "")
            if name not in names:
                name = (task / "comm").read_text().strip()
            if number == os.getpid():
                name = "main"
            # TensorFlow's threads are called as the one that began them.
            elif name not in names or name in found:
                name = "others"
            found[name] += nanoseconds / 1e9
    return found
