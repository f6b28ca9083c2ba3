//! Makes a graph of transfers and looks for indicators.
#![forbid(unsafe_code)]
