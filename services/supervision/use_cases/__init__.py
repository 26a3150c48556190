"""One function for each thing supervision hears, is asked, or is woken for: load, decide, save, announce."""
