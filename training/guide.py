"""The words of the labelling guide that files are held against."""

from __future__ import annotations

from typing import Final

LABELS: Final = ("recruitment", "separatism")
MEANS: Final = ("peaceful", "coercive", "violent", "unclear")
LANGUAGES: Final = ("ru", "ru-Latn", "kk", "kk-Latn", "uz", "uz-Cyrl", "ky", "tg", "en")
POSITIVE: Final = frozenset(
    """state_contract private_company militant_group euphemism kinship_shame_faith paid_task next_step captive slogan
    argument organising foreign_leader_petition breakaway_body neighbours_land dissolution both""".split()
)
BOTH: Final = "both"  # the category of posts with both labels
NEGATIVE: Final = frozenset(
    """news official_warning counter_speech victim_or_relative question legal_advice civilian_job scam_or_advert
    own_army draft_or_peace unit_fundraising humanitarian memorial_or_praise game_or_sport history_or_fiction
    satire_or_metaphor politics_no_border protest_or_strike border_or_treaty_news resettlement identity_mention
    ethnic_abuse religion independence_state other_referendum chatter""".split()
)
