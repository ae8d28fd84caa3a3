"""What goes over HTTP about models. Prices are micro-credits for a million tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Role
from faraday_app.gateway.service.managing import models, policies, prices
from faraday_app.gateway.service.managing.listing import Listed, Placed
from faraday_app.gateway.views import Capability, Category, Price, Privacy, Strategy, Task

Name = Annotated[Text, Field(max_length=120, examples=["gpt-large"])]
Names = Annotated[list[Name], Field(max_length=models.MOST_NAMED)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1, description="The version the change was made for; else 409.")]
Amount = Annotated[int, Field(ge=0, le=prices.DEAREST, examples=[500_000_000])]
Small = Annotated[int, Field(ge=1, le=100)]


class PriceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    input: int
    cached_input: int
    output: int


class PriceIn(BaseModel):
    input: Amount
    output: Amount
    cached_input: Amount | None = Field(None, description="Null: as `input`.")
    valid_from: AwareDatetime | None = Field(None, description="Null: from now on. Up to two years ahead.")


class PriceRowOut(PriceOut):
    id: UUID
    valid_from: datetime


class DeploymentOut(BaseModel):
    """``names_hidden``: the provider is outside the policy's region or privacy class. ``price`` null: none yet."""

    id: UUID
    provider: str
    region: str
    privacy: Privacy
    upstream: str
    rank: int
    weight: int
    enabled: bool
    provider_enabled: bool
    names_hidden: bool
    price: PriceOut | None


class DeploymentIn(BaseModel):
    """Those of a lower rank are asked first."""

    provider_id: UUID
    upstream: Name = Field(min_length=1, description="By which name the provider knows the model.")
    rank: Small = 1
    weight: Small = 1
    enabled: bool = True


class DeploymentChange(DeploymentIn):
    version: Version


class ModelOut(BaseModel):
    id: UUID
    name: str
    label: str
    category: Category
    context: int = Field(description="Window in tokens.")
    longest_answer: int
    capabilities: list[Capability]
    tier: int = Field(description="Quality, 1 to 5.")
    roles: list[str] = Field(description="Who may use it; empty: everybody.")
    fallbacks: list[str]
    larger: list[str]
    laxer: list[str]
    enabled: bool
    built_in: bool = Field(description="This installation's own; it cannot be changed.")
    version: int
    deployments: list[DeploymentOut]


class ModelIn(BaseModel):
    """The lists are names of other models: when it fails, when the text does not fit, when its policy refuses."""

    name: Name = Field(min_length=1)
    label: Annotated[Text, Field(max_length=120)] = ""
    category: Category = Category.chat
    context: int = Field(8_192, ge=512, le=models.LARGEST_WINDOW)
    longest_answer: int = Field(1_024, ge=16, le=models.LARGEST_WINDOW, description="At most half of the window.")
    capabilities: list[Capability] = Field(default_factory=list, max_length=10)
    tier: int = Field(2, ge=1, le=5)
    roles: list[Role] = Field(default_factory=list, max_length=10)
    fallbacks: Names = Field(default_factory=list)
    larger: Names = Field(default_factory=list)
    laxer: Names = Field(default_factory=list)


class ModelChange(ModelIn):
    version: Version
    enabled: bool | None = Field(None, description="Null: as it is.")


class FiguresOut(BaseModel):
    """Of one deployment. Milliseconds to the first token; tokens per second while it answered."""

    model_config = ConfigDict(from_attributes=True)

    calls: int
    failed: int
    first_p50: int | None
    first_p95: int | None
    speed: float | None
    prompt_tokens: int
    answer_tokens: int
    cost: int
    liked: int = Field(description="Answers that people judged good.")
    disliked: int


class DeploymentFigures(FiguresOut):
    deployment_id: UUID


class ProviderIn(BaseModel):
    name: Annotated[Text, Field(min_length=1, max_length=60)]
    base_url: Annotated[Text, Field(min_length=1, max_length=300, examples=["https://api.openai.com/v1"])]
    region: Annotated[Text, Field(max_length=20, examples=["eu"])] = ""
    privacy: Privacy = Privacy.public


class ProviderChange(ProviderIn):
    version: Version
    enabled: bool | None = Field(None, description="Null: as it is.")


class KeyIn(BaseModel):
    label: Annotated[Text, Field(min_length=1, max_length=60)]
    secret: Annotated[Text, Field(min_length=1, max_length=500)] = Field(
        description="Kept encrypted; it is never given back.", json_schema_extra={"writeOnly": True}
    )


class KeyOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    label: str
    ending: str = Field(description="The last characters of the key; empty for a short one.")
    enabled: bool


class ProviderOut(ProviderIn):
    id: UUID
    enabled: bool
    version: int
    keys: list[KeyOut]
    deployments: int = Field(description="How many are asked for there.")


class FoundModelOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    window: int = Field(description="Tokens; 0 when the provider does not tell.")


class TestedOut(BaseModel):
    took_ms: int
    models: list[FoundModelOut]


class PolicyIn(BaseModel):
    strategy: Strategy = Strategy.order
    retries: int = Field(1, ge=0, le=policies.MOST_RETRIES)
    region: Annotated[Text, Field(max_length=20)] = Field("", description="Who elsewhere is told no names.")
    privacy: Privacy = Field(Privacy.contract, description="Who is trusted less is told no names.")
    tasks: dict[Task, Names] = Field(default_factory=dict, description="Whom `auto` asks first, by kind of task.")
    offers_default: bool = Field(True, description="Whether this installation's own model is offered.")


class PolicyChange(PolicyIn):
    version: Version


class PolicyOut(PolicyIn):
    version: int = Field(description="0 while nobody has set a policy.")


def model_out(listed: Listed) -> ModelOut:
    fields = {name: getattr(listed, name) for name in ModelOut.model_fields if name != "deployments"}
    return ModelOut(**fields, deployments=[deployment_out(place) for place in listed.places])


def deployment_out(place: Placed) -> DeploymentOut:
    return DeploymentOut(
        id=place.id,
        provider=place.provider,
        region=place.region,
        privacy=place.privacy,
        upstream=place.upstream,
        rank=place.rank,
        weight=place.weight,
        enabled=place.enabled,
        provider_enabled=place.provider_enabled,
        names_hidden=not place.trusted,
        price=_price(place.price),
    )


def _price(price: Price | None) -> PriceOut | None:
    return PriceOut.model_validate(price) if price else None
