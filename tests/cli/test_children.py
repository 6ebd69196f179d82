"""A whole night under strace: no child sees a passphrase, and no argument of any holds a secret."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.edge import browser, web_server
from generator.edge.register.certificates import Certificates
from tests import workshop
from tests.cli.terminal import passphrases
from tests.flow.night.night_office import claims

TODAY = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
# execve("/usr/bin/rsync", ["rsync", ...], ["PATH=...", ...]) = 0
STARTED = re.compile(r'execve\("(?P<program>[^"]+)", \[(?P<words>.*)\], \[(?P<environment>.*)\]\) += 0')
# In ssh's place: the other machine is this one.
SHELL = '#!/bin/sh\n[ "$1" = -l ] && shift 2\nshift\nexec sh -c "$*"\n'


@pytest.fixture
def root(tmp_path: Path, needs: Callable[[str], str]) -> Path:
    """One approved claim, a browser for the round trip, a host that is reached by rsync."""
    made = workshop.small(tmp_path / "workspace", 1)
    (made / "certificates/claims/claims.yaml").write_text(claims([1]), "utf-8")
    shell = tmp_path / "shell"
    shell.write_text(SHELL)
    shell.chmod(0o755)
    settings = made / "portal.yaml"
    text = settings.read_text("utf-8")
    text = text.replace("  period_days: 21", f"  period_days: 21\n  browser: {needs('chromium')}")
    text += (
        f"deploy:\n  - {{name: live, kind: rsync, ssh: web@host, path: {tmp_path}/live, shell: [{shell}]}}\n"
    )
    settings.write_text(text, "utf-8")
    workshop.prepare(made, TODAY)
    workshop.approve_all(made, TODAY)
    return made


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.needs("strace", "rsync")
def test_no_child_of_a_night_sees_a_secret(root: Path, tmp_path: Path) -> None:
    log = tmp_path / "started.log"
    given = passphrases() | {"AWS_SECRET_ACCESS_KEY": "sample-aws-passphrase"}
    command = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-v",
        "-qq",
        "-s",
        "100000",
        "-e",
        "trace=execve",
        "-o",
        str(log),
    ]
    command += [sys.executable, "-m", "generator.cli.main", "nightly", "-w", str(root)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CERTPORTAL_")}
    done = subprocess.run(command, capture_output=True, text=True, env=clean | given, cwd=workshop.CHECKOUT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "live/index.html").is_file()

    begun = [found for line in log.read_text("utf-8").splitlines() if (found := STARTED.search(line))]
    children = begun[1:]  # the first is the night itself
    names = {Path(found["program"]).name for found in children}
    assert {"rsync", Path(sys.executable).name} <= names
    assert any("chrom" in name for name in names)
    assert [found[0] for found in children if "passphrase" in found["environment"].lower()] == []
    with workshop.opened(root, TODAY) as session:
        [certificate] = Certificates(session.register).issued()
    for found in begun:
        assert certificate.number not in found["words"]
        assert "passphrase" not in found["words"].lower()
    # What builds the pages knows nothing of the workspace.
    [builder] = [found for found in children if Path(found["program"]).name == Path(sys.executable).name]
    assert str(root) not in builder["words"] + builder["environment"]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("account", ["root", "another"])
def test_the_browser_is_confined_wherever_it_can_be(
    tmp_path: Path, needs: Callable[[str], str], account: str
) -> None:
    """Chromium has no sandbox for root. The page holds the code, and so does no argument."""
    if (account == "root") != (os.geteuid() == 0) and os.geteuid() != 0:
        pytest.skip("only root can be two accounts")
    words = tmp_path / "words"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$@" >> {words}\nexec {needs("chromium")} "$@"\n')
    program.chmod(0o755)
    words.touch()
    words.chmod(0o666)
    script = b'document.querySelector("main").dataset.verdict=location.hash.slice(1)'
    page = b'<main data-verdict=""></main><script>' + script + b"</script>"
    with web_server.serving({"index.html": page}) as origin:
        verdict = as_account(account, str(program), f"{origin}/#valid")
    assert verdict == "valid"
    said = words.read_text().splitlines()
    assert not [line for line in said if "#valid" in line]
    unconfined = ["--no-sandbox" in line for line in said]
    if account == "root":
        assert unconfined == [True]
    else:  # a container or a chroot may give no namespace: then, and only then, it is started once more
        assert unconfined == ([False] if has_namespaces() else [False, True])


def has_namespaces() -> bool:
    """Whether this machine gives an account other than root a namespace of its own."""
    if sys.platform != "linux":
        return True
    other: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(["unshare", "--user", "true"], capture_output=True, **other).returncode == 0


def as_account(account: str, program: str, address: str) -> str | None:
    """What the browser shows to this account."""
    if account == "root" or os.geteuid() != 0:
        return browser.verdict_shown(program, address)
    home = Path(program).parent
    for folder in (home, *home.parents):
        if folder.stat().st_mode & 0o055 != 0o055 and folder != Path("/"):
            folder.chmod(0o755)
    receive, send = os.pipe()
    process = os.fork()
    if process == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        os.write(send, (browser.verdict_shown(program, address) or "nothing").encode())
        os._exit(0)
    os.close(send)
    shown = os.read(receive, 100).decode()
    os.close(receive)
    os.waitpid(process, 0)
    return shown
