"""Examines an endpoint as the answer path would use it: what it can do, and what to do about what it cannot.

Asks over the ports only, with passages of its own; nothing of the knowledge is sent. Knows no SDK and no page.
"""

from __future__ import annotations

import tempfile
import time
import wave
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.config import Writer
from rag.errors import ModelError, VouchError
from rag.model_writer import ModelWriter, complete_sentences, in_another_language, parse_sentence
from rag.ports import ChatModel, Embedder, TokenCounter, Transcriber
from rag.sanitize import spoken
from rag.types import Chunk, Hit, Language, Sentence, Turn, Usage
from rag.understand import understand

PASSAGES = ("The lamp of the Orion 7 lasts 900 hours.", "The Orion 7 may be returned within 40 days of delivery.")
QUESTIONS: dict[Language, str] = {
    "en": "How long does the lamp of the Orion 7 last?",
    "zh": "Orion 7 的灯可以用多久？",
}
ANSWER = "900"  # what a right answer to both holds
SHORT = 16  # tokens an answer is limited to, to see whether the limit holds
ALIKE: dict[str, tuple[str, str, str]] = {  # of the first, the second says the same and the third does not
    "en": ("How do I send it back?", "Returning an item", "The weather in spring"),
    "zh": ("怎么把东西退回去？", "退货办法", "春天的天气"),
}
ADVICE = {
    "unreachable": "Check base_url (also http or https), that the server runs, and the network between.",
    "unauthorised": "Set the environment variable that api_key_env names to a valid key.",
    "unknown": "Check the model's name, and that base_url ends where '/chat/completions' follows, mostly in /v1.",
    "busy": "It is overloaded or your quota is used up: wait, raise the quota, or add another endpoint behind it.",
    "refused": "It refused the request; its reason stands beside. Choose a chat model with room for the prompt.",
    "slow": "Choose a smaller model or a faster server, or raise writer.first_token_seconds and total_seconds.",
    "silent": "It answered without a word: check that it is a chat model and that base_url is no web page.",
    "broken": "It does not speak Chat Completions as it should: check base_url and the server's log.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `fatal`: without it the part is of no use; else it only works less well."""

    part: str
    what: str
    good: bool
    said: str
    advice: str = ""
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class _Heard:
    """A whole answer, with seconds to its first piece and to its end."""

    text: str
    pieces: int
    first: float
    whole: float
    spent: tuple[Usage, ...]


def examine_chat(model: ChatModel, short: ChatModel, settings: Writer, count: TokenCounter) -> Iterator[Finding]:
    """Findings as they are made. `short` is the same endpoint, limited to SHORT tokens an answer."""
    part = f"model {model.name}"
    for language in QUESTIONS:
        try:
            heard = _ask(model, language, settings, count)
        except ModelError as error:
            advice = ADVICE.get(error.kind, ADVICE["broken"])
            yield Finding(part, f"answers in {language}", False, str(error), advice, fatal=True)
            return
        if language == "en":
            yield from _of_the_protocol(part, heard)
        yield from _of_the_answer(part, language, heard)
    yield _limit(part, short, settings, count)


def examine_embedder(name: str, make: Callable[[], Embedder]) -> Iterator[Finding]:
    """Findings on an embedder: is it there, how fast, does it tell meanings apart in the languages it is used for."""
    part = f"embedding {name}"
    try:
        embedder = make()
        began = time.monotonic()
        embedder.embed_texts([QUESTIONS["en"]])
        said = f"{embedder.dimensions} dimensions, a question in {(time.monotonic() - began) * 1000:.0f} ms"
        yield Finding(part, "embeds", True, said)
        for language in sorted(embedder.languages & ALIKE.keys()):
            one, same, other = embedder.embed_texts(ALIKE[language])
            near, far = float(one @ same), float(one @ other)
            advice = "" if near > far else f"Take {language!r} out of embedding.languages, or choose another model."
            yield Finding(part, f"means in {language}", near > far, f"alike {near:.2f}, unlike {far:.2f}", advice)
    except VouchError as error:
        advice = "Check embedding.base_url, embedding.model and the key's environment variable."
        yield Finding(part, "embeds", False, str(error), advice, fatal=True)


def examine_transcriber(name: str, transcriber: Transcriber) -> Finding:
    """Whether a transcription endpoint takes a recording: a second of silence."""
    part, began = f"transcription {name}", time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        with wave.open(str(Path(folder, "silence.wav")), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(16_000)
            sound.writeframes(bytes(32_000))
        try:
            transcriber.transcribe(Path(folder, "silence.wav"), "silence.wav")
        except VouchError as error:
            return Finding(part, "transcribes", False, str(error), "Check the section transcription.", fatal=True)
    return Finding(part, "transcribes", True, f"a second of sound in {time.monotonic() - began:.2f} s")


def _of_the_protocol(part: str, heard: _Heard) -> Iterator[Finding]:
    latency = f"first word after {heard.first:.2f} s, all after {heard.whole:.2f} s"
    yield Finding(part, "reachable, authorised, known", True, latency)
    said = f"{heard.pieces} pieces"
    advice = "" if heard.pieces > 1 else "Answers appear all at once. Switch streaming on at the server or its proxy."
    yield Finding(part, "streams", heard.pieces > 1, said, advice)
    told = bool(heard.spent) and not any(each.estimated for each in heard.spent)
    said = f"{sum(each.tokens_in for each in heard.spent)} in, {sum(each.tokens_out for each in heard.spent)} out"
    advice = "" if told else "Costs are estimated. Let the server send usage for stream_options.include_usage."
    yield Finding(part, "sends usage", told, said, advice)


def _of_the_answer(part: str, language: Language, heard: _Heard) -> Iterator[Finding]:
    chunks = [_chunk(number, text) for number, text in enumerate(PASSAGES, 1)]
    drafts = [parse_sentence(text, chunks) for text in complete_sentences([heard.text])]
    said = " ".join(heard.text.split())[:120]
    wrong = in_another_language(heard.text, language)
    advice = "Such answers are withdrawn. Choose a model that keeps to the customer's language." if wrong else ""
    yield Finding(part, f"answers in {language}", not wrong, said, advice)
    right = any(ANSWER in draft.text for draft in drafts)
    advice = "" if right else "It does not answer from a passage before it. Choose a stronger model."
    yield Finding(part, f"finds the answer ({language})", right, said, advice)
    marked = bool(drafts) and all(draft.spans for draft in drafts if draft.text)
    advice = "" if marked else "Sentences without a mark are compared with every passage, which works less well."
    yield Finding(part, f"marks its sources ({language})", marked, said, advice)


def _limit(part: str, short: ChatModel, settings: Writer, count: TokenCounter) -> Finding:
    """Whether max_tokens holds."""
    try:
        heard = _ask(short, "en", settings, count)
    except ModelError as error:
        return Finding(part, "keeps max_tokens", False, str(error), ADVICE.get(error.kind, ADVICE["broken"]))
    tokens = count(heard.text)
    kept = tokens <= 1.5 * SHORT  # its tokens are not quite those counted here
    advice = "" if kept else "Long answers are cut here, but paid for. Limit them at the server."
    return Finding(part, "keeps max_tokens", kept, f"{tokens} of {SHORT}", advice)


def _ask(model: ChatModel, language: Language, settings: Writer, count: TokenCounter) -> _Heard:
    """The answer to the question in a language, asked with the prompt that customers' questions go into."""
    hits = [Hit(_chunk(number, text), 1.0, {}, (1.0,)) for number, text in enumerate(PASSAGES, 1)]
    query = understand([Turn("customer", QUESTIONS[language])])
    request = ModelWriter(model, count, settings.prompt_tokens).request(query, hits)
    spent, pieces, began, first = list[Usage](), list[str](), time.monotonic(), 0.0
    try:
        for piece in model.stream(request.system, request.user, settings.total_seconds, spent.append):
            first = first or time.monotonic() - began
            pieces.append(piece)
    except ModelError as error:
        if error.kind != "cut":
            raise
    text = "".join(spoken(pieces))
    return _Heard(text, len(pieces), first, time.monotonic() - began, tuple(spent))


def _chunk(number: int, text: str) -> Chunk:
    return Chunk(number, "orion.md", 1, number, "Orion 7", (), "", text, (Sentence(0, len(text)),), "en")


def usable(findings: Iterable[Finding]) -> bool:
    """Whether nothing fatal was found."""
    return not any(each.fatal and not each.good for each in findings)
