"""Whose fault a refusal is, at SMTP or in a report: `weighing`, by the rules in rules.toml."""

from reportgen.mail.replies.weighing import Fault, Refusal, Weighed, weigh

__all__ = ["Fault", "Refusal", "Weighed", "weigh"]
