"""The version and its release: what is due, what changed, and how it gets out."""
