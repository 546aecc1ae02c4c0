"""One connection: JSON-RPC 2.0, a message a line, replies in any order, notifications between them."""

import collections
import json
import socket
import time


class Closed(ConnectionError):
    """The daemon has ended the connection."""


class Line:
    def __init__(self, path, timeout):
        self._timeout = timeout
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise
        self._pending = b""
        self._replies, self._last_id = {}, 0
        self.notifications = collections.deque()

    def close(self):
        self._socket.close()

    def send(self, method, params):
        """Sends a request; the id by which its reply is fetched."""
        self._last_id += 1
        self.write({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        return self._last_id

    def write(self, message):
        """Any message at all, a batch or a broken one too (bytes are sent as they are)."""
        if not isinstance(message, bytes):
            message = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        self._socket.sendall(message + b"\n")

    def reply(self, identifier):
        """The reply to that request, whatever comes in between."""
        deadline = time.monotonic() + self._timeout
        while identifier not in self._replies:
            self._sort(self._read(deadline))
        return self._replies.pop(identifier)

    def message(self):
        """The next message, whichever it is."""
        return self._read(time.monotonic() + self._timeout)

    def notification(self, patience):
        """The next notification, or None when none arrives in so many seconds."""
        deadline = time.monotonic() + patience
        while not self.notifications:
            try:
                self._sort(self._read(deadline))
            except TimeoutError:
                return None
        return self.notifications.popleft()

    def _sort(self, message):
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            raise ValueError(f"not a message of JSON-RPC 2.0: {message}")
        if "method" in message:
            if "id" in message:
                raise ValueError(f"the daemon asks something itself: {message}")
            self.notifications.append(message)
        elif ("result" in message) == ("error" in message):
            raise ValueError(f"neither result nor error, or both: {message}")
        else:
            self._replies[message["id"]] = message

    def _read(self, deadline):
        while b"\n" not in self._pending:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the daemon does not answer")
            self._socket.settimeout(left)
            data = self._socket.recv(65536)
            if not data:
                raise Closed("the daemon has ended the connection")
            self._pending += data
        line, self._pending = self._pending.split(b"\n", 1)
        return json.loads(line.decode("utf-8"))
