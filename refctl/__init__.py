"""refctl: one command for the whole life of a FastAPI + Next.js product."""

# A literal, not importlib.metadata: looking the version up costs four interpreter start-ups.
__version__ = "0.1.0"
