"""The desk: correction tickets of the departments. Other packages go through service.py only."""
