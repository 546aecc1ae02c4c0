"""Talk to madoguchid over its Unix socket. Standard library only.

    from madoguchi import Client
    with Client() as counter:
        print(counter.call("readers.list"))
        counter.call("events.subscribe", topics=["readers"])
        for event in counter.events():
            print(event["type"], event.get("reader"))
"""

import collections
import json
import os
import socket
import time

DEFAULT_SOCKET = "/run/madoguchi/madoguchi.sock"


class Error(Exception):
    """The daemon's refusal: test `reason`, show `ja` or `en`."""

    def __init__(self, error):
        data = error.get("data") or {}
        self.code = error.get("code", 0)
        self.reason = data.get("reason", "")
        self.en = data.get("en") or error.get("message", "")
        self.ja = data.get("ja", "")
        self.retryable = bool(data.get("retryable"))
        self.case = data.get("case")
        self.details = data.get("details") or {}
        super().__init__(f"{self.reason or self.code}: {self.en}")


class Lost(ConnectionError):
    """The connection ended; what was asked for last may have been done."""


class Client:
    def __init__(self, path=None, timeout=None):
        """`timeout`: seconds to wait for any one answer; None for as long as the connection lives."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path or os.environ.get("MADOGUCHI_SOCKET") or DEFAULT_SOCKET)
        except OSError:
            self._socket.close()
            raise
        self._timeout = timeout
        self._received = b""
        self._events = collections.deque()
        self._last_id = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def call(self, method, **params):
        """The result, or Error. Events that arrive meanwhile are kept for events()."""
        self._last_id += 1
        request = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}
        refused = None
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(json.dumps(request).encode() + b"\n")
        except (BrokenPipeError, ConnectionResetError) as error:
            refused = error  # the daemon may have said why before it closed
        deadline = None if self._timeout is None else time.monotonic() + self._timeout
        while True:
            message = self._receive(deadline)
            if message.get("method") == "events.notify":
                self._events.append(message["params"])
            elif message.get("id") == self._last_id or (message.get("id") is None and "error" in message):
                if "error" in message:
                    raise Error(message["error"])
                return message["result"]
            elif refused:
                raise Lost(str(refused))

    def events(self, timeout=None):
        """Yields events as they come; ends when none came for `timeout` seconds."""
        while True:
            event = self.next_event(timeout)
            if event is None:
                return
            yield event

    def next_event(self, timeout=None):
        """The next event, or None when none came within `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._events:
            try:
                message = self._receive(deadline)
            except TimeoutError:
                return None
            if message.get("method") == "events.notify":
                self._events.append(message["params"])
            elif message.get("id") is None and "error" in message:
                raise Error(message["error"])
        return self._events.popleft()

    def _receive(self, deadline):
        while b"\n" not in self._received:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError("no answer in time")
            self._socket.settimeout(left)
            try:
                chunk = self._socket.recv(65536)
            except ConnectionResetError as error:
                raise Lost(str(error)) from error
            if not chunk:
                raise Lost("the daemon closed the connection")
            self._received += chunk
        line, self._received = self._received.split(b"\n", 1)
        return json.loads(line)
