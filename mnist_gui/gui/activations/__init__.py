"""The page that shows what each layer makes of the digit, number by number."""
