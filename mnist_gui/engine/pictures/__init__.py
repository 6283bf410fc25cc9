"""From a photo, a scan or a screenshot to the digits in it, each as MNIST's images were made."""
