"""Shows, checks and compares the application's configuration."""
