"""Announcing events: written with the work, published after it."""
