"""What every deploy target can do, and the plan it is given (docs/deploy.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from generator.edge.register.site_files import UNKNOWN
from generator.formats import paths
from generator.rules.published_files import Site

Noted = Callable[[Iterable[str]], None]


@dataclass(frozen=True, slots=True)
class DeploymentPlan:
    """Which files a target lacks, in waves that go one after the other, and which are to leave.

    `public` holds the site's files; `extras` are those that only this target has, such as `_headers`.
    `every` names all paths that the target shows in the end.
    """

    public: Path
    sequence: int
    waves: tuple[tuple[str, ...], ...]
    drops: tuple[str, ...]
    extras: dict[str, bytes]
    every: frozenset[str]

    def read(self, path: str) -> bytes:
        """A file of the plan."""
        return self.extras[path] if path in self.extras else (self.public / path).read_bytes()

    @property
    def puts(self) -> int:
        """How many files the target lacks, as far as we know."""
        return sum(map(len, self.waves))

    @property
    def holds_some(self) -> bool:
        """Whether the target is to hold files already that need not be copied."""
        return self.puts < len(self.every)


@dataclass(frozen=True, slots=True)
class Look:
    """The head at a target, if it has one; else whether nothing is there but what we were putting there."""

    head: bytes | None
    empty: bool


class Target(Protocol):
    """A place that shows the site. Each act may be done twice; `noted` is called as files arrive."""

    def deploy(self, plan: DeploymentPlan, noted: Noted) -> None:
        """Bring the place up to date. Raises `Refused`; what was noted has arrived."""

    def present(self) -> bool:
        """Whether a site is there, where that is seen without asking anybody; else taken to be so."""

    def look(self, noted: Mapping[str, bytes]) -> Look | None:
        """What is there before anything is copied; none where something is `noted`, and nobody can look.

        `noted`: what we put there (path -> SHA-256). Raises `Refused` where the site must not be put there.
        """

    def site(self) -> Site | None:
        """The site as it is there, if it can be read without its web address."""


def may_lack_head(noted: Mapping[str, bytes]) -> Set[str]:
    """What may be found without a head: what had arrived of a deployment that was cut short."""
    return noted.keys() if noted.get(paths.HEAD) == UNKNOWN else frozenset()


def waves(changed: Iterable[str], present: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Data first, then the files that name it, the head last (SPEC, Layout).

    New files first, because nothing names them yet; then buckets that are replaced and, right after
    them, the status that names their new version; pages, and at the very end the head.
    """
    there = set(present)
    order: dict[int, list[str]] = {}
    for path in sorted(changed):
        order.setdefault(_wave(path, path in there), []).append(path)
    return tuple(tuple(order[rank]) for rank in sorted(order))


def _wave(path: str, replaced: bool) -> int:
    if path == "head.json":
        return 6
    if path == "index.html":
        return 5
    if path in ("manifest.json", "pages.json"):
        return 3
    if path.endswith((".html", ".html.gz")):
        return 4
    if path.startswith("s/"):
        return 2
    return 1 if replaced and path.startswith("r/") else 0
