"""Channels and readers: from what a department delivered to frames of text plus rejects. Nothing here judges content."""
