//! Runs the services; the only place where floors meet.
//!
//! Data flows one way: **intake → evidence → engines → findings → cases → outbound**.
#![deny(unsafe_code)]

pub mod cases;
pub mod engines;
mod error;
pub mod evidence;
pub mod findings;
mod ids;
pub mod intake;
pub mod jobs;
pub mod outbound;
pub mod progress;
pub mod sentences;
pub mod service;
pub mod settings;
pub mod views;
pub mod workspace;

pub use error::AppError;
pub use workspace::Workspace;
