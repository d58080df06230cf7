"""What departments are told: one message a night, department and channel; kept, retried, never sent twice (point 9).

digest: what a message says; receivers: who gets it; sending: which are due and what became of them; channels: how mail
and webhooks leave. Not here: what happens to tickets (portal/desk, portal/supervision).
"""
