"""Genjin's shared kernel: the event log, the facts of every noun, what the outside is told of them, settings."""
