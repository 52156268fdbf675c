"""`/ws`: one socket for everything. Written down for client developers in docs/protocol.md."""
