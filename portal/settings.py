"""Django's settings as a function of the data folder. Applied by setup.py; importing this module does nothing.

A function, not a module of constants: the desk's database belongs to a DIR, tests and nights use several, and the
import of a settings module would set the process's time zone behind the back of everything else that runs in it.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from portal.private_files import private_token

DATABASE_FILE = "desk.sqlite3"
KEY_FILE = "desk.key"
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
LOCK_WAIT_SECONDS = 30

APPS = [
    "portal.desk.apps.DeskConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "simple_history",
    "axes",
    "ninja",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",  # last, as its documentation asks
]
AUTHENTICATION = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    }
]
# Five wrong passwords lock the account for a quarter of an hour, wherever they come from: behind a proxy all come from one address.
BRUTE_FORCE = {
    "AXES_FAILURE_LIMIT": 5,
    "AXES_COOLOFF_TIME": timedelta(minutes=15),
    "AXES_LOCKOUT_PARAMETERS": ["username"],
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_VERBOSE": False,
    "AXES_SENSITIVE_PARAMETERS": ["username", "password"],
    "AXES_LOCKOUT_TEMPLATE": "desk/locked.html",
}
PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]


def django_settings(data: Path, database_url: str | None) -> dict[str, Any]:
    """Everything Django needs to know, for the desk of one data folder. Makes the secret key's file on first use."""
    return {
        "SECRET_KEY": private_token(data / KEY_FILE),
        "DATA_FOLDER": str(data),
        "DEBUG": False,
        "ALLOWED_HOSTS": list(LOOPBACK),
        "DATABASES": {"default": database(data, database_url)},
        "INSTALLED_APPS": APPS,
        "MIDDLEWARE": MIDDLEWARE,
        "TEMPLATES": TEMPLATES,
        "ROOT_URLCONF": "portal.urls",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "AUTH_PASSWORD_VALIDATORS": PASSWORD_VALIDATORS,
        "AUTHENTICATION_BACKENDS": AUTHENTICATION,
        **BRUTE_FORCE,
        "LANGUAGE_CODE": "zh-hans",
        "TIME_ZONE": "Asia/Shanghai",
        "USE_TZ": True,
        "LOGGING_CONFIG": None,  # the process's logging belongs to whoever started it
        "STATIC_URL": "static/",
        "WHITENOISE_USE_FINDERS": True,  # the admin's files come from the packages: nothing to collect or fetch
        "WHITENOISE_AUTOREFRESH": False,
        "SESSION_COOKIE_NAME": "yishu_desk",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
    }


def database(data: Path, database_url: str | None) -> dict[str, Any]:
    """SQLite in the data folder, or the PostgreSQL server named by DATABASE_URL. ValueError for any other address."""
    if not database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(data / DATABASE_FILE),
            "OPTIONS": {
                "timeout": LOCK_WAIT_SECONDS,
                "transaction_mode": "IMMEDIATE",  # two writers then wait for each other instead of failing half-way
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    address = urlsplit(database_url)
    if address.scheme not in ("postgresql", "postgres") or not address.path.strip("/"):
        raise ValueError("DATABASE_URL 应形如 postgresql://用户:口令@主机:5432/库名；不设则使用数据目录下的 SQLite")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(address.path.strip("/")),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": address.hostname or "",
        "PORT": str(address.port or ""),
        "OPTIONS": dict(parse_qsl(address.query)),
    }
