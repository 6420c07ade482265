"""Mutation testing: whether a test would notice if a line were wrong."""
