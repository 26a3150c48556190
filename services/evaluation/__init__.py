"""Evaluation 评: asks the people concerned, and compares the units by their answers."""
