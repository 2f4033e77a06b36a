"""Durable storage: the journal of sessions, the ballot box, passes and keys, on SQLite or PostgreSQL."""
