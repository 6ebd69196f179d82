"""S3-compatible object storage, by obstore (docs/deploy.md).

Content type and cache policy are on each object. Everything but the head may be put twice without
harm; the head is put last and only over the one that was read before, so that two machines that
deploy at once cannot undo each other. What browsers load is stored compressed and says so on the object: a
store does not compress what it sends.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from generator.edge import host_configuration
from generator.edge.codes import DEPLOY_RACE, DEPLOY_S3
from generator.edge.deadline import LOOK_SECONDS, sending, within
from generator.edge.encoded_body import unpacked
from generator.edge.store.target import DeploymentPlan, Look, Noted, may_lack_head
from generator.errors import Malformed, Place, Refused
from generator.formats import head, paths
from generator.model.portal import DeployTarget
from generator.rules.published_files import Unreadable

Answer = TypeVar("Answer")
_FINAL = (PermissionDeniedError, UnauthenticatedError)
_LATER = "try again with `certportal deploy`; if it stays, ask the store's operator"
_ATTEMPTS = 8
_GATHER = 50
_LONGEST_SECONDS = 1800  # what is left behind by a deadline of ours ends then


class S3Target:
    """A bucket, or a prefix in one. `secret` gives the secret key; `sleep` waits between attempts.

    `seconds`: how long the store may take for an answer.
    """

    def __init__(
        self,
        settings: DeployTarget,
        secret: Callable[[], str],
        sleep: Callable[[float], None],
        seconds: float = LOOK_SECONDS,
    ) -> None:
        self._name = f"s3://{settings.bucket}/{settings.prefix or ''}"
        self._sleep, self._seconds = sleep, seconds
        local = (settings.endpoint or "").startswith("http://")
        self._store = S3Store(
            settings.bucket or "",
            prefix=settings.prefix,
            endpoint=settings.endpoint,
            region=settings.region,
            access_key_id=settings.access_key or "",
            secret_access_key=secret(),
            virtual_hosted_style_request=settings.endpoint is None,
            client_options={
                "allow_http": local,
                "timeout": f"{_LONGEST_SECONDS} s",
                "connect_timeout": "10 s",
            },
            # Attempts are counted here, so that a fault is noted once and not multiplied.
            retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=60)},
        )

    def deploy(self, plan: DeploymentPlan, noted: Noted) -> None:
        """Put each wave, the head last and conditionally, then remove what left."""
        before = self._tag(paths.HEAD)
        for wave in plan.waves:
            arrived: list[str] = []
            for path in wave:
                data = plan.read(path)
                if path == paths.HEAD:
                    self._put_head(data, before)
                else:
                    self._put(path, data)
                arrived.append(path)
                if len(arrived) == _GATHER:
                    noted(arrived)
                    arrived = []
            noted(arrived)
        for path in plan.drops:
            self._again(path, lambda path=path: self._delete(path))  # type: ignore[misc]  # mypy cannot infer a lambda with a default

    def present(self) -> bool:
        """Taken to be so: nobody is asked."""
        return True

    def look(self, noted: Mapping[str, bytes]) -> Look:
        """The head in the store; else whether any object is there that we did not put there."""
        found = self._again(paths.HEAD, lambda: _read(self._store, paths.HEAD, head.CAP))
        if found is not None:
            return Look(found, empty=False)
        ours = may_lack_head(noted)

        def strange() -> bool:
            return any(item["path"] not in ours for some in obstore.list(self._store) for item in some)

        return Look(None, empty=not self._again("", strange))

    def site(self) -> S3Site:
        """The objects, read with our own key."""
        return S3Site(self._store, self._name, self._seconds)

    def _put(self, path: str, data: bytes) -> None:
        attributes = {
            "Content-Type": host_configuration.content_type(path),
            "Cache-Control": host_configuration.cache_control(path),
        }
        if path.endswith(host_configuration.LOADED_BY_BROWSERS):
            data = gzip.compress(data, 9, mtime=0)
            attributes["Content-Encoding"] = "gzip"
        self._again(
            path,
            lambda: obstore.put(self._store, path, data, attributes=attributes, use_multipart=False),
            sending(len(data), self._seconds),
        )

    def _put_head(self, data: bytes, before: str | None) -> None:
        """Only over the head that was there when this deployment began."""
        attributes = {
            "Content-Type": "application/json",
            "Cache-Control": host_configuration.cache_control(paths.HEAD),
        }

        def act() -> None:
            try:
                obstore.put(
                    self._store,
                    paths.HEAD,
                    data,
                    attributes=attributes,
                    use_multipart=False,
                    mode={"e_tag": before} if before else "create",
                )
            except (PreconditionError, AlreadyExistsError):
                # An attempt whose answer was lost may have arrived: then what is there is ours.
                if bytes(obstore.get(self._store, paths.HEAD).bytes()) != data:
                    raise

        try:
            self._again(paths.HEAD, act)
        except (PreconditionError, AlreadyExistsError):
            what = "another machine put a head there while this one deployed"
            fix = "let only one machine deploy; then run `certportal deploy` again"
            raise Refused(DEPLOY_RACE.at(Place(subject=self._name + paths.HEAD), what, fix)) from None

    def _tag(self, path: str) -> str | None:
        def act() -> str | None:
            try:
                return obstore.head(self._store, path)["e_tag"]
            except (NotFoundError, FileNotFoundError):
                return None

        return self._again(path, act)

    def _delete(self, path: str) -> None:
        try:
            obstore.delete(self._store, path)
        except (NotFoundError, FileNotFoundError):
            return

    def _again(self, path: str, act: Callable[[], Answer], seconds: float | None = None) -> Answer:
        """Try until it works, a little later each time. Raises `Refused` in the end.

        A fault that comes at once is tried again; a store that keeps us waiting is not waited for twice.
        """
        limit = seconds or self._seconds
        for attempt in range(_ATTEMPTS):
            try:
                return within(limit, act)
            except (PreconditionError, AlreadyExistsError):
                raise
            except TimeoutError:
                what = f"the store gave no answer within {limit:.0f} seconds"
                raise self._refusal(path, what, _LATER) from None
            except _FINAL:
                fix = (
                    "check access_key, the passphrase `s3` and the bucket's policy; then `certportal deploy`"
                )
                raise self._refusal(path, "the store does not let us in", fix) from None
            except (BaseError, OSError) as error:
                if attempt == _ATTEMPTS - 1:
                    raise self._refusal(path, *_said(error)) from None
            self._sleep(min(0.2 * 2**attempt, 10.0))
        raise AssertionError("the last attempt returns or raises")

    def _refusal(self, path: str, what: str, fix: str) -> Refused:
        return Refused(DEPLOY_S3.at(Place(subject=self._name + path), what, fix))


def _said(error: Exception) -> tuple[str, str]:
    """What a store's fault is, and what to do."""
    if isinstance(error, (NotFoundError, FileNotFoundError)) or "NoSuchBucket" in str(error):
        return (
            "the store has no such bucket",
            "see that the bucket of portal.yaml is there; then `certportal deploy`",
        )
    return f"the store fails ({type(error).__name__})", _LATER


class S3Site:
    """The objects of a bucket as a site (`rules.published.Site`). `seconds`: how long a file may take."""

    def __init__(self, store: S3Store, name: str, seconds: float) -> None:
        self._store, self._seconds = store, seconds
        self._silent = False
        self.location: str | None = name

    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        """At most `cap` + 1 bytes of a file. Raises `Unreadable`."""
        if self._silent:
            raise Unreadable("network")
        try:
            data = within(self._seconds, lambda: _read(self._store, path, cap))
        except TimeoutError:
            # Who let us wait once is not waited for again, file after file.
            self._silent = True
            raise Unreadable("network") from None
        except (BaseError, OSError, Malformed):
            raise Unreadable("network") from None
        if data is None:
            raise Unreadable("missing")
        return data


def _read(store: S3Store, path: str, cap: int) -> bytes | None:
    """At most `cap` + 1 bytes of an object as it was before it was compressed; none where there is none."""
    try:
        found = obstore.get(store, path)
    except (NotFoundError, FileNotFoundError):
        return None
    return unpacked(found.stream(), found.attributes.get("Content-Encoding"), cap)
