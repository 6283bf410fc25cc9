"""The window itself: its menus, its columns and what it asks for."""
