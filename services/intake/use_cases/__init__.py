"""One function for each thing intake hears or is asked: load, decide, save, announce."""
