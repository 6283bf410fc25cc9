"""The square that digits are drawn on, and its tools."""
