"""Waking a service at an instant."""
