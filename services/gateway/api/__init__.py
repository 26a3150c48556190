"""The HTTP API for programs, under `/api/v1`."""
