"""Networks, what reads with them, their files and devices."""
