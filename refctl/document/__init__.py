"""Brings what is generated from the code up to date."""
