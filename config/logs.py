"""Logging: structlog renders everything, key and value, to standard error. Personal data is never logged."""

import re

import structlog

_TOKEN = re.compile(r"/(confirm|check-email|sign-in|m|n|c|u|d|s|f|undo|stay|address)/[\w-]{12,}")
_ADDRESS = re.compile(r"[^\s@\"'<>(=]+@[\w-]+(?:\.[\w-]+)+")


def without_secrets(logger, method, line):
    """Takes signed links and email addresses out of whatever is about to be written."""
    for key, value in line.items():
        if isinstance(value, str):
            line[key] = _ADDRESS.sub("(address)", _TOKEN.sub(r"/\1/(token)", value))
    return line


_SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_secrets,
]

structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            "foreign_pre_chain": _SHARED,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"celery": {"level": "WARNING"}, "kombu": {"level": "WARNING"}},
}
