"""nginx and Caddy with the configuration written for them: what a visitor really gets, over real HTTPS."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.edge import host_configuration
from tests.flow.mailing.mail_server import certificate, free_port
from tests.flow.night.night_office import copied, night, office, states
from tests.flow.publishing.test_deploy import deployed, looked, target
from tests.visitor import asked

pytestmark = pytest.mark.slow
_PATIENCE_SECONDS = 20.0


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = office(tmp_path_factory.mktemp("office") / "workspace", more="", count=1)
    night(root, skip=("deliver",))
    return root


@pytest.fixture(params=["nginx", "caddy"])
def host(request: pytest.FixtureRequest, needs: Callable[[str], str]) -> str:
    """A host that is here."""
    needs(request.param)
    return str(request.param)


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def nginx(folder: Path, root: Path, port: int, precompressed: bool) -> tuple[list[str], Path]:
    """The command that serves a folder, and what to trust. Only the port is not as it is written."""
    public, private = certificate(folder)
    written = host_configuration.nginx("localhost", str(root), precompressed)
    if not has_ipv6():
        written = written.replace("    listen [::]:443 ssl;\n", "")
    (folder / "site.conf").write_text(written.replace("443 ssl", f"{port} ssl"), "utf-8")
    places = "".join(
        f"    {name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/errors.log;\n"
        f"events {{}}\nhttp {{\n{places}    ssl_certificate {public};\n    ssl_certificate_key {private};\n"
        f"    include {folder}/site.conf;\n}}\n",
        "utf-8",
    )
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], public


def caddy(folder: Path, root: Path, port: int, precompressed: bool) -> tuple[list[str], Path]:
    """The same for Caddy, which makes its own certificates for a name of this machine."""
    written = host_configuration.caddy(f"localhost:{port}", str(root), precompressed)
    mine = (
        "admin off",
        "skip_install_trust",
        "auto_https disable_redirects",
        f"storage file_system {folder}/store",
    )
    lines = "".join(f"    {line}\n" for line in mine)
    (folder / "Caddyfile").write_text(f"{{\n{lines}}}\n{written}", "utf-8")
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    return command, folder / "store/pki/authorities/local/root.crt"


@contextmanager
def serving(
    host: str, folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch, precompressed: bool = False
) -> Iterator[str]:
    """The origin at which the host shows a folder; what it writes goes to files of `folder`."""
    folder.mkdir()
    port = free_port()
    command, trust = {"nginx": nginx, "caddy": caddy}[host](folder, root, port, precompressed)
    program = shutil.which(command[0]) or f"/usr/sbin/{command[0]}"
    with (folder / "said.txt").open("wb") as said:
        server = subprocess.Popen(
            [program, *command[1:]], stdout=said, stderr=said, env={"HOME": str(folder)}
        )
    try:
        _until_it_answers(server, port, trust, folder)
        # Whoever trusts the machine's authorities trusts this one: the command looks as the public does.
        monkeypatch.setenv("SSL_CERT_FILE", str(trust))
        # Since Python 3.13 an opener reads that once, when it is made.
        urllib.request.install_opener(urllib.request.build_opener())
        yield f"https://localhost:{port}"
    finally:
        server.terminate()
        server.wait(_PATIENCE_SECONDS)
        urllib.request.install_opener(None)  # type: ignore[arg-type]  # the next request makes its own


def _until_it_answers(server: subprocess.Popen[bytes], port: int, trust: Path, folder: Path) -> None:
    ends = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            context = ssl.create_default_context(cafile=str(trust))
            with (
                socket.create_connection(("localhost", port), 1) as line,
                context.wrap_socket(line, server_hostname="localhost"),
            ):
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > ends:
                pytest.fail((folder / "said.txt").read_text("utf-8"))
            time.sleep(0.05)


def paths(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_every_file_comes_whole_with_the_headers_of_the_table(
    host: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = prepared / "public"
    with serving(host, tmp_path / "host", public, monkeypatch) as origin:
        for path in paths(public):
            status, given, body = asked(f"{origin}/{path}")
            assert (path, status, body) == (path, 200, (public / path).read_bytes())
            wanted = host_configuration.headers(path)
            assert {name: given[name] for name in wanted} == wanted, path
            for name in wanted:
                assert len(given.get_all(name) or []) == 1, (path, name)
        assert asked(f"{origin}/")[2] == (public / "index.html").read_bytes()
        assert asked(f"{origin}/")[1]["Cache-Control"] == "no-cache"


def test_what_is_not_there_is_404_with_our_page_and_headers(
    host: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = prepared / "public"
    with serving(host, tmp_path / "host", public, monkeypatch) as origin:
        for path in ("r/no-such-file.bin", "nobody.html", "m/999.json", "s/", ".git/config"):
            status, given, body = asked(f"{origin}/{path}")
            assert (path, status) == (path, 404)
            assert body == (public / "404.html").read_bytes()
            assert given["Content-Type"] == "text/html; charset=utf-8"
            assert "frame-ancestors 'none'" in given["Content-Security-Policy"]
        assert asked(f"{origin}/../keys/root.json")[0] in (400, 404)
        assert asked(f"{origin}/%2e%2e/keys/root.json")[0] in (400, 404)


def test_nothing_is_sent_twice_and_pages_are_compressed(
    host: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = prepared / "public"
    with serving(host, tmp_path / "host", public, monkeypatch) as origin:
        _, given, _ = asked(f"{origin}/head.json")
        assert asked(f"{origin}/head.json", If_None_Match=given["ETag"])[0] == 304
        for path, squeezed in (("index.html", True), (_a_bucket(public), False)):
            _, given, body = asked(f"{origin}/{path}", Accept_Encoding="gzip")
            assert (path, given["Content-Encoding"]) == (path, "gzip" if squeezed else None)
            assert (gzip.decompress(body) if squeezed else body) == (public / path).read_bytes()
            if squeezed:
                assert "accept-encoding" in given["Vary"].lower()


def _a_bucket(public: Path) -> str:
    return next(path for path in paths(public) if path.startswith("r/"))


def test_the_compressed_copies_beside_the_pages_are_what_is_sent(
    host: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copied(prepared, tmp_path / "workspace")
    target(root, kind="folder", path="../live", precompress="true", host=host)
    deployed(root)
    with serving(host, tmp_path / "host", root / "../live", monkeypatch, precompressed=True) as origin:
        _, given, body = asked(f"{origin}/index.html", Accept_Encoding="gzip")
        assert given["Content-Encoding"] == "gzip"
        assert body == (root / "../live/index.html.gz").read_bytes()
        assert given["Content-Type"] == "text/html; charset=utf-8"
        assert given["Cache-Control"] == "no-cache"
        assert asked(f"{origin}/index.html")[2] == (root / "../live/index.html").read_bytes()


def test_a_stranger_has_nothing_to_advise(
    host: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copied(prepared, tmp_path / "workspace")
    with serving(host, tmp_path / "host", root / "../live", monkeypatch) as origin:
        target(root, kind="folder", path="../live", url=origin, host=host)
        done = night(root)
        assert states(done)["deploy"] == "ok"
        seen = looked(root)
        assert (seen.problems, seen.advice, seen.verified) == ([], [], 1)
        shard = next((root / "../live/s").rglob("*.bin"))
        shard.write_bytes(shard.read_bytes()[:-1])
        assert "AUDIT" in {problem.code for problem in looked(root).problems}
