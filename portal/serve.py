"""Serves the desk with waitress, on loopback unless told otherwise.

`python -m portal.serve` serves the chosen data folder.
"""

from importlib import import_module
from pathlib import Path

from portal.administrator import NAME, ensure_administrator
from portal.setup import desk
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
    warm_up(data)
    from django.conf import settings as django_settings
    from waitress import serve as run

    if host not in django_settings.ALLOWED_HOSTS:
        django_settings.ALLOWED_HOSTS = [*django_settings.ALLOWED_HOSTS, host]
    print(f"更正工单台：http://{host}:{port}/desk/（账号 {NAME}，口令见 {password_file}）", flush=True)
    run(application, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=LARGEST_REQUEST)


def warm_up(data: Path) -> None:
    """Read catalogue, law and calendar and load the pages before somebody waits for them: it takes longer than a page may."""
    with desk(data):
        from django.template.loader import get_template

        from portal.desk.register import current_terms
        from yishu.catalogue.documents import CatalogueError

        import_module("portal.urls")  # and all views with it
        get_template("desk/inbox.html")
        try:
            current_terms("desk")
        except CatalogueError as error:
            print(f"目录或法规配置无法读取，页面暂不可用：{error}", flush=True)


def main() -> None:
    serve(settings.data)


if __name__ == "__main__":
    main()
