"""What README.md says to type is typed, at a counter of its own, and answers as README.md says.

The console session through socat, the shell commands (at a pseudo-terminal where PINs are asked for), the Python program,
every YAML block and the shipped configuration with and without its comments through the daemon's own check.
"""

import datetime
import json
import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "e2e"))

from documents import ROOT, all_blocks
from fixture.program import PATIENCE, program
from fixture.world import World

# As README.md has them; the card that lies in the counter's reader is made to fit.
READER, BIRTH = "Virtual PCD 00 00", "1980-04-10"
# Commands of README.md that are not for a counter: they build, test and demonstrate, and are run by name elsewhere.
ELSEWHERE = ("scripts/",)


# A plugin that is ready says so; a plugin and a vendor that are named as examples are not there; the shipped policy has no
# dates of special openings, which a city publishes as they come; keys and certificates are not there, which is a notice.
NO_COMPLAINT = re.compile(
    r'plugin\.ready|plugin\.refused (plugin="(example|my-rules)"|.*/vendors/example\.pem: )'
    r"|policy\.notice .*openings\[0\]\.dates: no dates are listed|^notice: "
)
NOT_THERE = re.compile(r"^plugins: ((example|my-rules): |.*/vendors/example\.pem: )")


def of_readme(language):
    return [block for block in all_blocks(language) if str(block.path) == "README.md"]


def commands_of(text):
    """Commands of a shell block, without comments."""
    lines = (line.split(" #")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


class Session(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.stop)
        cls.world.start()
        path = os.pathsep.join([str(pathlib.Path(program("madoguchi")).parent), os.environ["PATH"]])
        python = str(ROOT / "sdk" / "client" / "python")
        cls.env = {
            **os.environ, "MADOGUCHI_SOCKET": str(cls.world.socket), "PATH": path, "PYTHONPATH": python,
            "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
        }  # fmt: skip

    def setUp(self):
        soon = datetime.date.today() + datetime.timedelta(days=30)
        self.card = self.world.make_card("expiring-soon", birth=BIRTH, expires=soon.isoformat())
        self.reader = self.world.insert(self.card)
        self.addCleanup(self.world.take_out, self.card)

    def test_the_session_to_copy(self):
        (block,) = of_readme("console")
        command, *lines = block.text.replace(READER, self.reader).splitlines()
        self.assertTrue(command.startswith("$ socat"), command)
        messages = [json.loads(line) for line in lines]
        requests = [each for each in messages if "method" in each]
        replies = {each["id"]: each for each in messages if "method" not in each}
        self.assertTrue(requests and replies)
        talk = subprocess.Popen(
            ["sh", "-c", command[2:]], env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            for request in requests:
                talk.stdin.write(json.dumps(request) + "\n")
                talk.stdin.flush()
                answer = json.loads(talk.stdout.readline())
                self.assertEqual(answer["id"], request["id"])
                self.assertIn("result", answer, request)
                if request["id"] in replies:
                    told = replies[request["id"]]["result"]["readers"]
                    self.assertIn(told[0], [{key: each.get(key) for key in told[0]} for each in answer["result"]["readers"]])
            # The paragraph after it: "The answer is a case with its decision".
            self.assertIn("pins_required", answer["result"]["decision"])
        finally:
            talk.stdin.close()
            talk.wait(PATIENCE)
            talk.stdout.close()

    def test_shell_commands(self):
        ran = 0
        for block in of_readme("sh"):
            for command in commands_of(block.text):
                if command.startswith(ELSEWHERE):
                    self.assertTrue((ROOT / shlex.split(command)[0]).exists(), command)
                    continue
                with self.subTest(command=command):
                    status, screen = self.at_terminal(command)
                    self.assertEqual(status, 0, screen)
                    ran += 1
        self.assertGreaterEqual(ran, 2)

    def at_terminal(self, command):
        """The command's exit status and what it showed; PINs are typed when they are asked for."""
        pins = {"signature": self.card.pins["signature"], "authentication": self.card.pins["authentication"]}
        pins["resident"] = self.card.pins["resident_register"]
        child, terminal = pty.fork()
        if child == 0:
            os.execvpe("sh", ["sh", "-c", command], self.env)
        screen, answered, deadline = "", 0, time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                screen += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
            if prompt := re.search(r"Enter the PIN for (?:the )?([^\n]*)stops\): $", screen[answered:]):
                answered = len(screen)
                (pin,) = [value for name, value in pins.items() if name in prompt[1].lower()]
                os.write(terminal, pin.encode() + b"\r")
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), screen

    def test_python_programs(self):
        for block in all_blocks("python"):
            with self.subTest(block=block.where):
                done = subprocess.run(
                    [sys.executable, "-c", block.text], env=self.env, capture_output=True, text=True,
                    timeout=PATIENCE, check=False,
                )  # fmt: skip
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(done.stdout.strip())


class Configuration(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="madoguchi-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(ROOT / "config", self.folder / "config")
        self.daemon = self.folder / "config" / "madoguchid.yaml"
        self.policy = self.folder / "config" / "policy" / "utsunomiya" / "policy.yaml"
        # As installed, but for the place of the plugins: they are asked what they think of their sections.
        plugins = pathlib.Path(program("madoguchid")).parent.parent / "lib" / "madoguchi" / "plugins"
        text = self.daemon.read_text()
        for what, here in (("folder", plugins), ("host_program", program("madoguchi-plugin-host"))):
            setting = re.compile(rf"# {what}: /usr/lib/madoguchi/\S+")
            self.assertRegex(text, setting)
            text = setting.sub(f"{what}: {here}", text)
        self.daemon.write_text(text)

    def check(self):
        done = subprocess.run(
            [program("madoguchid"), "--config", str(self.daemon), "--check"],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        said = (done.stdout + done.stderr).splitlines(keepends=True)
        # What is named as an example is not there, and for such a plugin alone the check does not fail here.
        status = 0 if done.returncode == 2 and any(NOT_THERE.search(line) for line in said) else done.returncode
        rest = "".join(line for line in said if not NO_COMPLAINT.search(line) and not NOT_THERE.search(line))
        return status if not rest else done.returncode, rest

    def test_as_shipped(self):
        self.assertEqual(self.check(), (0, ""))

    def test_with_everything_that_is_commented_out(self):
        """Comments are prose or lines to be uncommented; the latter have to be accepted, each alone and all at once."""
        text = self.daemon.read_text()
        lines = text.splitlines()
        head = lines.index("")
        setting, prose = r"\s*# [a-z_]+: \S", r"[a-z]\. [A-Z]"
        places = [n for n, line in enumerate(lines) if n > head and re.match(setting, line) and not re.search(prose, line)]
        self.assertGreater(len(places), 5)
        for chosen in [places, *([n] for n in places)]:
            changed = [line.replace("# ", "", 1) if n in chosen else line for n, line in enumerate(lines)]
            changed = "\n".join(changed) + "\n"
            if re.search(r"^\s*tls_ca: ", changed, re.MULTILINE):
                changed = changed.replace("url: http://", "url: https://")  # without TLS it is refused, as its comment says
            self.daemon.write_text(changed)
            with self.subTest(lines=[lines[n] for n in chosen]):
                self.assertEqual(self.check(), (0, ""))

    def test_a_mistake_is_named(self):
        self.daemon.write_text(self.daemon.read_text().replace("level: info", "lovel: info"))
        status, complaint = self.check()
        self.assertEqual(status, 2)
        self.assertRegex(complaint, r"madoguchid\.yaml:\d+:\d+: .*lovel")

    def test_yaml_blocks(self):
        """A block is a part of the configuration or of a policy: it takes the place of the same sections as shipped."""
        for block in all_blocks("yaml"):
            with self.subTest(block=block.where):
                self.assertIn((0, ""), self.in_place(self.sections(block.text)))

    def in_place(self, sections):
        """What the check says of each file in which these sections can stand; `plugins` has its place in both."""
        said = []
        for name in re.findall(r"^  ([a-z-]+):$", sections.get("plugins", ""), re.MULTILINE):
            text = self.daemon.read_text()
            if f"name: {name}," not in text:
                self.daemon.write_text(text.replace("  use:\n", f"  use:\n    - {{name: {name}, isolate: none}}\n"))
        for file in (self.daemon, self.policy):
            before = file.read_text()
            if set(sections) <= set(self.sections(before)):
                file.write_text(self.merged(before, sections))
                said.append(self.check())
                file.write_text(before)
        return said

    def merged(self, text, sections):
        """The file's text with these sections; of a policy's plugins those that are named."""
        before = self.sections(text)
        if "plugins" in sections and text == self.policy.read_text():
            each = {**self.sections(before["plugins"], 2), **self.sections(sections["plugins"], 2)}
            sections = {**sections, "plugins": "plugins:\n" + "".join(each.values())}
        return "".join({**before, **sections}.values())

    def sections(self, text, indent=0):
        """Keys at this indentation and their lines."""
        key = r" " * indent + r"[a-z_-]+:"
        parts = re.split(rf"^(?={key})", text, flags=re.MULTILINE)
        return {part.split(":")[0].strip(): part for part in parts if re.match(key, part)}


if __name__ == "__main__":
    unittest.main()
