import os
import signal
import subprocess
import sys

import pytest

IDLE_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from mnist_gui.app import Interrupts
application = QApplication([])
window = QWidget()
Interrupts(window)
window.show()
QTimer.singleShot(0, lambda: print("ready", flush=True))
sys.exit(application.exec())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be sent these")
@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_window_that_waits_for_its_user_is_closed_at_once(name: signal.Signals) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", IDLE_WINDOW]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(name)
        assert process.wait(5) == 0
