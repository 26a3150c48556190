"""The `gongshang` program: what operators and newcomers type.

`commands` has one module per command. What they stand on: `servers` (a broker and a PostgreSQL of our own), `suite`
(the services' processes and databases as one whole), `proof` (that nothing was lost), `demo` and `bench`.
"""
