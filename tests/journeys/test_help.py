from mnist_gui.gui.window.help import shortcut_groups
from mnist_gui.gui.window.main_window import MainWindow


def test_all_keys_are_listed_in_the_group_in_which_one_looks_for_them(
    window: MainWindow,
) -> None:
    groups = dict(shortcut_groups(window))
    listed = {heading: {name for name, _ in pairs} for heading, pairs in groups.items()}
    assert "Start" in listed["Training"]
    assert "Undo" in listed["Edit"]
    assert "Rename" in listed["Runs"]
    assert {"Delete the digits selected", "Relabel the digits selected"} <= listed["My digits"]
    assert "Put the pen down, lift it" in listed["Canvas"]


def test_no_key_is_listed_twice(window: MainWindow) -> None:
    names = [name for _, pairs in shortcut_groups(window) for name, _ in pairs]
    assert len(names) == len(set(names))
