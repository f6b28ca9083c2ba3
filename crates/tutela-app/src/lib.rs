//! Runs the services; the only place where floors meet.
#![forbid(unsafe_code)]
