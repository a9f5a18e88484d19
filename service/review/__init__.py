"""How posts travel from arrival to a decision that stands; knows SQL, nothing of HTTP."""
