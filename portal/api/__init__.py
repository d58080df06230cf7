"""The desk's JSON interface for departments' own programs, under /desk/api/v1/ (docs/desk-api.md)."""
