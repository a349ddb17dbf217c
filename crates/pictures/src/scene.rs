//! Photograph-like pictures made from a number, for uploads in tests.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageBuffer, Rgb, RgbImage, imageops};

use crate::photo::Fault;

/// The side of what JPEG treats as one, in pixels.
const BLOCK: u32 = 8;

/// A JPEG with hard edges, different for every seed. Each block of the format has one colour, so that reading and
/// writing it costs tests little.
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
    let columns = width.div_ceil(BLOCK);
    let colours: Vec<Rgb<u8>> = (0..u64::from(columns) * u64::from(height.div_ceil(BLOCK)))
        .map(|place| {
            let [shade, tint, ..] = noise(seed, place).to_be_bytes();
            // Bright beside dark, as hair is on skin.
            let light = if (place / u64::from(columns) + place % u64::from(columns)) % 2 == 0 { 30 } else { 190 };
            Rgb([light + shade / 4, light / 2 + tint / 4, 60 + shade / 8])
        })
        .collect();
    ImageBuffer::from_fn(width, height, |x, y| {
        let place = usize::try_from(y / BLOCK * columns + x / BLOCK).unwrap_or_default();
        colours.get(place).copied().unwrap_or(Rgb([0; 3]))
    })
}

/// A number for a place that looks like chance (SplitMix64).
fn noise(seed: u64, place: u64) -> u64 {
    let mut word = (seed << 32).wrapping_add(place + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

fn encode(picture: &RgbImage) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85)
        .encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(Fault::Unwritable)?;
    Ok(bytes)
}
