//! Pictures made by the program, for uploads.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Sharp or blurred, width, height, seed.
type Key = (bool, u32, u32, u64);

/// Drawn once for all tests of a process.
static DRAWN: LazyLock<Mutex<HashMap<Key, Vec<u8>>>> = LazyLock::new(Mutex::default);

/// A sharp photograph-like JPEG: hard edges and fine grain, different for every seed.
pub fn jpeg(width: u32, height: u32, seed: u64) -> Vec<u8> {
    drawn((true, width, height, seed))
}

/// The same scene out of focus.
pub fn blurred_jpeg(width: u32, height: u32, seed: u64) -> Vec<u8> {
    drawn((false, width, height, seed))
}

fn drawn(key @ (sharp, width, height, seed): Key) -> Vec<u8> {
    let draw = if sharp { pictures::sharp } else { pictures::blurred };
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    drawn.entry(key).or_insert_with(|| draw(width, height, seed).expect("a picture in memory")).clone()
}
