"""A start that was refused for good (status 77) is tried once, whoever waits at the socket, and any other again and again:
with a service manager of its own, which runs the units' own words about starting with a script in the daemon's place."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

UNITS = pathlib.Path(__file__).resolve().parents[2] / "systemd"
PATIENCE = 50
# What another user, a pcscd and the machine's own folders are needed for.
NOT_HERE = (
    r"(?m)^(?!ExecStart=|Type=|Restart\w*=|StartLimit\w*=|Requires=|OnFailure=|Conflicts=|RemoveOnStop=|\[|After=|$).*\n"
)
DAEMON = """#!/bin/sh
echo start >> {folder}/starts
[ -e {folder}/mended ] || exit "$(cat {folder}/status)"
systemd-notify --ready
exec sleep 1000
"""


def own_cgroups():
    """Where this process is, in the hierarchies that a service manager works with."""
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        base = pathlib.Path("/sys/fs/cgroup")
        if controllers == "name=systemd":
            base /= "systemd"
        elif controllers:
            continue
        elif (base / "unified").is_dir():
            base /= "unified"
        yield pathlib.Path(f"{base}{path}")


class RefusedStart(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("only root can run a service manager of its own beside the machine's")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.socket = self.folder / "madoguchi.sock"
        for name in ("madoguchid.service", "madoguchid.socket", "madoguchid-ended.target"):
            text = re.sub(NOT_HERE, "", (UNITS / name).read_text())
            text = re.sub(r"(?m)^After=.*", "After=madoguchid.socket", text)
            text = re.sub(r"(?m)^ExecStart=.*", f"ExecStart={self.folder}/daemon\nNotifyAccess=all", text)
            text = re.sub(r"(?m)^RestartSec=.*", "RestartSec=100ms", text)
            text = text.replace("[Socket]", f"[Socket]\nListenStream={self.socket}")
            (self.folder / name).write_text(text)
        (self.folder / "here.target").write_text("[Unit]\nDescription=what this manager starts with\n")
        daemon = self.folder / "daemon"
        daemon.write_text(DAEMON.format(folder=self.folder))
        daemon.chmod(0o755)
        self.fail_with(77)
        self.begin_manager()

    def begin_manager(self):
        groups = [group / f"madoguchi-{os.getpid()}" for group in own_cgroups()]
        self.addCleanup(self.remove, groups)
        try:
            for group in groups:
                group.mkdir()
        except OSError as error:
            self.skipTest(f"no control group can be made here: {error}")
        run = self.folder / "run"
        run.mkdir(mode=0o700)
        join = "".join(f"echo $$ > {group}/cgroup.procs && " for group in groups)
        path = f"SYSTEMD_UNIT_PATH={self.folder}:/usr/lib/systemd/user"
        # What else is installed here has no part in it.
        none = self.folder / "none"
        none.mkdir()
        path += f" SYSTEMD_ENVIRONMENT_GENERATOR_PATH={none} SYSTEMD_GENERATOR_PATH={none}"
        # It begins only where the machine looks as if it had been booted with it, and not as the first process.
        inside = (
            "mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && "
            f"env -i PATH=$PATH {path} XDG_RUNTIME_DIR={run} HOME={self.folder} "
            "/lib/systemd/systemd --user --unit=here.target & wait"
        )
        command = f"{join}exec unshare -mCpf --mount-proc --kill-child sh -c '{inside}'"
        with (self.folder / "log").open("w") as log:
            self.manager = subprocess.Popen(["sh", "-c", command], stdout=log, stderr=log)
        self.addCleanup(self.end_manager)
        self.wait_until(lambda: self.manager.poll() is not None or self.is_active("here.target"))
        if self.manager.poll() is not None:
            self.skipTest("no service manager runs here: " + (self.folder / "log").read_text()[-500:])

    def end_manager(self):
        with contextlib.suppress(ProcessLookupError):
            self.manager.send_signal(signal.SIGKILL)
        self.manager.wait()

    @staticmethod
    def remove(groups):
        for group in groups:
            for folder, _, _ in os.walk(group, topdown=False):
                deadline = time.monotonic() + PATIENCE
                while time.monotonic() < deadline:
                    with contextlib.suppress(OSError):
                        os.rmdir(folder)
                        break
                    time.sleep(0.05)  # its last process has not quite gone

    def systemctl(self, *words):
        """From within, since the manager takes no orders from whom it cannot see."""
        first = subprocess.run(["pgrep", "-P", str(self.manager.pid)], text=True, capture_output=True, check=False).stdout
        env = {**os.environ, "XDG_RUNTIME_DIR": str(self.folder / "run")}
        command = ["nsenter", f"--target={first.strip()}", "--mount", "--pid", "systemctl", "--user", *words]
        return subprocess.run(command, env=env, text=True, capture_output=True, timeout=PATIENCE, check=False)

    def is_active(self, unit):
        return self.systemctl("is-active", unit).stdout.strip() == "active"

    def wait_until(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, (self.folder / "log").read_text()[-2000:])
            time.sleep(0.05)

    def fail_with(self, status):
        (self.folder / "status").write_text(str(status))

    def starts(self):
        with contextlib.suppress(FileNotFoundError):
            return len((self.folder / "starts").read_text().splitlines())
        return 0

    def connect(self):
        front_end = self.enterContext(socket.socket(socket.AF_UNIX))
        front_end.connect(str(self.socket))

    def test_one_who_waits_at_the_socket_uses_no_more_tries_of_a_pin(self):
        self.assertEqual(self.systemctl("start", "madoguchid.socket").returncode, 0)
        self.connect()
        self.wait_until(lambda: not self.is_active("madoguchid.socket"))
        self.assertEqual(self.starts(), 1)
        with self.assertRaises(OSError):
            self.connect()
        (self.folder / "mended").touch()
        started = self.systemctl("start", "madoguchid.service")
        self.assertEqual(started.returncode, 0, started.stderr)
        self.assertEqual(self.starts(), 2)
        self.connect()
        self.assertTrue(self.is_active("madoguchid.socket"))
        self.assertFalse(self.is_active("madoguchid-ended.target"))

    def test_what_may_pass_is_tried_again_until_it_has(self):
        """More often than a service manager tries by itself (DefaultStartLimitBurst=5 in ten seconds)."""
        self.fail_with(1)
        self.assertEqual(self.systemctl("start", "madoguchid.socket").returncode, 0)
        self.connect()
        self.wait_until(lambda: self.starts() > 8)
        self.assertTrue(self.is_active("madoguchid.socket"))
        (self.folder / "mended").touch()
        self.wait_until(lambda: self.is_active("madoguchid.service"))
        self.connect()
        self.assertFalse(self.is_active("madoguchid-ended.target"))

    def test_a_crash_is_no_end_for_good(self):
        (self.folder / "mended").touch()
        self.assertEqual(self.systemctl("start", "madoguchid.service").returncode, 0)
        self.assertEqual(self.systemctl("kill", "--signal=SEGV", "madoguchid.service").returncode, 0)
        self.wait_until(lambda: self.starts() == 2 and self.is_active("madoguchid.service"))
        self.connect()
        self.assertFalse(self.is_active("madoguchid-ended.target"))


if __name__ == "__main__":
    unittest.main()
