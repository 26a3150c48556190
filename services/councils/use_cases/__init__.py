"""One function for each thing councils hear, are asked, or are woken for: load, decide, save, announce."""
