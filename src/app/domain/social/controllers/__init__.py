"""Friends, blocks, people and privacy over HTTP."""
