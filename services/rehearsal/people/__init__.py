"""The people who are played, one file per kind. Each hears events, keeps its own agenda, and acts by calls."""
