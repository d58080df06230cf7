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
    "portal.pages",
    "portal.exchange",
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
    "portal.pages.headers.StrictHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.pages.access.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.pages.problems.Problems",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",  # last, as its documentation asks
]
AUTHENTICATION = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "portal.pages.context.desk",
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


SIGN_IN = "/desk/login/"
WORKING_DAY = timedelta(hours=10)
# For forms and the JSON of the interface; files have limits of their own where they are read (20 MB an attachment).
LIMITS = {
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 16 * 1024 * 1024,
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": 2000,
    "DATA_UPLOAD_MAX_NUMBER_FILES": 5,
    "FILE_UPLOAD_PERMISSIONS": 0o600,
}


def cookies(desk_url: str) -> dict[str, Any]:
    """Cookies that no script and no other site can use; over https only where people reach the desk that way.

    The session is Lax, not Strict: a link in a notice would otherwise lead people who are signed in to the door.
    """
    secure = desk_url.startswith("https://")
    return {
        "SESSION_COOKIE_NAME": "yishu_desk",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_AGE": int(WORKING_DAY.total_seconds()),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_NAME": "yishu_desk_form",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_FAILURE_VIEW": "portal.pages.problems.without_token",
        # Behind a proxy that ends TLS the desk itself sees http: the browser's origin is then this one.
        "CSRF_TRUSTED_ORIGINS": ["{0.scheme}://{0.netloc}".format(urlsplit(desk_url))] if secure else [],
    }


def hosts(desk_url: str) -> list[str]:
    """The names under which the desk answers: loopback, and where people are told to reach it."""
    named = urlsplit(desk_url).hostname
    return [*LOOPBACK, *([named] if named and named not in LOOPBACK else [])]


def django_settings(data: Path, database_url: str | None, desk_url: str = "") -> dict[str, Any]:
    """Everything Django needs to know, for the desk of one data folder. Makes the secret key's file on first use."""
    return {
        "SECRET_KEY": private_token(data / KEY_FILE),
        "DATA_FOLDER": str(data),
        "DEBUG": False,
        "ALLOWED_HOSTS": hosts(desk_url),
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
        "LOGIN_URL": SIGN_IN,
        "LOGIN_REDIRECT_URL": "/desk/",
        "LOGOUT_REDIRECT_URL": SIGN_IN,
        **cookies(desk_url),
        **LIMITS,
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
