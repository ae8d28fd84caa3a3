"""Models as they are offered, where they can be asked for, and what they cost."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypedDict
from uuid import UUID

MILLION = 1_000_000
MOST_MODELS = 200  # of an organisation


class Category(StrEnum):
    chat = "chat"
    reasoning = "reasoning"
    code = "code"
    vision = "vision"
    embedding = "embedding"
    speech = "speech"

    @property
    def answers(self) -> bool:
        """Whether it writes answers to messages."""
        return self not in (Category.embedding, Category.speech)


class Capability(StrEnum):
    tools = "tools"
    json = "json"
    images = "images"


class Privacy(StrEnum):
    """What a provider may be told, the most trusted first."""

    own = "own"  # runs where Faraday runs
    contract = "contract"  # a contract forbids it to keep or to learn from what it is told
    public = "public"

    @property
    def label(self) -> str:
        return {"own": "In our own hands", "contract": "Under contract", "public": "Public service"}[self.value]

    def trusts(self, other: "Privacy") -> bool:
        """Whether a provider of the other class may be told what this class may."""
        order = list(Privacy)
        return order.index(other) <= order.index(self)


class Turn(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-credits for a million tokens of each kind."""

    input: int = 0
    cached_input: int = 0
    output: int = 0

    def cost(self, prompt: int, answer: int, cached: int = 0) -> int:
        """Micro-credits, rounded up; ``cached`` of the prompt's tokens cost less."""
        cached = min(cached, prompt)
        total = (prompt - cached) * self.input + cached * self.cached_input + answer * self.output
        return -(-total // MILLION)


@dataclass(frozen=True, slots=True)
class Provider:
    """``keys`` are the sealed secrets by their id; one without keys is asked without."""

    id: UUID
    name: str
    base_url: str
    region: str
    privacy: Privacy
    keys: tuple["ProviderKey", ...] = ()
    built_in: bool = False


@dataclass(frozen=True, slots=True)
class ProviderKey:
    id: UUID
    label: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """One way to ask for a model: where, by which name there, and at what price."""

    id: UUID
    provider: Provider
    upstream: str
    price: Price
    rank: int = 1
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Model:
    """``context`` and ``longest_answer`` in tokens. Its price is the highest of its deployments."""

    name: str
    label: str
    context: int
    longest_answer: int
    deployments: tuple[Deployment, ...]
    category: Category = Category.chat
    capabilities: frozenset[Capability] = frozenset()
    tier: int = 2
    roles: frozenset[str] = frozenset()
    fallbacks: tuple[str, ...] = ()
    larger: tuple[str, ...] = ()
    laxer: tuple[str, ...] = ()
    local_demo: bool = False

    @property
    def price_input(self) -> int:
        """Micro-credits for a token of a prompt, rounded up."""
        return -(-max((each.price.input for each in self.deployments), default=0) // MILLION)

    @property
    def price_output(self) -> int:
        return -(-max((each.price.output for each in self.deployments), default=0) // MILLION)

    def most(self, prompt: int, answer: int) -> int:
        """The most micro-credits that so many tokens can cost, wherever it is asked for."""
        return max((each.price.cost(prompt, answer) for each in self.deployments), default=0)

    def least(self, prompt: int, answer: int) -> int:
        return min((each.price.cost(prompt, answer) for each in self.deployments), default=0)


@dataclass(frozen=True, slots=True)
class Policy:
    """How the calls of an organisation find their model."""

    strategy: "Strategy"
    retries: int = 1
    learning: bool = False
    region: str = ""
    privacy: Privacy = Privacy.contract
    tasks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    offers_default: bool = True
    drills: "Schedule" = field(default_factory=lambda: Schedule.weekly)


class Schedule(StrEnum):
    """How often failover drills are done by themselves, at night."""

    never = "never"
    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"

    @property
    def label(self) -> str:
        return {
            "never": "Only when somebody asks",
            "daily": "Every night",
            "weekly": "Every Sunday night",
            "monthly": "On the first of each month",
        }[self.value]


class Strategy(StrEnum):
    order = "order"
    cheapest = "cheapest"
    fastest = "fastest"
    least_busy = "least_busy"
    weighted = "weighted"
    best_value = "best_value"

    @property
    def label(self) -> str:
        return {
            "order": "As listed",
            "cheapest": "Cheapest",
            "fastest": "Fastest",
            "least_busy": "Least busy",
            "weighted": "By weight",
            "best_value": "Best that fits the budget",
        }[self.value]


class Task(StrEnum):
    """What a call is about, as far as its words tell."""

    chat = "chat"
    code = "code"
    maths = "maths"
    writing = "writing"
    translation = "translation"
    summary = "summary"
    facts = "facts"


@dataclass(frozen=True, slots=True)
class Offered:
    """What one organisation can use, the default first, and how its calls find their way."""

    models: tuple[Model, ...]
    policy: Policy

    def named(self, name: str) -> Model | None:
        return next((model for model in self.models if name in ("", model.name)), None)
