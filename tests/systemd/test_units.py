"""The units say what systemd understands, and shut the daemon in as far as its work allows."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

UNITS = pathlib.Path(__file__).resolve().parents[2] / "systemd"
# systemd-analyze gives 0 (nothing exposed) to 10, and this number times ten to --threshold.
MOST_EXPOSED = 1.5
MOST_EXPOSED_WITH_TPM = 1.8


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", *arguments], text=True, capture_output=True, timeout=50, check=False)


class Units(unittest.TestCase):
    def test_verify_is_clean(self):
        """With the daemon that was built in the place of the one that is installed."""
        with tempfile.TemporaryDirectory() as folder:
            for name in ("madoguchid.service", "madoguchid.socket", "madoguchid-ended.target"):
                text = (UNITS / name).read_text()
                text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=" + os.environ["MADOGUCHI_DAEMON"], text)
                text = re.sub(r"(?m)^Documentation=.*\n", "", text)
                (pathlib.Path(folder) / name).write_text(text)
            files = [str(path) for path in sorted(pathlib.Path(folder).iterdir())]
            done = analyze("verify", "--man=no", "--recursive-errors=no", *files)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_only_a_refusal_ends_it_for_good(self):
        """Nothing that passes by itself, however often it has failed and however long that takes."""
        service = (UNITS / "madoguchid.service").read_text()
        said = dict(re.findall(r"(?m)^(\w*Restart\w*|StartLimit\w*)=(.*)", service))
        self.assertEqual(said.pop("RestartSec"), "5s")
        expected = {"Restart": "on-failure", "RestartPreventExitStatus": "77", "StartLimitIntervalSec": "0"}
        self.assertEqual(said, expected)
        self.assertRegex(service, r"# [^\n]*come late[^\n]*\n# [^\n]*\nStartLimitIntervalSec=")

    def test_no_credential_is_named_that_not_every_counter_has(self):
        """One whose file is missing keeps the service from starting."""
        named = re.findall(r"(?m)^(?:Load|Set)Credential\w*=.*", (UNITS / "madoguchid.service").read_text())
        self.assertEqual(named, [])

    def test_the_drop_ins_are_understood_and_open_little(self):
        drop_ins = re.findall(r"(?s)```text\n(.*?)```", (UNITS / "README.md").read_text())
        self.assertEqual([name in each for name, each in zip(("ra.key.pem", "tpmrm0"), drop_ins)], [True, True])
        for drop_in in drop_ins:
            with self.subTest(drop_in):
                self.verify_with(drop_in)

    def verify_with(self, drop_in):
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder) / "madoguchid.service"
            text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=" + os.environ["MADOGUCHI_DAEMON"], (UNITS / unit.name).read_text())
            unit.write_text(re.sub(r"(?m)^(Documentation|Requires|After|OnFailure)=.*\n", "", text) + drop_in)
            done = analyze("verify", "--man=no", "--recursive-errors=no", str(unit))
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
            done = analyze("security", "--offline=true", f"--threshold={int(MOST_EXPOSED_WITH_TPM * 10)}", str(unit))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_o2_exposure_stays_small(self):
        threshold = str(int(MOST_EXPOSED * 10))
        done = analyze("security", "--offline=true", f"--threshold={threshold}", UNITS / "madoguchid.service")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_what_the_daemon_cannot_do_without_is_not_taken_away(self):
        done = analyze("security", "--offline=true", "--json=short", UNITS / "madoguchid.service")
        exposed = {item["json_field"] for item in json.loads(done.stdout) if item["set"] is False}
        # Callers' users (PrivateUsers would hide them), the authority over TCP, pcscd and front-ends.
        self.assertIn("PrivateUsers", exposed)
        self.assertIn("PrivateNetwork", exposed)
        self.assertIn("RestrictAddressFamilies_AF_UNIX", exposed)

    def test_sysusers_and_tmpfiles_are_understood(self):
        with tempfile.TemporaryDirectory() as root:
            (pathlib.Path(root) / "etc").mkdir()
            users = subprocess.run(
                ["systemd-sysusers", f"--root={root}", UNITS / "madoguchi.sysusers"],
                text=True, capture_output=True, check=False,
            )
            self.assertEqual(users.returncode, 0, users.stderr)
            self.assertIn("madoguchi:", (pathlib.Path(root) / "etc/passwd").read_text())
            self.assertIn("madoguchi-supervisors:", (pathlib.Path(root) / "etc/group").read_text())
            if os.geteuid() == 0:
                files = subprocess.run(
                    ["systemd-tmpfiles", "--create", f"--root={root}", UNITS / "madoguchi.tmpfiles"],
                    text=True, capture_output=True, check=False,
                )
                self.assertEqual(files.returncode, 0, files.stderr)
                self.assertEqual((pathlib.Path(root) / "etc/madoguchi/keys").stat().st_mode & 0o777, 0o700)


if __name__ == "__main__":
    unittest.main()
