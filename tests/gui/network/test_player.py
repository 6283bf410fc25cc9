from shiboken6 import delete, isValid

from mnist_gui.gui.network.bar import NetworkBar
from mnist_gui.gui.network.player import StepPlayer
from mnist_gui.gui.session import Session
from tests.gui.recording_shell import RecordingShell


def test_a_run_that_is_played_ends_with_the_window(session: Session, shell: RecordingShell) -> None:
    bar = NetworkBar(shell.actions_offered)
    player = StepPlayer(session, bar, shell.actions_offered.play_steps)
    bar.show_steps([0, 10, 20], 0)
    player.play_or_stop()
    assert player.is_playing
    delete(bar)  # type: ignore[no-untyped-call]
    assert not isValid(player)  # type: ignore[no-untyped-call]
