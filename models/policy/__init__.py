"""The regulation: `config.toml` as an immutable `Policy` that answers questions, and everything that is said about it.

It imports `models.words` and `models.frozen`, no store, no screen and no clock; anything above may import it."""
