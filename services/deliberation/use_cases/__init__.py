"""One function for each thing deliberation hears or is asked: load, decide, save, announce."""
