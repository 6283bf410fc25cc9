"""The page *Change*: the smallest changes that make the network read another digit."""
