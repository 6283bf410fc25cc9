"""The pad: canvas, input, replay, and what is predicted of the drawing."""
