"""Settings, from the environment only; docs/operations.md lists every variable.

`HARK_MODE=embedded` is what `./run` starts: real servers of its own on unix sockets, a local outbox.
`HARK_MODE=production` refuses to start without its secrets and without the conveniences of the embedded default.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

MODE = env.str("HARK_MODE", "embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"HARK_MODE is {MODE!r}; it must be 'embedded' or 'production'.")
EMBEDDED = MODE == "embedded"
DEBUG = False


def secret(name: str) -> str:
    """The secret called `name`; raises ImproperlyConfigured with what to do where it is missing."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Start with ./run, or set it to a long random string.")
    return value


SECRET_KEY = secret("HARK_SECRET_KEY")
TOKEN_KEY = secret("HARK_TOKEN_KEY")
# A new key signs while those of before, the newest first, still open the links they made.
TOKEN_KEYS_BEFORE = env.list("HARK_TOKEN_KEYS_BEFORE", default=[])
ADDRESS_KEY = env.str("HARK_ADDRESS_KEY", "") or [TOKEN_KEY, *TOKEN_KEYS_BEFORE][-1]

SITE_URL = env.str("HARK_SITE_URL", "http://localhost:8000").rstrip("/")
SITE_HOST = environ.urlparse(SITE_URL).hostname or "localhost"
ALLOWED_HOSTS = env.list("HARK_ALLOWED_HOSTS", default=[SITE_HOST] + (["localhost", "127.0.0.1"] if EMBEDDED else []))
CONTACT_ADDRESS = env.str("HARK_CONTACT_ADDRESS", f"hello@{SITE_HOST}")
POSTAL_ADDRESS = env.str("HARK_POSTAL_ADDRESS", "")
OPERATOR = env.str("HARK_OPERATOR", "")
INSTANCE = Path(env.str("HARK_INSTANCE", str(BASE_DIR / ".instance")))

INSTALLED_APPS = [
    "accounts",
    "alerts",
    "anymail",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
]
MIDDLEWARE = [
    "alerts.web.headers.head_is_headers_alone",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alerts.web.context.site",
            ],
            "libraries": {"digests": "alerts.web.filters"},
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "emails",
        "DIRS": [BASE_DIR / "templates" / "emails"],
        "OPTIONS": {"environment": "alerts.digests.templates.environment"},
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", "postgresql://hark@localhost/hark")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = env.str("HARK_STATIC_ROOT", str(INSTANCE / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # collectstatic compresses once what the embedded default compresses as it is asked for.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Where each machine keeps its copy of the compiled index, to map it; lost or damaged, it is fetched again.
INDEX_FOLDER = Path(env.str("HARK_INDEX_FOLDER", str(INSTANCE / "index")))

# Mail: the embedded default writes a local outbox one can read in the browser at /outbox/.
OUTBOX = INSTANCE / "outbox"
EMAIL_BACKEND = env.str(
    "HARK_EMAIL_BACKEND",
    "alerts.digests.outbox.OutboxBackend" if EMBEDDED else "alerts.digests.smtp.EmailBackend",
)
EMAIL_TIMEOUT = 20
if "HARK_EMAIL_URL" in env.ENVIRON:
    vars().update(env.email_url("HARK_EMAIL_URL", backend=EMAIL_BACKEND))
if EMAIL_BACKEND == "anymail.backends.resend.EmailBackend":
    EMAIL_BACKEND = "alerts.digests.resend.EmailBackend"  # the same, with a key against doubles
MAIL_DOMAIN = env.str("HARK_MAIL_DOMAIN", SITE_HOST)
DEFAULT_FROM_EMAIL = env.str("HARK_MAIL_FROM", f"Hark alerts <alerts@{MAIL_DOMAIN}>")
SIGN_IN_FROM_EMAIL = env.str("HARK_SIGN_IN_FROM", DEFAULT_FROM_EMAIL)
ANYMAIL = env.json("HARK_ANYMAIL", default={})
# Providers that may post delivery events, as in the addresses /anymail/NAME/tracking/.
WEBHOOKS = env.list("HARK_WEBHOOKS", default=[])

# Delivery: the lease exceeds Celery's hard limit by a wide margin.
LEASE_SECONDS = env.int("HARK_LEASE_SECONDS", 300)
UNCERTAIN_SECONDS = env.int("HARK_UNCERTAIN_SECONDS", 900)
UNCERTAIN = env.str("HARK_UNCERTAIN", "resend")
if UNCERTAIN not in {"resend", "hold"}:
    raise ImproperlyConfigured(f"HARK_UNCERTAIN is {UNCERTAIN!r}; it must be 'resend' or 'hold'.")
SEND_LIMIT = env.int("HARK_SEND_LIMIT", 200_000)

# Sources.
PARLIAMENT_URL = env.str("HARK_PARLIAMENT_URL", "https://questions-statements-api.parliament.uk").rstrip("/")
FETCH_ALLOW = frozenset(env.list("HARK_FETCH_ALLOW", default=[]))
FETCH_RATE = env.float("HARK_FETCH_RATE", 2.0)
POLL_SECONDS = env.int("HARK_POLL_SECONDS", 1800)
if FETCH_ALLOW and not EMBEDDED:
    raise ImproperlyConfigured("HARK_FETCH_ALLOW opens the fetch guard; unset it in production.")
if "HARK_CLOCK" in env.ENVIRON and not EMBEDDED:
    raise ImproperlyConfigured("HARK_CLOCK is for rehearsals; unset it in production.")
if {"HARK_FAILPOINTS", "HARK_FAILPOINTS_LOG"} & env.ENVIRON.keys() and not EMBEDDED:
    raise ImproperlyConfigured("HARK_FAILPOINTS ends processes, for tests; unset it in production.")

# Celery is a bell: losing or doubling every message changes latency only.
CELERY_BROKER_URL = env.str("HARK_BROKER_URL", "redis://localhost:6379/0")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_TIMEOUT = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_ANNOTATIONS = {"*": {"max_retries": 3, "default_retry_delay": 15}}
CELERY_TASK_DEFAULT_QUEUE = "beat"
CELERY_TASK_ROUTES = {
    "alerts.tasks.poll": {"queue": "poll"},
    "alerts.tasks.percolate": {"queue": "percolate"},
    "alerts.tasks.compose": {"queue": "percolate"},
    "alerts.tasks.deliver": {"queue": "deliver"},
    "alerts.tasks.forget": {"queue": "beat"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 3 if EMBEDDED else 30
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = env.bool("HARK_CANCEL_ON_BROKER_LOSS", True)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "socket_keepalive": True,
    "socket_timeout": 30,
    "health_check_interval": 10,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_ENABLE_REMOTE_CONTROL = True
TICK_SECONDS = env.float("HARK_TICK_SECONDS", 60.0)
CELERY_BEAT_SCHEDULE = {
    name: {"task": f"alerts.tasks.{name}", "schedule": TICK_SECONDS}
    for name in ("poll", "percolate", "compose", "deliver", "forget")
}

# Web.
SESSION_COOKIE_AGE = 30 * 24 * 3600
# Subscribers' sessions are their own and no framework session, which is for staff.
SIGNED_IN_COOKIE_NAME = "signed-in"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "alerts.web.errors.not_sent"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "connect-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
if not EMBEDDED:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"
    SIGNED_IN_COOKIE_NAME = "__Host-signed-in"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("HARK_SSL_REDIRECT", True)
    # The one-click unsubscribe of RFC 8058 is answered without any redirect.
    SECURE_REDIRECT_EXEMPT = [r"^u/"]
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.bool("HARK_BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

from config.logs import LOGGING  # noqa: E402, F401
