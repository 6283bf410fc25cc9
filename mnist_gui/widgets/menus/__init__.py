"""What the menus offer beyond the window's own, and the questions that go with it."""
