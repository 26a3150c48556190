"""Benchmarks: one module per benchmark, on real processes, a PostgreSQL and a broker of their own.

What a figure is compared with is measured in the same run; ratios travel between machines, figures don't.
"""
