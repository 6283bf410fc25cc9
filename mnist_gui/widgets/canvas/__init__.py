"""The square that digits are drawn on, its tools and its files."""
