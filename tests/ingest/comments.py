"""What tests of several formats say of reviewers' comments."""

from __future__ import annotations

LEFT_OUT = "Comments in the {} were left out (ingest.comments in config.yaml takes them in)."
