"""A platform's file and a statement that keeps every rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

GROUNDS = """
territorial_scope: EU
labels:
  recruitment:
    ground: illegal
    law: Article 1 of the law on foreign service
    explanation: The post offers service in a foreign armed force.
    decision_visibility: [DECISION_VISIBILITY_CONTENT_REMOVED]
    category: STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY
    category_specification: [KEYWORD_ILLEGAL_ORGANIZATIONS]
  separatism:
    ground: incompatible
    clause: Section 4 of the terms, calls for violence
    explanation: The post calls for a change of borders by force.
    also_illegal: No
    reference_url: https://forum.example/terms
    decision_visibility: [DECISION_VISIBILITY_CONTENT_DEMOTED]
    visibility_days: 30
    category: STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH
    category_specification: [KEYWORD_INCITEMENT_VIOLENCE_HATRED]
    territorial_scope: [DE, FR]
"""
PEACEFUL = """
  separatism/peaceful:
    ground: incompatible
    clause: Section 9 of the terms, no campaigns
    explanation: The forum takes no campaigns.
    decision_visibility: [DECISION_VISIBILITY_CONTENT_LABELLED]
    category: STATEMENT_CATEGORY_OTHER_VIOLATION_TC
"""
ALONE = "  separatism/peaceful: nothing\n"
Write = Callable[[str], str]


def statement(**changes: Any) -> dict[str, Any]:
    """A statement with every field that can stand in one, changed; None takes a field out."""
    made = {
        "decision_visibility": ["DECISION_VISIBILITY_OTHER"],
        "decision_visibility_other": "shown with a notice",
        "end_date_visibility_restriction": "2026-04-01",
        "decision_monetary": "DECISION_MONETARY_OTHER",
        "decision_monetary_other": "half of it",
        "end_date_monetary_restriction": "2026-04-01",
        "decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION",
        "end_date_service_restriction": "2026-04-01",
        "decision_account": "DECISION_ACCOUNT_SUSPENDED",
        "end_date_account_restriction": "2026-03-02",
        "account_type": "ACCOUNT_TYPE_PRIVATE",
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "decision_ground_reference_url": "https://forum.example/@terms",
        "incompatible_content_ground": "Section 4",
        "incompatible_content_explanation": "It breaks section 4.",
        "incompatible_content_illegal": "No",
        "content_type": ["CONTENT_TYPE_TEXT", "CONTENT_TYPE_OTHER"],
        "content_type_other": "poll",
        "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        "category_addition": ["STATEMENT_CATEGORY_VIOLENCE"],
        "category_specification": ["KEYWORD_OTHER", "KEYWORD_TERRORIST_CONTENT"],
        "category_specification_other": "mercenaries",
        "territorial_scope": ["DE", "IS"],
        "content_language": "KK",
        "content_date": "2026-02-28",
        "application_date": "2026-03-02",
        "decision_facts": "A person read it.",
        "source_type": "SOURCE_TRUSTED_FLAGGER",
        "source_identity": "A body",
        "automated_detection": "Yes",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": "clarion-0123abcDEF_-9",
    }
    return {name: value for name, value in (made | changes).items() if value is not None}


def writer(directory: Path) -> Write:
    """Writes a file of grounds and gives its path."""

    def write(content: str) -> str:
        path = directory / "policy.yaml"
        path.write_text(content, encoding="utf-8")
        return str(path)

    return write
