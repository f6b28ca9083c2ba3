//! The project's own interface, over sockets, as programs meet it.

mod alerts;
mod banks;
mod command_line;
mod everywhere;
mod exchanges;
mod fake;
mod keyed;
mod load;
mod look_ups;
mod matches;
mod server;
mod tokens;
mod transfers;
mod two_servers;
mod write_back;
