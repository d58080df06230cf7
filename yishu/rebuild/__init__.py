"""Every later table again from raw, ledger and annotations, night by night in the ledger's order, and the proof that it is the same (D04).

Not here: what a night does (yishu/gate, yishu/lake, yishu/spatial), the build's program (orchestration hands it in), the words on the terminal.
"""
