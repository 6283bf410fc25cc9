"""What is trained, how, and how far it is."""
