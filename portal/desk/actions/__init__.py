"""What people (and departments' programs) do at the desk. Pages, interface and command line all come through here.

Each action checks the right to it, changes the states by their guarded transitions, and leaves an event, all in one
transaction. finding: which tickets one may see; the others are named by what they do.
"""
