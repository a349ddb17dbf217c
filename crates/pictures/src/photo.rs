//! One photograph: decoded, judged, written anew.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::imageops;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, Limits};

const JPEG_QUALITY: u8 = 88;

/// The formats that are read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Photographs of phones.
    Jpeg,
    /// Drawings and screenshots.
    Png,
}

/// What a decoder may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Longest accepted side, in pixels.
    pub max_side: u32,
    /// Most pixels of a picture.
    pub max_pixels: u64,
    /// What the decoder may allocate beside the picture, in bytes.
    pub max_alloc: u64,
}

/// Why a picture is not read or written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Longer or larger than [`Bounds`] allow.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// Decoding needs more memory than [`Bounds`] allow.
    #[error("the picture needs too much memory")]
    TooMuchMemory,
    /// Cut off, damaged, or not of its format.
    #[error("the picture cannot be read: {0}")]
    Unreadable(ImageError),
    /// Encoding failed.
    #[error("the picture cannot be written: {0}")]
    Unwritable(ImageError),
}

/// A decoded photograph, standing upright.
#[derive(Debug)]
pub struct Photo(DynamicImage);

impl Photo {
    /// Decodes and turns upright. The header is looked at first: a small file that claims huge dimensions costs nothing.
    pub fn read(format: Format, bytes: &[u8], bounds: &Bounds) -> Result<Self, Fault> {
        match format {
            Format::Png => decode(PngDecoder::new(Cursor::new(bytes)).map_err(reading)?, bounds),
            Format::Jpeg => decode(JpegDecoder::new(Cursor::new(bytes)).map_err(reading)?, bounds),
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// The pixels alone, written anew: EXIF, GPS and other notes do not survive.
    pub fn write(&self, format: Format) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        let written = match format {
            Format::Png => {
                let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive);
                // Sixteen bits a channel are more than any screen shows.
                let eight_bit = if self.0.color().has_alpha() {
                    DynamicImage::from(self.0.to_rgba8())
                } else {
                    DynamicImage::from(self.0.to_rgb8())
                };
                eight_bit.write_with_encoder(encoder)
            }
            Format::Jpeg => self.0.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)),
        };
        written.map_err(Fault::Unwritable)?;
        Ok(out)
    }

    /// Sharpness from 0 to 100: the variance of the Laplacian of the grey picture, at a size where the grain of a camera
    /// does not count as detail. 60 lies at a variance of 90, between a hand-held portrait and a shaken one.
    pub fn sharpness(&self) -> i32 {
        const SIDE: u32 = 640;
        let grey = grey(&self.0);
        let longest = grey.width().max(grey.height());
        let variance = if longest > SIDE {
            let side = |length: u32| {
                let scaled = u64::from(length) * u64::from(SIDE) / u64::from(longest);
                u32::try_from(scaled).unwrap_or(SIDE).max(1)
            };
            let small = imageops::thumbnail(&grey, side(grey.width()), side(grey.height()));
            laplacian_variance(&small)
        } else {
            laplacian_variance(&grey)
        };
        (100.0 * variance / (variance + 60.0)) as i32
    }
}

fn decode(mut decoder: impl ImageDecoder, bounds: &Bounds) -> Result<Photo, Fault> {
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > bounds.max_side || pixels > bounds.max_pixels {
        return Err(Fault::TooManyPixels);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(bounds.max_alloc);
    decoder.set_limits(limits).map_err(reading)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(reading)?;
    picture.apply_orientation(orientation);
    Ok(Photo(picture))
}

fn reading(error: ImageError) -> Fault {
    match error {
        ImageError::Limits(_) => Fault::TooMuchMemory,
        other => Fault::Unreadable(other),
    }
}

/// How bright each pixel is. Colours of eight bits are weighed in whole numbers (Rec. 709), far quicker than by their
/// colour space.
fn grey(picture: &DynamicImage) -> GrayImage {
    let DynamicImage::ImageRgb8(coloured) = picture else { return picture.to_luma8() };
    let brightness = |pixel: &[u8]| match pixel {
        [r, g, b] => (2126 * u32::from(*r) + 7152 * u32::from(*g) + 722 * u32::from(*b)) / 10_000,
        _ => 0,
    };
    let pixels = coloured.as_raw().chunks_exact(3).map(|pixel| u8::try_from(brightness(pixel)).unwrap_or(u8::MAX));
    GrayImage::from_raw(coloured.width(), coloured.height(), pixels.collect()).unwrap_or_default()
}

fn laplacian_variance(grey: &GrayImage) -> f64 {
    let width = usize::try_from(grey.width()).unwrap_or(0).max(1);
    let rows: Vec<&[u8]> = grey.as_raw().chunks_exact(width).collect();
    let (mut count, mut sum, mut squares) = (0_i64, 0_i64, 0_i64);
    for around in rows.windows(3) {
        let [above, row, below] = around else { continue };
        for ((beside, up), down) in row.windows(3).zip(above.iter().skip(1)).zip(below.iter().skip(1)) {
            let [left, here, right] = beside else { continue };
            let value = i64::from(*left) + i64::from(*right) + i64::from(*up) + i64::from(*down) - 4 * i64::from(*here);
            count += 1;
            sum += value;
            squares += value * value;
        }
    }
    if count == 0 {
        return 0.0;
    }
    let count = count as f64;
    squares as f64 / count - (sum as f64 / count).powi(2)
}
