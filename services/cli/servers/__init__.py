"""Servers the suite runs for itself: a RabbitMQ node and, for tests and benchmarks, a PostgreSQL cluster.

Also what is asked of, and laid down in, a broker that somebody else runs.
"""
