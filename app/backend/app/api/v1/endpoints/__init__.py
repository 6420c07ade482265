"""One module an endpoint group."""
