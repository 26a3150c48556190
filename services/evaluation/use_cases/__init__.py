"""One function for each thing evaluation hears, is asked, or is woken for: load, decide, save, announce."""
