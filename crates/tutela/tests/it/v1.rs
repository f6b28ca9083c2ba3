//! The project's own interface, over sockets, as programs meet it.

mod server;
mod tokens;
