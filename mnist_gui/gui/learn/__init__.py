"""Where to begin, a lesson, and the glossary."""
