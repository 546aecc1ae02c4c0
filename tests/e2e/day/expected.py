"""What a reply has to be like: only what is named counts, as in a policy test file."""

import datetime

from fixture.world import madoguchi


class NotAsSaid(AssertionError):
    """Something is not as the page says."""


def instant(text):
    return datetime.datetime.fromisoformat(text)


def differences(says, decision):
    """One line for each member of the decision that is not as `says`."""
    wrong = []
    for key, wanted in says.items():
        found = decision.get(key)
        if key in ("findings", "no_findings"):
            codes = {each["code"] for each in decision["findings"]}
            odd = set(wanted) - codes if key == "findings" else set(wanted) & codes
            if odd:
                wrong.append(f"{key}: {sorted(odd)}, with {sorted(codes)}")
        elif key == "certificates":
            for name, members in wanted.items():
                wrong += [
                    f"{name}.{member}: {value} expected, {found[name].get(member)} found"
                    for member, value in members.items()
                    if found[name].get(member) != value
                ]
        elif isinstance(wanted, (list, set, tuple)):
            if sorted(wanted) != sorted(found or []):
                wrong.append(f"{key}: {sorted(wanted)} expected, {found} found")
        elif key == "next_opening":
            if found is None or instant(found) != wanted:
                wrong.append(f"{key}: {wanted} expected, {found} found")
        elif found != wanted:
            wrong.append(f"{key}: {wanted} expected, {found} found")
    return wrong


def expect(says, decision):
    if wrong := differences(says, decision):
        raise NotAsSaid("; ".join(wrong))


def equal(found, wanted, what):
    if found != wanted:
        raise NotAsSaid(f"{what}: {wanted} expected, {found} found")


def refused(reason, call, *arguments, **named):
    """The refusal of a call; it has to be one of these reasons."""
    reasons = (reason,) if isinstance(reason, str) else reason
    try:
        call(*arguments, **named)
    except madoguchi.Error as error:
        if error.reason not in reasons:
            raise NotAsSaid(f"refused with {error}, not with {reason}") from error
        return error
    raise NotAsSaid(f"not refused with {reason}")
