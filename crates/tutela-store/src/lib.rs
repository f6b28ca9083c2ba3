//! Keeps rows, sealed bytes and the ledger in SQLite or PostgreSQL.
#![forbid(unsafe_code)]
