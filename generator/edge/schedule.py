"""What makes a machine run the night: a systemd service and timer, a Windows task (docs/operations.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import escape

_HARDENING = """\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=tmpfs
BindPaths={folder}
{program}ReadWritePaths={folder}
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
CapabilityBoundingSet=
AmbientCapabilities=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
"""
CREDENTIALS = ("online", "certificate", "seal", "smtp", "s3")


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the program and the workspace are, who runs it, and when (HH:MM, the machine's time).

    `needs`: folders that the program is made of, for a service that sees no home folders. `passphrases`:
    those of `CREDENTIALS` that the night asks for.
    """

    program: str
    workspace: str
    user: str
    at: str
    name: str
    needs: tuple[str, ...] = ()
    passphrases: tuple[str, ...] = CREDENTIALS[:2]


def is_time(text: str) -> bool:
    """Whether it is a time of day."""
    return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None


def systemd(place: Installation) -> dict[str, str]:
    """The service (hardened, passphrases as encrypted credentials) and its timer."""
    return {"certportal-nightly.service": _service(place), "certportal-nightly.timer": _timer(place)}


def _service(place: Installation) -> str:
    folder, plain = _quoted(place.workspace), place.workspace.replace("%", "%%")
    program, start = _program(place), _quoted(place.program).replace("$", "$$")
    load = "LoadCredentialEncrypted=certportal-{0}:/etc/credstore.encrypted/certportal-{0}"
    credentials = "\n".join(load.format(name) for name in CREDENTIALS if name in place.passphrases)
    others = "\n".join("#" + load.format(name) for name in CREDENTIALS if name not in place.passphrases)
    return f"""\
[Unit]
Description=certportal: the night of {place.name.replace("%", "%%")}
Documentation=file://{quote(place.workspace).replace("%", "%%")}/site_src/docs/operations.md
Wants=network-online.target
After=network-online.target time-sync.target
RequiresMountsFor={folder}

[Service]
# Not oneshot: systemd lets only other types be tried again after one exit code.
Type=exec
User={place.user}
WorkingDirectory={plain}
ExecStart={start} nightly --workspace {folder.replace("$", "$$")}
# 3: done, something is held and the report says so. 75: another run is at work, so try again.
SuccessExitStatus=3
RestartForceExitStatus=75
RestartSec=5min
RuntimeMaxSec=6h
# Killed at any instant it is finished by the next run.
KillMode=mixed
TimeoutStopSec=30s
Nice=10
IOSchedulingClass=idle
UMask=0077

# Made once with: systemd-creds encrypt --name=certportal-online - /etc/credstore.encrypted/certportal-online
{credentials}
# Where portal.yaml comes to seal certificates, to send mail, or to deploy to S3, take the mark away:
{others}

{_HARDENING.format(folder=folder, program=program)}"""


_PLAIN = re.compile(r"[A-Za-z0-9/._@+,=:-]+")
_HOMES = ("/home/", "/root/", "/run/user/")


def _quoted(path: str) -> str:
    """A path as one word of a unit file."""
    if _PLAIN.fullmatch(path):
        return path
    inside = path.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{inside}"'


def _program(place: Installation) -> str:
    """What of the program lies in a home folder, and would not be seen."""
    hidden = [path for path in place.needs if f"{path}/".startswith(_HOMES)]
    return "".join(f"BindReadOnlyPaths={_quoted(path)}\n" for path in dict.fromkeys(hidden))


def _timer(place: Installation) -> str:
    return f"""\
[Unit]
Description=certportal: every night at {place.at}

[Timer]
# In the machine's time zone. Where the clock is put forward or back, the night still runs once.
OnCalendar=*-*-* {place.at}:00
RandomizedDelaySec=5min
# A machine that was off catches up when it comes back.
Persistent=true
Unit=certportal-nightly.service

[Install]
WantedBy=timers.target
"""


def windows(place: Installation) -> dict[str, str]:
    """A task for `schtasks /Create /TN certportal /XML FILE`; the file is written as UTF-16."""
    arguments = f'nightly --workspace "{place.workspace}"'
    text = f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>certportal: the night of {escape(place.name)}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{place.at}:00</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{escape(place.user)}</UserId>
      <LogonType>Password</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <WakeToRun>true</WakeToRun>
    <ExecutionTimeLimit>PT6H</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT15M</Interval><Count>3</Count></RestartOnFailure>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(place.program)}</Command>
      <Arguments>{escape(arguments)}</Arguments>
      <WorkingDirectory>{escape(place.workspace)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
    return {"certportal-nightly.xml": text}
