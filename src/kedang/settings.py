"""The settings: one file, read from the environment only; a wrong value raises with a sentence.

KEDANG_DATA         directory of the database, keys and scans (default ``./var``)
DATABASE_URL        ``sqlite:///path`` or ``postgres://user:password@host:port/name`` (default SQLite in KEDANG_DATA)
KEDANG_KEYS_URL     the same for the store of subjects' keys (default SQLite in KEDANG_DATA)
KEDANG_SECRET_KEY   signs sessions and forms (default: a file in KEDANG_DATA, made at the first start)
KEDANG_DEBUG        ``0`` or ``1`` (default 0)
KEDANG_HOSTS        host names served, separated by commas (default: this machine only)
KEDANG_ORIGINS      origins trusted for forms behind a proxy, as ``https://files.example.cn``, separated by commas
KEDANG_LANGUAGE     ``zh-hans`` or ``en`` (default zh-hans)
KEDANG_MASTER_KEY   file of the master key that wraps subjects' keys (default KEDANG_DATA/keys/master.key)
KEDANG_SEAL_KEY     file of the private key that signs seals (default KEDANG_DATA/keys/seal.key)
KEDANG_SEALS_DIR    where seals are exported; best on another machine (default KEDANG_DATA/seals)
"""

from __future__ import annotations

import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


def _present(module: str) -> bool:
    """Whether a regular module or package of this name is installed."""
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return False
    return spec is not None and spec.origin is not None


def _switch(name: str, default: str) -> bool:
    value = os.environ.get(name, default)
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def _words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def _path(name: str, default: Path) -> Path:
    value = os.environ.get(name)
    return Path(value).expanduser().resolve() if value else default


def _data_directory() -> Path:
    directory = _path("KEDANG_DATA", Path("var").resolve())
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(f"KEDANG_DATA: {directory} cannot be made: {error.strerror}.") from error
    return directory


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "kedang.lib.sqlite",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; "
                "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON"
            ),
        },
    }


def _postgresql(name: str, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise ImproperlyConfigured(f"{name} names no database: write postgres://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _database(name: str, default: Path) -> dict[str, Any]:
    url = os.environ.get(name)
    if not url:
        return _sqlite(str(default))
    scheme = urlsplit(url).scheme
    if scheme in ("postgres", "postgresql"):
        return _postgresql(name, url)
    if scheme == "sqlite" and url.startswith("sqlite:///"):
        return _sqlite(unquote(url.removeprefix("sqlite:///")))
    raise ImproperlyConfigured(f"{name} must begin with postgres:// or sqlite:///, not {scheme or url!r}.")


def _secret_key(data: Path) -> str:
    given = os.environ.get("KEDANG_SECRET_KEY")
    if given is not None:
        if len(given) < 32:
            raise ImproperlyConfigured("KEDANG_SECRET_KEY must have at least 32 characters.")
        return given
    path = data / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text("ascii").strip()


def _hosts(debug: bool) -> list[str]:
    hosts = _words("KEDANG_HOSTS")
    for host in hosts:
        if not re.fullmatch(r"\.?[A-Za-z0-9.\-]+|\[[0-9a-fA-F:]+\]", host):
            raise ImproperlyConfigured(f"KEDANG_HOSTS: {host!r} is not a host name; write no scheme, port or asterisk.")
    return hosts or ["localhost", "127.0.0.1", "[::1]", *(["testserver"] if debug else [])]


def _language() -> str:
    value = os.environ.get("KEDANG_LANGUAGE", "zh-hans")
    if value not in ("zh-hans", "en"):
        raise ImproperlyConfigured(f"KEDANG_LANGUAGE must be zh-hans or en, not {value!r}.")
    return value


PACKAGE = Path(__file__).resolve().parent
KEDANG_DATA = _data_directory()
DEBUG = _switch("KEDANG_DEBUG", "0")
SECRET_KEY = _secret_key(KEDANG_DATA)
ALLOWED_HOSTS = _hosts(DEBUG)
CSRF_TRUSTED_ORIGINS = _words("KEDANG_ORIGINS")
KEDANG_MASTER_KEY = _path("KEDANG_MASTER_KEY", KEDANG_DATA / "keys" / "master.key")
KEDANG_SEAL_KEY = _path("KEDANG_SEAL_KEY", KEDANG_DATA / "keys" / "seal.key")
KEDANG_SEALS_DIR = _path("KEDANG_SEALS_DIR", KEDANG_DATA / "seals")
KEDANG_SCANS_DIR = KEDANG_DATA / "scans"

DATABASES = {
    "default": _database("DATABASE_URL", KEDANG_DATA / "kedang.sqlite3"),
    "keys": _database("KEDANG_KEYS_URL", KEDANG_DATA / "keys.sqlite3"),
}
DATABASE_ROUTERS = ["kedang.journal.routers.KeysRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Lowest layer first; a layer that is not part of this build is left out.
LAYERS = [
    "staff", "journal", "adoptions", "duties", "approvals", "sanctions", "acts", "office", "customers",
    "premises", "files", "custody", "certificates", "loans", "correspondence", "followups", "tickets", "receivables",
    "retention", "inspections", "offboarding", "insight", "web", "api",
]  # fmt: skip
INSTALLED_LAYERS = [layer for layer in LAYERS if _present(f"kedang.{layer}")]
INSTALLED_APPS = [
    *(f"kedang.{layer}" for layer in INSTALLED_LAYERS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "template_partials",
    "django_htmx",
    "csp",
    "axes",
]
_web_middleware = [
    "kedang.web.middleware.ClockMiddleware",
    "kedang.web.middleware.LanguageMiddleware",
    "kedang.web.middleware.NumberMiddleware",
    "kedang.web.middleware.AccessLogMiddleware",
    "kedang.web.middleware.OwnPasswordMiddleware",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    *(_web_middleware if _present("kedang.web.middleware") else []),
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "kedang.urls"
WSGI_APPLICATION = "kedang.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *(["kedang.web.context.page"] if _present("kedang.web.context") else []),
            ]
        },
    }
]

# People: own person table, long passwords, lock-out after five failures of one name from one address.
AUTH_USER_MODEL = "staff.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "kedang.office.second_factor.CodeBackend",
]
SESSION_ENGINE = "kedang.office.sessions"
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_validation}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "name_en", "email", "phone"]},
    },
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html" if _present("kedang.web") else None
AXES_SENSITIVE_PARAMETERS = ["password", "code"]

# Secure cookies and HTTPS wherever somebody else than this machine is served.
SERVED_LOCALLY = DEBUG or all(host in LOCAL_HOSTS for host in ALLOWED_HOSTS)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not SERVED_LOCALLY
SECURE_HSTS_SECONDS = 0 if SERVED_LOCALLY else 31_536_000
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = _language()
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
CLOCK = timezone.now  # read by the edge alone, once a request
USE_TZ = USE_I18N = True
DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"

STATIC_URL = "/static/"
STATIC_ROOT = KEDANG_DATA / "static"
_manifest = "django.contrib.staticfiles.storage.StaticFilesStorage"
if not DEBUG and (STATIC_ROOT / "staticfiles.json").exists():
    _manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": KEDANG_DATA},
    },
    "staticfiles": {"BACKEND": _manifest},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}
