"""Calls of services by RPC: nameko's protocol, in threads, without nameko."""
