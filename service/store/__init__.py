"""Tables, sessions, migrations: SQLite by default, PostgreSQL when outgrown."""
