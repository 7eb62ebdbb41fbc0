"""Folding: names without accents, case, signs and scripts, so that spellings meet.

Owns the way from a text to its folded words (small Latin letters, digits, letters of scripts that
have no table here) and back from each folded letter to the characters it comes from. Cyrillic is
transliterated: Ukrainian by the national system of 2010 (Cabinet of Ministers, resolution 55);
what is Russian by its tag, or by a letter that Ukrainian lacks, by BGN/PCGN without apostrophes.
Known limit: a name without a tag that both languages write the same way is taken for Ukrainian.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

BREAK: Final = " "
# Letters that Unicode does not take apart.
_LATIN: Final = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i",
    "ŋ": "n", "ŧ": "t", "ə": "e",
}  # fmt: skip
_CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "д": "d", "ж": "zh", "з": "z", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "ы": "y", "э": "e", "е": "e",
    "ў": "w", "ј": "j", "љ": "lj", "њ": "nj", "џ": "dz", "ђ": "d", "ћ": "c", "ґ": "g",
}  # fmt: skip
_UKRAINIAN: Final = {
    "г": "h", "є": "ie", "и": "y", "і": "i", "ї": "i", "й": "i", "ю": "iu", "я": "ia", "ё": "io",
}  # fmt: skip
_UKRAINIAN_FIRST: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_RUSSIAN: Final = {
    "г": "g", "є": "ye", "и": "i", "і": "i", "ї": "yi", "й": "y", "ю": "yu", "я": "ya", "ё": "yo",
}  # fmt: skip
_RUSSIAN_FIRST: Final = {"е": "ye"}
_ONLY_RUSSIAN: Final = frozenset("ёъыэЁЪЫЭ")
_APOSTROPHES: Final = frozenset("'’ʼ‘`´ʹ′")
_ASCII_WORD: Final = re.compile(r"[0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word; for each of its letters, the range of characters that it comes from."""

    text: str
    origins: tuple[tuple[int, int], ...]

    def range(self, length: int | None = None) -> tuple[int, int]:
        """Give the range of characters that the first letters come from, the end excluded."""
        last = len(self.text) if length is None else max(1, min(length, len(self.text)))
        return self.origins[0][0], self.origins[last - 1][1]


def fold(text: str, language: str | None = None) -> str:
    """Give the folded words of a text with a space between them.

    Args:
        text: a name in any script.
        language: its language tag, where it is known.
    """
    if text.isascii() and "'" not in text and "`" not in text:
        return BREAK.join(_ASCII_WORD.findall(text.lower()))
    return BREAK.join(word.text for word in fold_words(text, language))


def fold_words(text: str, language: str | None = None) -> tuple[Word, ...]:
    """Give the folded words of a text, each with the places that its letters come from."""
    russian = _is_russian(text, language)
    words: list[Word] = []
    letters: list[str] = []
    origins: list[tuple[int, int]] = []

    def end_word() -> None:
        if letters:
            words.append(Word("".join(letters), tuple(origins)))
            letters.clear()
            origins.clear()

    before = ""
    skipped = -1
    for start, end, character in _characters(text):
        if start == skipped:
            before = ""
            continue
        if character in _APOSTROPHES:
            if _is_possessive(text, end):
                skipped = end
            elif not letters:
                end_word()
            before = ""
            continue
        if character == "г" and before == "з" and not russian:
            folded = "gh"
        else:
            folded = _fold_character(character, not letters, russian)
        before = character
        for letter in folded:
            if letter == BREAK:
                end_word()
            else:
                letters.append(letter)
                origins.append((start, end))
    end_word()
    return tuple(words)


def _characters(text: str) -> Iterator[tuple[int, int, str]]:
    """Give each character with the marks that follow it, composed and in small letters."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield start, end, unicodedata.normalize("NFC", text[start:end]).lower()
        start = end


def _is_possessive(text: str, place: int) -> bool:
    after = text[place : place + 2]
    return after[:1] in ("s", "S") and not after[1:].isalnum()


def _is_russian(text: str, language: str | None) -> bool:
    if language is not None and language.partition("-")[0] in ("ru", "be", "uk"):
        return language.startswith("ru")
    return not _ONLY_RUSSIAN.isdisjoint(text)


@lru_cache(maxsize=8192)
def _fold_character(character: str, first: bool, russian: bool) -> str:  # noqa: FBT001  # a cache takes its arguments by position
    own, own_first = (_RUSSIAN, _RUSSIAN_FIRST) if russian else (_UKRAINIAN, _UKRAINIAN_FIRST)
    if first and character in own_first:
        return own_first[character]
    for table in (own, _CYRILLIC):
        if character in table:
            return table[character]
    folded = ""
    plain = unicodedata.normalize("NFKD", character).casefold()
    for part in unicodedata.normalize("NFKD", plain):
        if not unicodedata.combining(part):
            known = _LATIN.get(part) or _CYRILLIC.get(part)
            folded += known or (part if part.isalnum() else BREAK)
    return folded
