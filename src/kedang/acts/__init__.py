"""How a person acts: one command is one act, asked of the rules, written to the journal, followed up by duties."""
