"""The printable sheets of a case: JSON in, HTML or PDF out. One concept a module; enter by command_line."""
