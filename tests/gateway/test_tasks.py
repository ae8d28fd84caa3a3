"""What a call is about."""

import pytest

from faraday_app.gateway.service.tasks import task_of, task_of_messages
from faraday_app.gateway.views import Task


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("Translate this into Spanish: good morning", Task.translation),
        ("Bitte übersetze den Brief", Task.translation),
        ("Summarise the chapter in five points", Task.summary),
        ("Why does this fail?\n```python\nprint(1\n```", Task.code),
        ("Solve 3x + 5 = 20", Task.maths),
        ("Write a letter to the parents", Task.writing),
        ("When did the French Revolution begin?", Task.facts),
        ("Good morning!", Task.chat),
        ("", Task.chat),
    ],
)
def test_is_told_by_its_words(text, task):
    assert task_of(text) is task


@pytest.mark.parametrize(
    "messages", [None, [], [1], [{"role": "user"}], [{"role": "user", "content": [3, {"text": None}]}]]
)
def test_nonsense_is_chat(messages):
    assert task_of_messages(messages) is Task.chat


def test_goes_by_the_last_words_of_a_person():
    messages = [{"role": "user", "content": "Write a poem"}, {"role": "assistant", "content": "Solve 1 + 1"}]
    assert task_of_messages(messages) is Task.writing
