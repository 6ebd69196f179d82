"""Published sites to read from: a folder, or an origin over http(s) (`rules.published.Site`)."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from generator.edge import disk
from generator.edge.codes import SITE_UNKNOWN
from generator.edge.deadline import LOOK_SECONDS, within
from generator.edge.encoded_body import unpacked
from generator.errors import Place, UsageError
from generator.rules.published_files import Unreadable

_PIECE = 65_536


class FolderSite:
    """A folder on this machine, such as `public/`. Links that lead out of it are not followed."""

    location: str | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        """At most `cap` + 1 bytes of a file. Raises `Unreadable`."""
        found = (self.folder / path).resolve()
        if not found.is_relative_to(self.folder):
            raise Unreadable("missing")
        try:
            with disk.open_file(found) as file:
                return file.read(cap + 1)
        except (FileNotFoundError, NotADirectoryError, disk.NotAFile):
            raise Unreadable("missing") from None
        except OSError:
            raise Unreadable("refused") from None

    def paths(self) -> Iterator[str]:
        """Every file in the folder."""
        return (
            path.relative_to(self.folder).as_posix()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() or path.is_symlink()
        )


class _Stay(urllib.request.HTTPRedirectHandler):
    """Published files are where they are; a redirect is a captive portal or a mistake."""

    def redirect_request(self, *_: object) -> None:
        return None


class HttpSite:
    """An origin. Sends nothing but the path; follows no redirect. `seconds`: how long a file may take.

    A host that lets us wait for one file is not asked for another (`silent`).
    """

    def __init__(self, origin: str, seconds: float = LOOK_SECONDS) -> None:
        self.location: str | None = origin.rstrip("/")
        self.silent = False
        self._seconds = seconds
        self._opener = urllib.request.build_opener(_Stay)

    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        """At most `cap` + 1 bytes of a file. Raises `Unreadable`."""
        if self.silent:
            raise Unreadable("network")
        try:
            return within(self._seconds, lambda: self._fetched(path, cap, again))
        except TimeoutError:
            self.silent = True
            raise Unreadable("network") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise Unreadable("network") from None

    def _fetched(self, path: str, cap: int, again: bool) -> bytes:
        request = urllib.request.Request(f"{self.location}/{path}")  # noqa: S310 - http(s) only, by `open_site`
        if again:
            request.add_header("Cache-Control", "no-cache")
        try:
            answer = self._opener.open(request, timeout=self._seconds)
        except urllib.error.HTTPError as error:
            with error:
                raise Unreadable(_reason(error.code)) from None
        with answer:
            data = unpacked(self._pieces(answer), answer.headers.get("Content-Encoding"), cap)
            if len(data) <= cap and answer.length:
                raise http.client.IncompleteRead(data, answer.length)
            return data

    def _pieces(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        """The body as it arrives, until nobody waits for it any more."""
        while not self.silent and (piece := answer.read1(_PIECE)):
            yield piece


def _reason(status: int) -> str:
    """Why a host's answer is no file (SPEC, Verdict, reasons). A redirect is a sign-in page's: no answer."""
    if status in (404, 410):
        return "missing"
    return "network" if 300 <= status < 400 else "refused"


def read_over_http(origin: str, path: str, seconds: float = LOOK_SECONDS) -> tuple[int, dict[str, str]]:
    """The status and headers (lower-case names) with which a host answers. Raises `Unreadable`."""
    opener = urllib.request.build_opener(_Stay)
    request = urllib.request.Request(f"{origin.rstrip('/')}/{path}")  # noqa: S310 - http(s) only, by portal.yaml

    def asked() -> tuple[int, dict[str, str]]:
        try:
            with opener.open(request, timeout=seconds) as answer:
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {name.lower(): value for name, value in error.headers.items()}

    try:
        return within(seconds, asked)
    except (OSError, http.client.HTTPException, ValueError):
        raise Unreadable("network") from None


def open_site(place: str) -> FolderSite | HttpSite:
    """The site at a folder or an address. Raises `Misused` for anything else."""
    if place.startswith(("http://", "https://")):
        parts = urlsplit(place)
        if parts.hostname and not parts.query and not parts.fragment:
            return HttpSite(place)
    elif Path(place).is_dir():
        return FolderSite(Path(place))
    fix = "name a folder such as public/, or an address such as https://verify.example.org"
    raise UsageError(SITE_UNKNOWN.at(Place(subject=place), "is neither a folder nor a web address", fix))
