"""Networks: building, predicting, files and devices."""
