"""Which sales regions a text speaks of: by name, by country, by currency. General knowledge, no document's.

A region is a short name as editors write it in `region:` ("UK", "EU", "CN", "HK", "TW", "US").
"""

from __future__ import annotations

import re

from rag.text import normalise
from rag.types import Language

_EU = (
    r"eu|europe(?:an union)?|eurozone|austria|belgium|bulgaria|croatia|cyprus|czech(?:ia| republic)|denmark|estonia|"
    r"finland|france|germany|greece|hungary|ireland|italy|latvia|lithuania|luxembourg|malta|netherlands|holland|poland|"
    r"portugal|romania|slovakia|slovenia|spain|sweden|eur|euros?"
)
_NAMES = {
    "UK": r"\b(?:uk|gb|united kingdom|(?:great )?britain|england|scotland|wales|northern ireland|gbp|pounds?|london)\b"
    r"|£|英国|英镑",
    "EU": rf"\b(?:{_EU})\b|(?<!\w)€|欧盟|欧洲|欧元|德国|法国|荷兰|比利时|意大利|西班牙|爱尔兰|波兰|瑞典|奥地利",
    "CN": r"\b(?:china|cn|mainland china|rmb|cny|yuan)\b|中国|大陆|内地|人民币|\d ?元",
    "HK": r"\b(?:hong kong|hk|hkd)\b|hk\$|香港|港币",
    "TW": r"\b(?:taiwan|tw|twd|ntd)\b|nt\$|台湾|臺灣|新台币",
    "US": r"\b(?:usa?|united states|america|usd)\b|美国|美元",
}
_PATTERNS = {region: re.compile(pattern) for region, pattern in _NAMES.items()}
_SHOWN: dict[str, dict[Language, str]] = {
    "UK": {"en": "United Kingdom", "zh": "英国"},
    "EU": {"en": "European Union", "zh": "欧盟"},
    "CN": {"en": "Mainland China", "zh": "中国大陆"},
    "HK": {"en": "Hong Kong", "zh": "香港"},
    "TW": {"en": "Taiwan", "zh": "台湾"},
    "US": {"en": "United States", "zh": "美国"},
}


def regions_in(text: str) -> tuple[str, ...]:
    """The regions that `text` names."""
    # "us" is mostly a pronoun; only the capitals are the country.
    plain = re.sub(r"\bUS\b", "usa", text)
    plain = re.sub(r"\bus\b", " ", normalise(plain))
    return tuple(region for region, pattern in _PATTERNS.items() if pattern.search(plain))


def declared(region: str) -> tuple[str, ...]:
    """The regions that editors declared for a document: "HK/TW" are two."""
    return tuple(part.strip() for part in re.split(r"[/,;、+&]", region) if part.strip())


def shown(region: str, language: Language) -> str:
    """The region's name for customers."""
    return _SHOWN.get(region, {}).get(language, region)
