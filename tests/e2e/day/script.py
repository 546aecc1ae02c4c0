"""The whole script."""

from day.script_holders import HOLDERS
from day.script_office import DESK_WORK
from day.script_others import PROXIES, REPRESENTATIVES

CITIZENS = [*HOLDERS, *PROXIES, *REPRESENTATIVES]
__all__ = ["CITIZENS", "DESK_WORK"]
