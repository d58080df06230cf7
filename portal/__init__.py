"""The portal: Django. For the time being one application, the desk (correction tickets)."""
