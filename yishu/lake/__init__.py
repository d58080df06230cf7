"""The lake: ledger, raw, pools, violations, pins, releases, and the lock that every writer holds."""
