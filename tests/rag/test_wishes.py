"""What a message wants: a person or not, a greeting, thanks, or an answer."""

from __future__ import annotations

import time

import pytest

from rag.wishes import wish_of

PERSON_EN = """
Can I talk to a human?
I want to speak to someone
let me speak with a person
I would like to speak to an operator
I'd like to talk to a representative
I'd prefer talking to a real human being
Can I chat with a live person?
talk to an advisor
I want to talk with your staff
Let me talk to customer support
Is there a human I can talk to?
Do you have anyone I could speak to?
I don’t want to talk to a bot
stop, I am tired of talking to a machine
no bots, a human
I want a person, not a machine
Get me a manager
stop this, give me a human
I need a real person
I want an agent
transfer me to an agent
put me through to someone
Could you connect me with customer service?
Please escalate this
Is anyone real there?
Can somebody call me back?
human
Agent please!
hi, human please
HUMAN!!!
live chat
""".strip().splitlines()

PERSON_ZH = """
转人工
轉真人
人工
人工客服
人工在吗
我要人工服務
我要找人工
麻烦帮我转一下人工，谢谢
怎么转人工
能不能给我转接客服
找客服
客服在吗
接客服
呼叫人工
有真人吗
我想和真人说话
我要跟人说话
能跟人聊吗
不要跟机器人聊
别让机器人回答我
换个人来
我要投诉，叫你们经理来
找你們主管
请让客服联系我
可以找客服吗
我想找客服
""".strip().splitlines()

NO_PERSON_EN = """
Which person do I write on the parcel?
Is there a manual for customer service staff?
What are customer service hours?
How do I contact customer service?
Can someone else sign for my parcel?
Does somebody need to be home?
I want to give someone a gift card
Can I get a gift for someone?
I need someone to sign
Can I put the parcel with someone?
Can I transfer my warranty to someone?
Will someone call me before the delivery?
Can the robot connect to the app of another person?
Can someone talk me through descaling?
Do I need a person to install it?
Which cleaning agent do I need?
I want an agent without acid
Is there an agent in Berlin?
Where can I get a manual?
I want a manual
Does the R2 talk to Alexa?
I want to return my robot, not the machine for coffee
How many people can share one account?
I don't want to talk to a human, just tell me the price
No need to speak to an agent, where is my invoice?
""".strip().splitlines()

NO_PERSON_ZH = """
客服电话是多少
给我客服电话
找不到客服电话
客服几点上班
人工客服几点上班
人工客服的电话是多少
人工费多少
维修人工费是多少
需要收人工费吗
是人工智能吗
换滤芯要找专员吗
上门安装要找客服吗
退货要联系客服吗
不用转人工，告诉我价格
别让机器人进卧室怎么设置
我不要机器人了，怎么退货
扫地机器人会说话吗
声音是真人录的吗
""".strip().splitlines()


@pytest.mark.parametrize("text", PERSON_EN + PERSON_ZH)
def test_asks_for_a_person(text: str) -> None:
    assert wish_of(text) == "person"


@pytest.mark.parametrize("text", NO_PERSON_EN + NO_PERSON_ZH)
def test_does_not_ask_for_a_person(text: str) -> None:
    assert wish_of(text) == "question"


@pytest.mark.parametrize(
    "text", ["hi", "Hello!!", "hey there", "good morning", "你好", "您好！", "在吗", "你好，在吗？", "哈喽"]
)
def test_greetings(text: str) -> None:
    assert wish_of(text) == "greeting"


THANKS = """
thanks
Thank you very much!
ok thanks
great, thank you
ok
got it
no thanks, that's all
bye
谢谢
好的，谢谢！
好的
明白了
多谢您
嗯嗯，知道了
没事了，再见
""".strip().splitlines()

STILL_QUESTIONS = """
Hello, how do I reset it?
hi there! Where is my invoice
thanks, but how do I return it
ok and the 300S?
Great, how do I return it?
你好，怎么退货
谢谢，那怎么退货
在吗？我想退货
好的，那保修多久
300S?
""".strip().splitlines()


@pytest.mark.parametrize("text", THANKS)
def test_thanks_and_what_ends_a_matter(text: str) -> None:
    assert wish_of(text) == "thanks"


@pytest.mark.parametrize("text", STILL_QUESTIONS)
def test_a_question_with_a_greeting_or_thanks_is_a_question(text: str) -> None:
    assert wish_of(text) == "question"


ORDER = """
Where is my order?
hi there! Where is my parcel
where's my package
has my order shipped yet
Has my parcel been dispatched?
When will my order arrive?
order status
can you check on my order
track my parcel please
AH-UK-204518
order number AH-EU-118204
我的订单到哪了
我的快递在哪里
快递到哪了
我的包裹怎么还没到
帮我查一下订单
查物流
我的快遞到哪了
""".strip().splitlines()

NO_ORDER = """
How do I track my order?
How do I cancel my order?
Can I change the address of my order?
What can I do if my parcel is damaged?
How long does delivery to France take?
When will my order be refunded if I return it?
Where do I find my order number?
Can I order by phone?
怎么查物流
怎么取消订单
订单可以改地址吗
发货到新疆要几天
""".strip().splitlines()

COMPLAINT = """
This is unacceptable!
I am so disappointed with you.
your service is terrible
Worst customer experience ever.
I want to make a complaint
My kettle broke after two days. What a waste of money!
我要投诉
你们的服务太差了
骗子公司，再也不买了
气死我了
""".strip().splitlines()

NO_COMPLAINT = """
How do I make a complaint?
Is the noise of 49 dB terrible at night?
怎么投诉？
投诉电话是多少
This is ridiculous, how do I reset the filter lamp?
The coffee is terrible, what can I do?
Can I ignore the beeping?
ignore my last message
忽略我上一条消息
""".strip().splitlines()


@pytest.mark.parametrize("text", ORDER)
def test_what_became_of_an_order(text: str) -> None:
    assert wish_of(text) == "order"


@pytest.mark.parametrize("text", COMPLAINT)
def test_complaints(text: str) -> None:
    assert wish_of(text) == "complaint"


@pytest.mark.parametrize("text", NO_ORDER + NO_COMPLAINT)
def test_questions_that_documents_may_answer(text: str) -> None:
    assert wish_of(text) == "question"


@pytest.mark.parametrize("text", ["", "   ", "???", "👋", "。。。"])
def test_nothing_said(text: str) -> None:
    assert wish_of(text) == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "嗯" * 5000,
        "ok " * 3000,
        "talk " * 3000,
        "找" * 8000,
        "how do I " * 3000,
        "不要" * 5000,
        "thanks " * 2000,
        "are you a " * 2000,
        "hi, " * 2000,
    ],
)
def test_no_message_takes_long(text: str) -> None:
    began = time.monotonic()
    wish_of(text)
    assert time.monotonic() - began < 2
