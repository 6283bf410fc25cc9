"""What decided a prediction."""
