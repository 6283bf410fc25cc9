"""How the network does on the test images."""
