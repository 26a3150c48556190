"""The suite as one whole: its processes and databases, started, watched, looked at and stopped together."""
