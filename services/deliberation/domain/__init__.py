"""The rules of a deliberation, in plain Python: who is there, what is moved, how it is voted, what is on record."""
