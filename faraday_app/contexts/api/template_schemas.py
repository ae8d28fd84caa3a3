"""What goes over HTTP about templates."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.models import Audience
from faraday_app.contexts.service.templates.files import File as TemplateFile
from faraday_app.contexts.service.templates.language import LONGEST_TEXT
from faraday_app.contexts.service.templates.results import Compared, Counts, Results
from faraday_app.contexts.service.templates.shelf import Draft, Opened
from faraday_app.contexts.service.templates.trials import Rendered
from faraday_app.contexts.service.templates.variables import MOST_VARIABLES, Variable
from faraday_app.core.http.fields import Text

__all__ = ["TemplateFile"]

Number = Annotated[int, Field(ge=1, le=2**31 - 1, examples=[1])]


class TemplateIn(BaseModel):
    """What a template shall be."""

    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["Explain it"])]
    text: Annotated[
        Text, Field(min_length=1, max_length=LONGEST_TEXT, examples=["Explain {{topic}} to a ten-year-old."])
    ] = Field(description="`{{name}}` stands for what is entered; `{{?name}}…{{/name}}` only shows with it.")
    variables: Annotated[list[Variable], Field(max_length=MOST_VARIABLES, examples=[[{"name": "topic"}]])] = []
    category: Annotated[Text, Field(max_length=40)] = "Other"
    about: Annotated[Text, Field(max_length=300)] = ""
    note: Annotated[Text, Field(max_length=200)] = Field("", description="What is new in this version.")

    def draft(self) -> Draft:
        return Draft(self.name, self.text, self.variables, self.category, self.about, self.note)


class TemplateChange(TemplateIn):
    version: Number = Field(description="The `version` that was read; an older one is refused.")


class TemplateOut(BaseModel):
    id: UUID
    owner_id: UUID
    owner_name: str
    name: str
    category: str
    about: str
    audience: Audience
    roles: list[str]
    version: int = Field(description="Of the whole template: send it with a change.")
    version_id: UUID = Field(description="Of this text.")
    number: int = Field(description="Of this text, from 1.")
    text: str
    variables: list[Variable]
    archived: bool


class AudienceIn(BaseModel):
    audience: Audience
    roles: Annotated[list[Annotated[Text, Field(max_length=40)]], Field(max_length=50)] = Field(
        [], description="With `roles`: built-in ones by name, the organisation's own by id."
    )


class Given(BaseModel):
    values: Annotated[
        dict[str, Annotated[Text, Field(max_length=20_000)] | bool | int | float | None], Field(max_length=100)
    ] = Field({}, description="By the names of the fields.", examples=[{"topic": "tides"}])
    number: Number | None = Field(None, description="An earlier version instead of the one in use.")


class RenderedOut(BaseModel):
    text: str
    version_id: UUID
    number: int
    at_default: list[str] = Field(description="Fields that were left as they came.")


class VersionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: int
    text: str
    note: str
    author_id: UUID
    created_at: datetime


class TrialIn(BaseModel):
    first: Number
    second: Number
    share: int = Field(50, ge=5, le=95, description="Of a hundred uses, how many get the second.")


class TrialEnd(BaseModel):
    winner: Number


class CountsOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    uses: int
    people: int
    last_used: datetime | None
    cases: int = Field(description="Uses that were answered.")
    good: int = Field(description="Of them, liked or kept, or neither disliked nor asked for once more.")
    liked: int
    disliked: int
    kept: int
    retried: int
    cost: int | None = Field(description="Median, in micro-credits.")
    tokens: int | None = Field(description="Median.")


class VersionResult(CountsOut):
    number: int


class ComparedOut(BaseModel):
    first: VersionResult
    second: VersionResult
    share: int
    running: bool
    winner: int | None
    verdict: str = Field(description="What can be said, and that it is too early where it is.")


class AdviceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    words: str
    fact: str = Field(description="What the advice rests on.")


class ResultsOut(BaseModel):
    total: CountsOut
    versions: list[VersionResult]
    compared: ComparedOut | None
    advice: list[AdviceOut]


def template_out(opened: Opened) -> TemplateOut:
    template, version = opened.template, opened.version
    return TemplateOut(
        id=template.id,
        owner_id=template.owner_id,
        owner_name=opened.owner_name,
        name=template.name,
        category=template.category,
        about=template.about,
        audience=Audience(template.audience),
        roles=template.roles,
        version=template.version,
        version_id=version.id,
        number=version.number,
        text=version.text,
        variables=list(opened.variables),
        archived=template.archived_at is not None,
    )


def filled_out(ready: Rendered) -> RenderedOut:
    version = ready.opened.version
    return RenderedOut(
        text=ready.text, version_id=version.id, number=version.number, at_default=list(ready.filled.at_default)
    )


def results_out(found: Results) -> ResultsOut:
    return ResultsOut(
        total=CountsOut.model_validate(found.total),
        versions=[_numbered(version.number, counts) for version, counts in found.versions],
        compared=_compared(found.compared) if found.compared else None,
        advice=[AdviceOut.model_validate(each) for each in found.advice],
    )


def _numbered(number: int, counts: Counts) -> VersionResult:
    return VersionResult(number=number, **CountsOut.model_validate(counts).model_dump())


def _compared(found: Compared) -> ComparedOut:
    first, second = (_numbered(number, counts) for number, counts in zip(found.numbers, found.counts, strict=True))
    return ComparedOut(
        first=first,
        second=second,
        share=found.trial.share,
        running=found.trial.ended_at is None,
        winner=found.winner or None,
        verdict=found.verdict.words,
    )
