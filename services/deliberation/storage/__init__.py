"""How the deliberation service keeps its sessions: tables, repositories, migrations."""
