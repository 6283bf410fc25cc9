"""What runs on a thread of its own: bridges from the engine to Qt's signals."""
