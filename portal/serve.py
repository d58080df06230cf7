"""Serves the desk with waitress, on loopback unless told otherwise.

`python -m portal.serve` serves the chosen data folder.
"""

from pathlib import Path

from portal.administrator import NAME, ensure_administrator
from portal.wsgi import desk_application
from yishu.settings import settings

HOST = "127.0.0.1"
PORT = 8700
THREADS = 4
LARGEST_REQUEST = 64 * 1024 * 1024  # bytes: the largest upload that any page takes, with room for its form


def serve(data: Path, host: str = HOST, port: int = PORT) -> None:
    """Serve the desk of `data` until interrupted.

    A host other than loopback needs a TLS proxy in front: the desk itself speaks HTTP.
    """
    password_file = ensure_administrator(data)
    application = desk_application(data)
    from django.conf import settings as django_settings
    from waitress import serve as run

    if host not in django_settings.ALLOWED_HOSTS:
        django_settings.ALLOWED_HOSTS = [*django_settings.ALLOWED_HOSTS, host]
    print(f"更正工单台：http://{host}:{port}/desk/（账号 {NAME}，口令见 {password_file}）", flush=True)
    run(application, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=LARGEST_REQUEST)


def main() -> None:
    serve(settings.data)


if __name__ == "__main__":
    main()
