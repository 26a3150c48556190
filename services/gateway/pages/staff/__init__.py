"""Pages for members of staff, each for some roles."""
