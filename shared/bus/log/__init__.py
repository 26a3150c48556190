"""The event log: what leaves the outbox by age, in compressed segments, each with the hash of the one before."""
