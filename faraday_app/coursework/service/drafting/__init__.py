"""Drafts of feedback that a model makes and a teacher decides about."""

from faraday_app.coursework.service.drafting.asking import Proposal
from faraday_app.coursework.service.drafting.drafts import Draft, Rate, ask, dismiss, newest, rate, settle, use
from faraday_app.coursework.service.drafting.making import work_off

__all__ = ["Draft", "Proposal", "Rate", "ask", "dismiss", "newest", "rate", "settle", "use", "work_off"]
