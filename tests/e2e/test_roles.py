"""Who may call what, over the socket and as the system tells who calls: every method of the daemon's own table, as every role.

Which roles the contract gives each method is held against that table in tests/api/method_table_test.cpp.
"""

import json
import os
import pathlib
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.program import PATIENCE
from fixture.world import World

# Users of nobody's, one a role; the last has none.
USERS = {"clerk": 60001, "supervisor": 60002, "admin": 60003, "display": 60004, "nobody": 60005}


def connected_as(user, path):
    """A connection that this user has made: who calls is settled when it connects."""
    here, there = socket.socketpair()
    with here:
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
                with socket.socket(socket.AF_UNIX) as connection:
                    connection.connect(str(path))
                    socket.send_fds(there, [b"."], [connection.fileno()])
            finally:
                os._exit(0)
        there.close()
        os.waitpid(child, 0)
        _, descriptors, _, _ = socket.recv_fds(here, 1, 1)
    connection = socket.socket(fileno=descriptors[0])
    connection.settimeout(PATIENCE)
    return connection


class WorldOfRoles(World):
    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        access = text[text.index("access:") : text.index("store:")]
        users = "".join(f'  {role}: {{users: ["{uid}"]}}\n' for role, uid in USERS.items() if role != "nobody")
        users = users.replace(f'["{USERS["admin"]}"]', f'["{USERS["admin"]}", "{self.uid}"]')
        text = text.replace(access, "access:\n" + users)
        text = text.replace("path: madoguchi.sock}", "path: madoguchi.sock, mode: 0666}")
        # The displays' share is asked for faster than a display would.
        self.configuration.write_text(text + "api: {max_display_requests_per_second: 1000}\n")
        os.chmod(self.folder, 0o711)


@unittest.skipUnless(os.getuid() == 0, "only root can be somebody else")
class Roles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = WorldOfRoles()
        cls.world.start()
        cls.addClassCleanup(cls.world.stop)
        cls.methods = cls.world.client().call("rpc.discover")["methods"]

    def ask_as(self, role, messages):
        """One connection of that role's user; the replies."""
        with connected_as(USERS[role], self.world.socket) as connection, connection.makefile() as replies:
            try:
                for message in messages:
                    connection.sendall(json.dumps(message).encode() + b"\n")
            except BrokenPipeError:
                pass  # refused altogether; why can still be read
            return [json.loads(replies.readline()) for _ in messages]

    def test_each_method_is_served_to_its_roles_and_refused_to_the_others(self):
        # Whoever may call is told of the parameter that there is not; whoever may not is told nothing.
        asked = [
            {"jsonrpc": "2.0", "id": number, "method": method["name"], "params": {"no such": 1}}
            for number, method in enumerate(self.methods)
        ]
        self.assertGreater(len(asked), 25)
        for role in ("clerk", "supervisor", "admin", "display"):
            replies = {reply["id"]: reply for reply in self.ask_as(role, asked)}
            self.assertEqual(len(replies), len(asked))
            for number, method in enumerate(self.methods):
                with self.subTest(role=role, method=method["name"]):
                    self.assertTrue(method["x-roles"], "a method says who may call it")
                    error = replies[number]["error"]
                    expected = (-32602, "invalid_params") if role in method["x-roles"] else (-32003, "forbidden")
                    self.assertEqual((error["code"], error["data"]["reason"]), expected)

    def test_events_are_told_by_role(self):
        subscribe = {"jsonrpc": "2.0", "id": 1, "method": "events.subscribe"}
        for role, topic, may in (
            ("display", "queue", True), ("display", "cases", False), ("display", "readers", False),
            ("clerk", "cases", True), ("clerk", "plugins", False), ("admin", "plugins", True),
        ):  # fmt: skip
            with self.subTest(role=role, topic=topic):
                (reply,) = self.ask_as(role, [{**subscribe, "params": {"topics": [topic]}}])
                self.assertEqual("result" in reply, may, reply)
                if not may:
                    self.assertEqual(reply["error"]["data"]["reason"], "forbidden")

    def test_whoever_has_no_role_is_refused_with_a_reason(self):
        (reply,) = self.ask_as("nobody", [{"jsonrpc": "2.0", "id": 1, "method": "system.info"}])
        self.assertEqual((reply["error"]["code"], reply["error"]["data"]["reason"]), (-32003, "forbidden"))
        self.assertEqual(reply["error"]["data"]["details"]["uid"], USERS["nobody"])


if __name__ == "__main__":
    unittest.main()
