"""What a check has found."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    FINE = "fine"
    NOTE = "note"
    """It works, and could be better."""
    WRONG = "wrong"


class Finding(NamedTuple):
    check: str
    verdict: Verdict
    seen: str
    advice: str = ""
    """What to do; empty when all is well."""


def fine(check: str, seen: str) -> Finding:
    return Finding(check, Verdict.FINE, seen)


def note(check: str, seen: str, advice: str) -> Finding:
    return Finding(check, Verdict.NOTE, seen, advice)


def wrong(check: str, seen: str, advice: str) -> Finding:
    return Finding(check, Verdict.WRONG, seen, advice)


def judged(check: str, seen: str, *, good: bool, advice: str) -> Finding:
    return fine(check, seen) if good else wrong(check, seen, advice)
