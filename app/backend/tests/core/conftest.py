import logging
from collections.abc import Iterator

import pytest
from loguru import logger


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Give the process its own logging back after a test that configures it."""
    handlers, level = logging.root.handlers, logging.root.level
    yield
    logging.root.handlers, logging.root.level = handlers, level
    logger.remove()
