"""Makes a checkout ready: tools, dependencies, secrets, database, ports."""
