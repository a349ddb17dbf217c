//! Photograph-like pictures made from a number, for uploads in tests.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageBuffer, Rgb, RgbImage, imageops};

use crate::photo::Fault;

/// A JPEG with hard edges and fine grain, different for every seed.
pub fn sharp(width: u32, height: u32, seed: u64) -> Result<Vec<u8>, Fault> {
    encode(&scene(width, height, seed))
}

/// The same scene out of focus.
pub fn blurred(width: u32, height: u32, seed: u64) -> Result<Vec<u8>, Fault> {
    // Drawn small and stretched: nothing finer than a fortieth of the picture is left.
    let small = scene((width / 40).max(2), (height / 40).max(2), seed);
    let soft = imageops::blur(&small, 1.5);
    encode(&imageops::resize(&soft, width, height, imageops::FilterType::CatmullRom))
}

fn scene(width: u32, height: u32, seed: u64) -> RgbImage {
    let mut noise = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let tint = (seed % 97) as u8;
    ImageBuffer::from_fn(width, height, |x, y| {
        // xorshift64
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        let grain = (noise >> 56) as u8 / 8;
        let stripe = if (x / 6 + y / 9) % 2 == 0 { 40 } else { 170 };
        Rgb([stripe + grain, (stripe / 2 + tint).saturating_add(grain), 60 + grain])
    })
}

fn encode(picture: &RgbImage) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85)
        .encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(Fault::Unwritable)?;
    Ok(bytes)
}
