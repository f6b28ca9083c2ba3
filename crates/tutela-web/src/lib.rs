//! Serves the API and the console over the services.
#![forbid(unsafe_code)]
