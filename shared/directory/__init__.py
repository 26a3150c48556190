"""A service's copy of the directory 名录: who and where, from when to when, as the directory's events told it."""
