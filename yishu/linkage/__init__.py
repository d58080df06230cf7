"""Records that lost their identifier, linked to the entities they are probably about (C02): proposed, never merged.

Belongs here: which records wait, what is known to compare them with, the model (Splink on DuckDB), its proposals with their reasons.
Not here: what people decide about a proposal (yishu/lake/links.py reads it from the desk's annotations), the golden records that confirmed
links enter (dbt_project), tickets (portal). Splink is imported when something is scored, never before.
"""
