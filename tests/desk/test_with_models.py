"""A conversation over real knowledge with an endpoint that fails: what is stored is whole, once, and says what it cost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backends.openai_chat import OpenAIChat
from desk.records import Stored
from desk.service import Desk
from desk.store import Conversations
from rag.config import Endpoint, Settings, Writer
from rag.phrases import phrase
from rag.ports import Embedder
from tests.doubles import chat_server as server
from tests.doubles.chat_server import ChatServer, Exchange, Mode
from tests.doubles.shelf import Shelf, count_words
from tests.rag.shop import FILTER, PROVEN, assistant, open_shop

pytestmark = pytest.mark.timeout(20)
SETTINGS = Settings(writer=Writer(first_token_seconds=0.4, total_seconds=1.0, attempts=1))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, minilm: Embedder) -> Iterator[Shelf]:
    made = open_shop(tmp_path_factory.mktemp("shop"), minilm)
    yield made
    made.close()


@pytest.mark.parametrize("mode", [server.hang, server.half(Exchange.wait), server.half(Exchange.cut)])
def test_half_an_answer_is_never_stored(shop: Shelf, store: Conversations, mode: Mode) -> None:
    with ChatServer(mode) as endpoint:
        priced = Endpoint(base_url=endpoint.url, model="m", price_in=1, price_out=2)
        desk = Desk(store, assistant(shop, OpenAIChat(priced, "", SETTINGS.writer, count_words), settings=SETTINGS))
        conversation = desk.begin("anna", "en")
        events = list(desk.handle_message(conversation, "anna", FILTER))
    asked, answered = store.messages(conversation, "anna")
    assert events[-1] == Stored(answered.id)
    assert asked.text == FILTER
    assert answered.text.startswith(PROVEN)
    assert answered.reply is not None
    assert (answered.reply.writer, answered.reply.note) == ("extractive", phrase("model_failed", "en"))
    began = mode is not server.hang
    assert (answered.reply.usage.cost > 0, answered.reply.usage.estimated) == (began, began)
