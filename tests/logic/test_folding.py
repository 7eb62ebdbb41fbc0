"""Spellings meet: accents, case, signs and scripts do not tell them apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.logic.folding import fold, fold_words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Brașov", "brasov"),
        ("Braşov", "brasov"),
        ("ȚĂRI ÎN București", "tari in bucuresti"),
        ("Łódź, Tromsø & Ærø", "lodz tromso aero"),
        ("Straße", "strasse"),
        ("e\u0301te\u0301", "ete"),
        ("Київ", "kyiv"),
        ("Їжакевич", "yizhakevych"),
        ("Володимир Зеленський", "volodymyr zelenskyi"),
        ("Згурський", "zghurskyi"),
        ("Хар'ків", "kharkiv"),
        ("Юрій Гнатюк", "yurii hnatiuk"),
        ("Ukraine's drones", "ukraine drones"),
        ("O’Neill", "oneill"),
        ("D-40 (2025)", "d 40 2025"),
        ("№ 5", "no 5"),
        ("--- ''' ---", ""),
        ("東京", "東京"),
    ],
)
def test_a_text_is_folded_to_plain_words(text: str, folded: str) -> None:
    assert folded == fold(text)


def test_russian_is_transliterated_by_its_own_table() -> None:
    assert fold("Гагарин", "ru") == "gagarin"
    assert fold("Гагарин", "uk") == "haharyn"
    assert fold("Объект Г") == "obekt g"


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [("Drone factory in Brașov", None, "Brașov"), ("Drone factory in Brașov", 3, "Bra")],
)
def test_a_word_knows_where_it_comes_from(text: str, length: int | None, expected: str) -> None:
    start, end = fold_words(text)[-1].range(length)
    assert expected == text[start:end]


def test_a_letter_that_becomes_several_is_one_place() -> None:
    start, end = fold_words("Щастя")[0].range(2)
    assert (start, end) == (0, 1)


@settings(deadline=None)
@given(st.text(max_size=20))
def test_folding_is_stable_and_leaves_letters_and_digits_only(text: str) -> None:
    folded = fold(text)
    assert all(part.isalnum() for part in folded.split())
    assert folded == " ".join(word.text for word in fold_words(text))
    for word in fold_words(text):
        assert len(word.text) == len(word.origins)
        assert all(0 <= start < end <= len(text) for start, end in word.origins)
