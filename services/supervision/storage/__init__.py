"""Where supervision keeps cases, clocks, the timeline and what hangs on them."""
