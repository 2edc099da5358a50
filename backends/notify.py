"""Ways out for notifications: a signed webhook and e-mail over SMTP. One send is at most two quick tries.

The webhook's signature is HMAC-SHA256 with the shared secret over "ID.TIMESTAMP.BODY", in hexadecimal behind "v1=": a
receiver can tell who sent it, that nothing was changed, and that it is not an old one sent again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import formatdate

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from rag.config import Email, Webhook
from rag.errors import Undelivered

TRIES = 2  # at once; what fails then waits in the outbox
PAUSE = 1.0  # seconds at most between them


class WebhookChannel:
    """Posts to one address. Anything but a 2xx is a failure; redirects are not followed."""

    def __init__(self, settings: Webhook, secret: str, seconds: float) -> None:
        self._url, self._secret = settings.url, secret.encode()
        self._client = httpx.Client(timeout=seconds, follow_redirects=False)

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """POST {"id": key, …}. Raises Undelivered."""
        body = json.dumps({"id": key, **payload}, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            _quickly(lambda: self._post(key, body), httpx.TransportError)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Undelivered(f"the webhook at {self._url} did not take it: {_said(error)}.") from error

    def _post(self, key: str, body: bytes) -> None:
        timestamp = str(int(time.time()))  # of this attempt, so that a late one is not taken for a replayed one
        headers = {
            "content-type": "application/json",
            "x-vouch-id": key,
            "x-vouch-timestamp": timestamp,
            "x-vouch-signature": f"v1={signature(self._secret, key, timestamp, body)}",
        }
        with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
            if not answer.is_success:
                raise httpx.HTTPError(f"it answered {answer.status_code}")


def signature(secret: bytes, key: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over "ID.TIMESTAMP.BODY", in hexadecimal."""
    return hmac.new(secret, f"{key}.{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


class EmailChannel:
    """Mails the people of config.yaml. A mail says what happened to which ticket; nothing that was said."""

    def __init__(self, settings: Email, password: str, seconds: float) -> None:
        self._settings, self._password, self._seconds = settings, password, seconds

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """One mail to all of them; taken once the server has taken it for every one. Raises Undelivered."""
        try:
            _quickly(lambda: self._mail(_message(self._settings, key, payload)), OSError)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            server = f"{self._settings.host}:{self._settings.port}"
            raise Undelivered(f"the mail server {server} did not take it: {_said(error)}.") from error

    def _mail(self, message: EmailMessage) -> None:
        chosen = self._settings
        with self._connected() as server:
            if chosen.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if chosen.user:
                server.login(chosen.user, self._password)
            if refused := server.send_message(message):
                raise smtplib.SMTPRecipientsRefused(refused)

    def _connected(self) -> smtplib.SMTP:
        chosen = self._settings
        if chosen.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(chosen.host, chosen.port, timeout=self._seconds, context=context)
        return smtplib.SMTP(chosen.host, chosen.port, timeout=self._seconds)


def _message(settings: Email, key: str, payload: Mapping[str, object]) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = settings.sender, ", ".join(settings.to)
    made["Subject"] = _subject(payload)
    made["Date"], made["Message-ID"] = formatdate(), f"<{key}@vouch.invalid>"  # the same for the same thing
    made["Auto-Submitted"] = "auto-generated"
    shown = (
        "event", "ticket", "topic", "week", "count", "before", "people", "answered",
        "state", "priority", "rule", "reason", "team", "agent", "language", "at",
    )  # fmt: skip
    made.set_content("\n".join(f"{name}: {payload[name]}" for name in shown if payload.get(name) not in ("", None)))
    return made


def _subject(payload: Mapping[str, object]) -> str:
    event = str(payload["event"]).replace("_", " ")
    return f"Ticket {payload['ticket']}: {event}" if "ticket" in payload else f"Topic {payload['topic']}: {event}"


def _quickly(work: Callable[[], None], passing: type[Exception]) -> None:
    """Once more at once where that may help. Raises what the last try raised."""
    wait = wait_random_exponential(max=PAUSE)
    Retrying(stop=stop_after_attempt(TRIES), wait=wait, retry=retry_if_exception_type(passing), reraise=True)(work)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
