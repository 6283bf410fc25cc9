"""The camera's dialog: a sheet held up is read live."""
