"""Calls: one request object in, one reply object out."""
