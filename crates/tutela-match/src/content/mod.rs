//! What content is: its type by its bytes, its pixels, its capture data.

mod pixels;

pub use pixels::{Pixels, PixelsError};
