"""GitHub's REST API: a client that knows its limits, and what refctl asks of it."""
