"""The rules of supervision, in plain Python: nothing here reads a clock, a database or a file of its own accord."""
