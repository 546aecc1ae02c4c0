"""A front-end app's client as an outside vendor would write it: from `rpc.discover` and the contract's page alone, with
Python's standard library. It knows no method by name: what it can call, with what, and what may come back, it is told by
the daemon, and it holds the daemon to that."""

from second_client.api import Api, BrokenPromise, NotSent, Record, Refused

__all__ = ["Api", "BrokenPromise", "NotSent", "Record", "Refused"]
