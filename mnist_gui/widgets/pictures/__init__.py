"""The page of photos and scans."""
