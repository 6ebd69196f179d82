"""Keys whose time is over: code, place and who acts."""

from __future__ import annotations

import pytest

from generator.errors import Refused
from generator.flow.office import keys
from tests.refusal import named
from tests.small_office import Office


@pytest.mark.parametrize("now", ["2026-11-21T00:00:00Z", "2016-11-22T02:00:00Z"])
def test_before_the_first_certificate_key_nothing_is_certified(office: Office, now: str) -> None:
    store = office.workspace.keystore
    with pytest.raises(Refused, match="no certificate key's window covers today") as act:
        keys.certificate_signer(office.workspace, office.at(now).environment, store.manifest())
    assert named(act) == [("KEYS-CERTIFICATE", str(store.manifest_file), "administrator")]
