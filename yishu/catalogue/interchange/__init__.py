"""The register in the forms that others read and write: JSON Schema, the national Excel table, ODCS, DCAT, and the difference of two versions.

Not here: what an entry is (models.py), reading the catalogue folder (loading.py), the command line (orchestration/cli).
"""
