"""One function for each thing the directory is asked: load, decide, save, announce."""
