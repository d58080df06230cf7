"""What follows when a ticket is not answered in time: reminder, overdue, the head of department, the notice (P22, E08).

Belongs here: when a step is due, what it leaves behind, the notice as a document, the list of refusals (E09). Not here:
deadlines (portal/desk/terms.py), what departments are sent (portal/notify).
"""
