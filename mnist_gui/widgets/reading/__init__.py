"""What the network sees and says beside the canvas."""
