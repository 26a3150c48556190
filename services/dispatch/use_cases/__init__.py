"""One function for each thing dispatch hears or is asked: load, decide, save, announce."""
