"""The words that make a text a question, and a polite one, taken away: what is left is what it asks about. Pure.

"保修期有多长时间？" asks about 保修期. Cut into pairs of characters, the frame would be as good as any content word, and a
rare one: no document says 有多. English frames are single words, and stop words of the index,
but for courtesies.
"""

from __future__ import annotations

import re

from rag.text import HAN, folded

_FRAME = re.compile(
    r"(?:大概|大约|一共|总共)?(?:需?要|得|是|有|能|会)?(?:多少(?=[钱天次个元块米克斤公升瓦分平年月小]|$|\W)|多(?:久|长时间))"
    r"|有?多(?=[大高长重远快宽厚深响吵])|什么时候|什么时间|为什么|怎么(?:办|样|回事|弄|搞|做|用(?=\W|$))?|咋[办样整]?|如何|怎样"
    r"|哪(?:里|儿|些|个|款|种|家|位|天|一[个款种天])|几(?=[个天次点号年月种款])|什么(?:样的?|意思|情况)?|啥"
    r"|(?:我的?|这|那)?[台个]?(?:机器|设备)?(?:应该|应当|该)怎么"
    r"|是不是|能不能|可不可以|要不要|会不会|有没有|可以|能否|是否|够不够|行不行|好不好"
    r"|请问一?下?|麻烦[您你]?(?:了|一?下)?|(?:能否|能不能|可以|可否|请)?[帮给](?:我|忙)(?:看|查|问|确认|解答|介绍|讲|说)?一?下(?:下)?|帮我"
    r"|告诉(?:我|一下)|我想(?:问|知道|了解|咨询|请教)?一?下?|想(?:问|知道|了解|咨询|请教)一?下?|请教一?下?|打扰(?:了|一下)?"
    r"|不好意思|拜托(?:了|你|您)*|(?:非常|十分)?(?:感谢|谢谢)(?:[你您]们?|了|啦)*|辛苦(?:了|[你您]了)|(?:你|您)好|在吗"
    r"|(?:亲|客服)(?=\W|你|您|我|在)|你们|咱们|[吗嘛呢吧啊呀么]+(?=\W|$)"
)


# A code as displays show it, and what customers say around one: "the display keeps showing E2", "屏幕上出来个 E2".
_CODE = r"(?=\b[a-z]{1,3}\d{1,4}\b)"
_SHOWN = re.compile(
    r"(?:\b(?:the|its?|on|a|display|screen|panel|now|keeps?|started|is|has|just)\s+)*"
    r"\b(?:show|display|say|read|report|flash|blink|giv)(?:e?s|ing)?\s+(?:(?:me|an?|the|error|fault|code|message)\s+)*"
    rf"{_CODE}"
    r"|(?:^\W*\w{1,2}[好完](?:之后|以后|后|了))?(?:(?:显示)?屏幕?|显示屏|面板)?[上里]?(?:突然|一直|老是?|总是?|又|就|会)*"
    rf"(?:显示|出现|出来|跳出|弹出|提示|报|亮)(?:错误?|故障|代码|了|个|一个|出)*\s*{_CODE}",
    re.IGNORECASE,
)
_SO_WHAT = re.compile(
    r"\bwhat (?:should|do|can|shall) i do\b|\bwhat now\b|\bwhat(?:'s| is) (?:wrong|it|that|this|going on)\b"
    r"|\bwhat does (?:it|that|this) mean\b",
    re.IGNORECASE,
)
# Padding that asks nothing: "Could you please tell me …", "I was wondering whether …", "Hi, quick question:".
_POLITE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|dear)\b"
    r"(?: (?:there|all|team|everyone|sir|madam))?[\s,.!:–-]*)+"
    r"|^\W*(?:(?:excuse me|sorry(?: to bother you)?|quick question|just a (?:quick )?question"
    r"|one (?:more )?question"
    r"|(?:i have|i've got) (?:a|one|another) (?:quick )?question)\b[\s,.!:;–-]+)+"
    r"|\b(?:can|could|would|will) (?:you|somebody|someone|anyone) (?:please |kindly |perhaps |maybe |possibly )*"
    r"(?:tell|explain|inform|advise|let|show|help)(?: (?:me|us))?(?: (?:know|understand|out|with))*"
    r"(?: (?:if|whether|about|how|what)(?= (?:i|we|my|the|it|you|to|there)\b))?"
    r"|\bi(?:'d| would)? (?:was |am |were )?(?:just |only |also )*(?:wondering|like to (?:know|ask|find out)"
    r"|want(?:ed)? to (?:know|ask)"
    r"|need to (?:know|find out))\b(?: (?:if|whether|about))?"
    r"|\b(?:do|would) you (?:happen to )?(?:know|mind telling me)\b(?: (?:if|whether))?|\bany (?:idea|chance)\b"
    r"|\b(?:if (?:that is|that's|it is|it's) (?:ok(?:ay)?|alright|possible)"
    r"|(?:please|kindly|thank you|thanks|many thanks|cheers)\b"
    r"(?: (?:very|so) much| a lot| in advance| for (?:your|the) (?:help|time))*)",
    re.IGNORECASE,
)
_HAN = re.compile(f"[{HAN}]")


def subject_matter(text: str) -> str:
    """The text without the frame of its question, or as it is where nothing else would be left."""
    plain = folded(text)
    left = _SHOWN.sub(" ", plain)
    if left != plain:
        left = _SO_WHAT.sub(" ", left)
    left = _FRAME.sub(" ", left) if _HAN.search(plain) else _POLITE.sub(" ", left)
    return left if left != plain and re.search(r"\w{2}", left) else text
