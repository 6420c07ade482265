"""Runs and checks the workflows of `.github/workflows` on this machine."""
