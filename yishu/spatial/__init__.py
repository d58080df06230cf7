"""Where things lie: points of every coordinate system brought to CGCS2000 and assigned to district, town and village."""
