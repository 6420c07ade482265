"""Migrates, fills, empties, saves and restores the database."""
