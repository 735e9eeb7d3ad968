//! Tests of what only SQLite can get wrong.
