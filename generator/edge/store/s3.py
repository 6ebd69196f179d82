"""S3-compatible object storage, by obstore (docs/deploy.md).

Content type and cache policy are on each object. Everything but the head may be put twice without
harm; the head is put last and only over the one that was read before, so that two machines that
deploy at once cannot undo each other.
"""

from __future__ import annotations

from collections.abc import Callable
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
from generator.edge.store.target import DeploymentPlan, Noted
from generator.errors import Place, Refused
from generator.formats import paths
from generator.model.portal import DeployTarget
from generator.rules.published_files import Unreadable

Answer = TypeVar("Answer")
_FINAL = (PermissionDeniedError, UnauthenticatedError)
_ATTEMPTS = 8
_GATHER = 50


class S3Target:
    """A bucket, or a prefix in one. `secret` gives the secret key; `sleep` waits between attempts."""

    def __init__(
        self, settings: DeployTarget, secret: Callable[[], str], sleep: Callable[[float], None]
    ) -> None:
        self._name = f"s3://{settings.bucket}/{settings.prefix or ''}"
        self._sleep = sleep
        local = (settings.endpoint or "").startswith("http://")
        self._store = S3Store(
            settings.bucket or "",
            prefix=settings.prefix,
            endpoint=settings.endpoint,
            region=settings.region,
            access_key_id=settings.access_key or "",
            secret_access_key=secret(),
            virtual_hosted_style_request=settings.endpoint is None,
            client_options={"allow_http": local, "timeout": "60 s", "connect_timeout": "10 s"},
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

    def site(self) -> S3Site:
        """The objects, read with our own key."""
        return S3Site(self._store, self._name)

    def _put(self, path: str, data: bytes) -> None:
        attributes = {
            "Content-Type": host_configuration.content_type(path),
            "Cache-Control": host_configuration.cache_control(path),
        }
        self._again(
            path, lambda: obstore.put(self._store, path, data, attributes=attributes, use_multipart=False)
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

    def _again(self, path: str, act: Callable[[], Answer]) -> Answer:
        """Try until it works, a little later each time. Raises `Refused` in the end."""
        for attempt in range(_ATTEMPTS):
            try:
                return act()
            except (PreconditionError, AlreadyExistsError):
                raise
            except (BaseError, OSError) as error:
                if attempt == _ATTEMPTS - 1 or isinstance(error, _FINAL):
                    raise self._refusal(path, error) from None
            self._sleep(min(0.2 * 2**attempt, 10.0))
        raise AssertionError("the last attempt returns or raises")

    def _refusal(self, path: str, error: Exception) -> Refused:
        if isinstance(error, _FINAL):
            fix = "check access_key, the passphrase `s3` and the bucket's policy; then `certportal deploy`"
            what = "the store does not let us in"
        else:
            fix = "try again with `certportal deploy`; if it stays, ask the store's operator"
            what = f"the store fails ({type(error).__name__})"
        return Refused(DEPLOY_S3.at(Place(subject=self._name + path), what, fix))


class S3Site:
    """The objects of a bucket as a site (`rules.published.Site`)."""

    def __init__(self, store: S3Store, name: str) -> None:
        self._store = store
        self.location: str | None = name

    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        """At most `cap` + 1 bytes of a file. Raises `Unreadable`."""
        try:
            data = bytes(obstore.get(self._store, path).bytes())
        except (NotFoundError, FileNotFoundError):
            raise Unreadable("missing") from None
        except (BaseError, OSError):
            raise Unreadable("network") from None
        return data[: cap + 1]
