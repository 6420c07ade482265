"""Proves the application: suites and their report."""
