"""Models as they are offered: what they hold and what they cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    """Prices in micro-credits per token; ``context`` and ``longest_answer`` in tokens."""

    name: str
    label: str
    context: int
    longest_answer: int
    price_input: int
    price_output: int
    local_demo: bool

    def cost(self, prompt_tokens: int, answer_tokens: int) -> int:
        """Micro-credits for an answer."""
        return prompt_tokens * self.price_input + answer_tokens * self.price_output
