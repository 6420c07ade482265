"""Runs the application for its developer."""
