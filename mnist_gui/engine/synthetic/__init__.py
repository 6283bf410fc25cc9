"""Drawings made by rule: styles of digits, and what is made of them."""
