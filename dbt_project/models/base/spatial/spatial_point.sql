{{ located_points() }}
