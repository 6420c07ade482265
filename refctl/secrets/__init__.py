"""Secrets: kept encrypted for each environment, checked, replaced in time, sent where they go."""
