"""Genjin on one machine: an embedded PostgreSQL, migrations, the runner of `make run` and its demo receiver."""
