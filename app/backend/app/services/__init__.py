"""Domain logic: services own queries and raise typed errors."""
