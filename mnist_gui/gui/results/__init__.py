"""How the test images were read."""
