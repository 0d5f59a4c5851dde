"""Genjin's HTTP/JSON API: commands, queries, history, webhook subscriptions."""
