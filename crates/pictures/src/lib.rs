//! Work on pixels: pictures decoded within bounds, turned upright, judged and written anew; shapes on a canvas.
//!
//! A crate of its own because loops over pixels are unbearable without optimisation: development builds optimise this
//! crate alone. It knows nothing of files, databases or error codes.

mod canvas;
mod photo;
mod scene;

pub use canvas::{Canvas, Colour, mix};
pub use photo::{Bounds, Fault, Format, Photo};
pub use scene::{blurred, sharp};
