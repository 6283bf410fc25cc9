"""Drawings of other programs: InkML, SVG, Quick, Draw! and signature pads."""
