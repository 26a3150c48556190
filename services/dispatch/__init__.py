"""Dispatch 办: tasks with leader, department, person, co-units and time limit, until an issue is handled."""
