"""Checks of our own, each a program: `python -m refctl.quality.own.links FILE…`."""
