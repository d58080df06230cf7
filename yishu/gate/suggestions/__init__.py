"""Proposals for open violations: where the right value can be inferred, say which and why; never apply it (E03, C02).

Belongs here: one module a way to infer, over frames of accused values. Not here: tickets that carry the proposals (portal), and
deliveries that correct (ingest): a proposal is a reading aid until a person of the department confirms it.
"""
