"""What a question is about."""

import time

import pytest

from faraday_app.gateway.service.tasks import task_of


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("Why does this fail?\n```\nprint(x\n```", "code"),
        ("Write a function that sorts names.", "code"),
        ("How do I read a file in Python?", "code"),
        ("Translate this letter for Elif's parents.", "translation"),
        ("How do you say hello in Turkish?", "translation"),
        ("Summarise the chapter in five lines.", "summary"),
        ("What is 12 * 7?", "maths"),
        ("Explain fractions to a ten-year-old.", "maths"),
        ("Draft a short letter to parents about a field trip.", "writing"),
        ("Who discovered induction?", "facts"),
        ("How many moons has Jupiter?", "facts"),
        ("I had a long day.", "chat"),
        ("", "chat"),
    ],
)
def test_is_told_by_its_words(text, task):
    assert task_of(text) == task


def test_is_found_at_once_in_whatever_is_sent():
    began = time.perf_counter()
    for text in ("function " * 100_000, "1 " * 500_000, "write\n" * 200_000, "`" * 1_000_000):
        task_of(text)
    assert time.perf_counter() - began < 0.2
