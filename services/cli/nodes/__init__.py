"""Private servers the suite runs for itself: a RabbitMQ node and, for tests and benchmarks, a PostgreSQL cluster."""
