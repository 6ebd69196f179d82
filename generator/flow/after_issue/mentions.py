"""Where files tell of a learner: ours are cleansed, those the office gave are named (docs/privacy.md).

Reports, marked copies, archives, lists and letters are made from the register and outlive a change of it.
At an erasure text is rewritten without the learner; an archive, a workbook or a letter is removed. What the
office put in itself is the office's: it is named, and never touched.
"""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.edge.register.certificates import Issued
from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.messages import Messages
from generator.edge.register.records import OfficeRecords
from generator.flow.shared.workspace import Workspace
from generator.formats import verification_code
from generator.model.personal import identifying

GONE = "(erased)"
_CAP = 500_000_000
_TEXT = frozenset((".txt", ".html", ".json", ".jsonl", ".csv", ".subject"))
_ARCHIVES = frozenset((".zip", ".xlsx", ".xlsm"))
_INPUTS = ("claims", "registrations", "records", "bounces", "catalogue")
# A shorter reference may be any number of a report; it is looked for behind its centre's number only.
_IDENTIFYING = 4


@dataclass(frozen=True, slots=True)
class LearnerTerms:
    """The words that tell of somebody, the serial that archives are known by, and their letters' names."""

    words: tuple[str, ...]
    serial: str
    letters: tuple[str, ...]


def mentions_of(register: Register, found: Issued, learner: str | None) -> LearnerTerms:
    """What tells of a certificate's learner; `learner` where nothing else of theirs stays (`NF041/L1`).

    Otherwise it is only what no other certificate of theirs says, such as an earlier name.
    """
    claims, records, messages = Claims(register), OfficeRecords(register), Messages(register)
    held = claims.by_id(found.claim_id)
    keys = [item.key for item in messages.of_serial(found.serial)]
    words = {found.number, verification_code.grouped(found.number)}
    if held is not None:
        contacts, claim = Contacts(register), held.claim
        words |= identifying(claim) | {contacts.of(found.claim_id) or ""}
        for other in claims.of_learner(claim.centre, claim.learner_ref):
            if other.claim_id != held.claim_id:
                words -= identifying(other.claim) | {contacts.of(other.claim_id) or ""}
    if learner is not None:
        centre, _, learner_ref = learner.partition("/")
        for kept in records.about(learner).kept:
            words |= identifying(kept.record)
        words.add(f"{centre}/{learner_ref}")
        if len(learner_ref) >= _IDENTIFYING and not learner_ref.isalpha():
            words.add(learner_ref)
        keys += [item.key for item in messages.to_recipient(learner)]
    names = tuple(sorted(f"{key.replace('/', '-')}.eml" for key in keys))
    return LearnerTerms(tuple(sorted(words - {""})), found.serial, names)


def pattern(words: Iterable[str]) -> Callable[[Iterable[str]], bool]:
    """What says whether any of some texts tells of the learner."""
    pattern = _pattern(words)
    return lambda texts: any(pattern.search(text) for text in texts)


def own_files(workspace: Workspace, terms: LearnerTerms) -> list[Path]:
    """Files of ours that tell of the learner, by path."""
    pattern = _pattern(terms.words)
    folders = [workspace.certificates / "reports", workspace.certificates / "outbox"]
    paths = (path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if _tells(path, terms, pattern))


def office_files(workspace: Workspace, terms: LearnerTerms) -> list[Path]:
    """Files that the office put in and that name the learner: only the office can correct them."""
    pattern = _pattern(terms.words)
    folders = [workspace.certificates / name for name in _INPUTS]
    paths = (path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if any(pattern.search(text) for text in _texts(path)))


def cleanse(paths: Iterable[Path], terms: LearnerTerms) -> None:
    """Take the learner out of files of ours. Doing it again changes nothing."""
    pattern = _pattern(terms.words)
    for path in paths:
        if path.suffix in _TEXT:
            text = disk.read(path, _CAP, path.name).decode("utf-8", "surrogateescape")
            without = pattern.sub(GONE, text).encode("utf-8", "surrogateescape")
            disk.write(path, without, private=True)
        else:
            disk.remove(path)


def _tells(path: Path, terms: LearnerTerms, pattern: re.Pattern[str]) -> bool:
    if path.suffix == ".eml":
        # Known by its name: there may be as many letters as certificates, and they are encoded.
        return path.name in terms.letters
    if path.suffix == ".zip" and f"{terms.serial}.pdf" in _members(path):
        return True
    return any(pattern.search(text) for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    """What can be read in a file: its text, or the texts packed into it."""
    if path.suffix in _ARCHIVES:
        for name in _members(path):
            if not name.endswith(".pdf"):
                with zipfile.ZipFile(path) as archive:
                    yield archive.read(name).decode("utf-8", "replace")
    elif path.suffix != ".pdf":
        data = disk.read(path, _CAP, path.name)
        yield data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return []


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words as a whole, as text, HTML, XML or JSON writes it."""
    spelt = {form for word in words for form in _forms(word)}
    listed = "|".join(re.escape(form) for form in sorted(spelt, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed or '(?!)'})(?!\w)")


def _forms(word: str) -> set[str]:
    markup = {html.escape(word), html.escape(word, quote=False), html.escape(word).replace("&#x27;", "&#39;")}
    return {word, *markup, *(json.dumps(form)[1:-1] for form in (word, *markup))}
