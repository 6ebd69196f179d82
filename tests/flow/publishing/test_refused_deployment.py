"""Hosts that are too small or answer wrongly, and nothing to send: code, place and who acts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.publishing import deployment, live_check
from generator.model.portal import DeployTarget
from tests import workshop
from tests.flow.mailing.mail_server import free_port
from tests.refusal import named
from tests.small_office import Office

Answer = tuple[int, str, bytes]  # status, type, body


def target(**members: object) -> DeployTarget:
    return DeployTarget.of({"name": "live", "kind": "folder", "path": "live", **members})


@contextmanager
def host(answer: Callable[[str], Answer]) -> Iterator[str]:
    """A host on the loopback that answers each path as told; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = answer(self.path.removeprefix("/"))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def looked(office: Office, url: str) -> list[tuple[str, str, str]]:
    found = live_check.check(office.session, target(url=url))
    return [(one.code, str(one.place), one.owner) for one in found.problems if one.code.startswith("LIVE-")]


def test_before_the_first_publication_there_is_nothing_to_deploy(tmp_path: Path) -> None:
    root = workshop.prepared(tmp_path / "workspace")
    with workshop.opened(root) as session, pytest.raises(Refused, match="run `certportal publish`") as act:
        deployment.plan(session, target())
    assert named(act) == [("DEPLOY-NOTHING", "public/", "administrator")]


def test_every_file_answered_with_a_page_as_text(office: Office) -> None:
    """As hosts of single-page applications do."""

    def answer(path: str) -> Answer:
        found = office.workspace.public / (path or "index.html")
        page = found if found.is_file() else office.workspace.public / "index.html"
        return 200, "text/plain", page.read_bytes()

    with host(answer) as url:
        assert looked(office, url) == [
            ("LIVE-404", url, "administrator"),
            ("LIVE-TYPE", f"{url}/", "administrator"),
            ("LIVE-TYPE", f"{url}/head.json", "administrator"),
        ]


def test_a_host_in_trouble(office: Office) -> None:
    with host(lambda path: (404 if path.startswith("r/") else 503, "text/html", b"")) as url:
        assert looked(office, url) == [
            ("LIVE-HOST", f"{url}/", "administrator"),
            ("LIVE-HOST", f"{url}/head.json", "administrator"),
        ]


def test_a_host_that_does_not_answer(office: Office) -> None:
    url = f"http://localhost:{free_port()}"
    assert looked(office, url) == [("LIVE-HOST", url, "administrator")]
