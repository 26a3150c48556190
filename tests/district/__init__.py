"""Scenarios of one district at work: they share it, so each has units of its own, and time only goes on."""
