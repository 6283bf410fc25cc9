"""What the program computes, with NumPy and TensorFlow; it never knows Qt."""
