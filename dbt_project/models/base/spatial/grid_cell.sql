{{ golden_record('grid_cell') }}
