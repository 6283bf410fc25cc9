"""Joins the window with what works behind it; each module one concern."""
