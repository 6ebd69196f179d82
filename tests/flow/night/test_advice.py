"""What a night says beforehand: code, place and who acts."""

from __future__ import annotations

from dataclasses import replace

from generator.flow.night import night_run
from generator.flow.shared import workspace as workspaces
from tests.small_office import Office

TARGET = "deploy:\n  - {name: live, kind: folder, path: ../live, host: azure_static}\n"


def test_a_site_that_nearly_fills_its_host_is_deployed_and_said(office: Office) -> None:
    settings = office.workspace.root / "portal.yaml"
    settings.write_text(settings.read_text("utf-8") + TARGET, "utf-8")
    with office.register.transaction():
        office.register.change("UPDATE site_files SET size = 460000000 WHERE path = 'head.json'")
    loaded = replace(office, workspace=workspaces.load_workspace(office.workspace.root))
    others = [name for name in night_run.STEP_NAMES if name != "deploy"]
    (step,) = [one for one in night_run.nightly(loaded.session, others).steps if one.name == "deploy"]
    assert (step.state, (office.workspace.root / "../live/head.json").exists()) == ("ok", True), step.words
    assert [(one.code, str(one.place), one.owner) for one in step.problems] == [
        ("DEPLOY-NEARLY", "portal.yaml deploy live", "administrator")
    ]
