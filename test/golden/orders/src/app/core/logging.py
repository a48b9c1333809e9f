"""Logging: one line an event, each with the id of its request."""

import logging
from logging.config import dictConfig

from app.core.correlation import current_correlation_id


class CorrelationFilter(logging.Filter):
    """Adds the id of the current request to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.correlation_id = current_correlation_id()
        return True


def configure_logging(level: str) -> None:
    """Send all records to standard error."""
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"correlation": {"()": CorrelationFilter}},
            "formatters": {
                "line": {
                    "format": "%(asctime)s %(levelname)s %(name)s "
                    "[%(correlation_id)s] %(message)s"
                }
            },
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "filters": ["correlation"],
                    "formatter": "line",
                }
            },
            "root": {"handlers": ["stderr"], "level": level},
        }
    )
