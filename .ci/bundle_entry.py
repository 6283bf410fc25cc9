"""What the bundled program starts with.

The program runs Python in new processes: `sys.executable -P -c CODE ARGUMENTS`, and with a file in
place of `-c CODE`. In a bundle that is not Python but this program, which does what Python would.
"""

import multiprocessing
import runpy
import sys

from mnist_gui.__main__ import main

# A sweep's processes begin here, too.
multiprocessing.freeze_support()
if sys.argv[1:3] == ["-P", "-c"]:
    code = sys.argv[3]
    sys.argv = ["-c", *sys.argv[4:]]
    exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
elif sys.argv[1:2] == ["-P"]:
    del sys.argv[:2]
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    sys.exit(main())
