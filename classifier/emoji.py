"""Emoji that stand for a word: each meets in the skeleton the word (or sign) it stands for."""

from __future__ import annotations

from typing import Final

MEANINGS: Final = {
    # in the slang of recruiters the orchestra is a private army and the violin an instrument of its trade
    "оркестр": "🎼🎺🪗",
    "скрипка": "🎻",
    "оружие": "🔫🗡⚔🏹💣🧨🔪🪓",
    "армия": "🪖🎖",
    "$": "💰💵💴💶💷💸🤑🪙💳",
    "голосуем": "🗳",
    "телефон": "📞📱☎📲",
    "сообщение": "✉📩📨📧💬",
    "огонь": "🔥",
    "флаг": "🏴🏳🚩🎌🏁" + "".join(map(chr, range(0x1F1E6, 0x1F200))),
    "хаха": "😂🤣😆😹😄",
    "слезы": "😭😢😥💔",
    "скорбь": "🕯⚰🪦🥀",
    "молитва": "🙏🤲",
    "сила": "💪✊👊",
    "мир": "🕊☮",
    "смерть": "☠💀",
    "внимание": "⚠🚨🛑⛔🚫",
    "сюда": "👇👉⬇➡",
}
WORDS: Final = {char: word for word, chars in MEANINGS.items() for char in chars}
