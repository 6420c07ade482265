"""One adapter an external tool: the only code that touches the world."""
