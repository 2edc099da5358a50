"""Every error Vouch raises on purpose. Each message says what happened, to what, and what to do next."""

from __future__ import annotations


class VouchError(Exception):
    """Something a person can put right; its text is shown as it is."""


class ConfigError(VouchError):
    """config.yaml or the environment holds something that cannot be used."""


class SetupError(VouchError):
    """A part the system needs is not there: the model, a port, room on the disk."""


class StoreError(VouchError):
    """The store under the data folder is in use, damaged, or belongs to another embedder."""


class ModelError(VouchError):
    """An endpoint failed or answered with something unusable; the caller falls back.

    `kind`, where it is known: unreachable, unauthorised, unknown, refused, busy, broken, slow, silent, cut.
    """

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class RecordsError(VouchError):
    """The company's customer records cannot be read now; the chat goes on without them."""


class Undelivered(VouchError):
    """The receiver of a notification did not take it; it is sent again later. The message holds no secret."""


class Refused(VouchError):
    """A file cannot go in. `code` is stable and stored; `reason` and `advice` are for the editor."""

    def __init__(self, code: str, reason: str, advice: str) -> None:
        super().__init__(f"{code}: {reason} {advice}")
        self.code, self.reason, self.advice = code, reason, advice

    def __reduce__(self) -> tuple[type[Refused], tuple[str, str, str]]:
        # Raised in a worker process and carried home by pickle.
        return type(self), (self.code, self.reason, self.advice)
