"""督: the case of every issue, its clocks and timeline, and how it climbs."""
