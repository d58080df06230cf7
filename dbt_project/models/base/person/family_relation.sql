{{ family_relations() }}
