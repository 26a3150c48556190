"""The rules of evaluation, in plain Python."""
