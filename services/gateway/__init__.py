"""What people see: pages and the HTTP API. It owns logins and sessions, and no business data; free of eventlet."""
