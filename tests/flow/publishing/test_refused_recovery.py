"""Recoveries that are refused before anything is taken back: code, place and who acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.office import keys
from generator.flow.publishing import recovery_plan, recovery_run
from generator.formats import bucket
from tests.flow.publishing.test_continuity import backed_up, restored
from tests.refusal import named
from tests.small_office import Office

LATER = "2026-11-23T09:00:00Z"


def test_a_site_under_newer_keys_than_are_here(office: Office, tmp_path: Path) -> None:
    copy = backed_up(office, tmp_path)
    manifest = office.workspace.keystore.manifest_file
    before = manifest.read_bytes()
    keys.renew_keys(office.workspace, office.environment)
    office.publish()
    manifest.write_bytes(before)
    old = restored(office, copy).at(LATER)
    with pytest.raises(Refused, match="the site is under key manifest 2") as act:
        recovery_plan.plan(old.session)
    assert named(act) == [("RECOVER-KEYS", "keys/manifest.json", "administrator")]
    old.register.close()


def test_a_program_that_would_not_make_the_site_as_it_is(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backed_up(office, tmp_path)
    keys.renew_keys(office.workspace, office.environment)
    office.publish()
    old = restored(office, copy).at(LATER)
    # Another version of the program might fill its buckets otherwise.
    monkeypatch.setattr(bucket, "FULL_ENOUGH", bucket.FULL_ENOUGH + 1)
    planned = recovery_plan.plan(old.session)
    with pytest.raises(Refused, match="would not come out as it is published") as act:
        recovery_run.recover(old.session, planned, "q.nom")
    assert named(act) == [("RECOVER-REBUILD", next(iter(planned.tree.buckets)), "administrator")]
    assert recovery_plan.plan(old.session) == planned, "nothing was done"
    old.register.close()
