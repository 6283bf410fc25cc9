"""The device doctor: what of this computer matters, and how fast it trains."""
