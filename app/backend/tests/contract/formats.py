"""Loaded by Schemathesis: what the formats in the document mean."""

import schemathesis
from hypothesis import strategies as st

# JSON Schema's `email` admits addresses that no mail could reach, which the API refuses.
NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)

schemathesis.openapi.format("email", NAMES.map(lambda name: f"{name}@example.com"))
