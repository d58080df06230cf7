"""Instances of the components, one folder a part of the way of a row."""
