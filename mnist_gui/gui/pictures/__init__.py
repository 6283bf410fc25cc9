"""Photos and scans."""
