//! Pictures: decoded within bounds, turned upright, judged, and written anew without what the camera noted.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::imageops::FilterType as Resample;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, Limits as DecodeLimits};
use kernel::{AppError, AppResult};

use super::limits::Limits;
use super::sniff::{Checked, Kind, unreadable};

/// Longest accepted side: more than any phone takes.
const MAX_SIDE: u32 = 12_000;
/// Most pixels decoded, about 150 MB in memory.
const MAX_PIXELS: u64 = 50_000_000;
/// What a decoder may allocate beside the picture.
const MAX_ALLOC: u64 = 256 * 1024 * 1024;
const JPEG_QUALITY: u8 = 88;

/// Decodes, checks and re-encodes one picture. EXIF, GPS and other notes do not survive (R-IQ-06).
pub(super) fn check(kind: Kind, bytes: &[u8], limits: &Limits) -> AppResult<Checked> {
    let picture = match kind {
        Kind::Png => decode(PngDecoder::new(Cursor::new(bytes)).map_err(refusal)?)?,
        _ => decode(JpegDecoder::new(Cursor::new(bytes)).map_err(refusal)?)?,
    };
    let (width, height) = (picture.width(), picture.height());
    if width.min(height) < limits.min_side {
        return Err(insufficient(format!("The shorter side needs at least {} pixels.", limits.min_side)));
    }
    let score = quality(&picture);
    if score < limits.min_quality {
        return Err(insufficient("The picture is not sharp enough. Please take it again.").with("quality_score", score));
    }
    Ok(Checked {
        width: i32::try_from(width).ok(),
        height: i32::try_from(height).ok(),
        quality_score: Some(score),
        ..Checked::plain(kind, encode(kind, &picture)?)
    })
}

fn decode(mut decoder: impl ImageDecoder) -> AppResult<DynamicImage> {
    // The header alone is read so far: a small file that claims huge dimensions costs nothing.
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(
            AppError::invalid("media_size_exceeded", "The picture has too many pixels.").with("max_pixels", MAX_PIXELS)
        );
    }
    let mut bounds = DecodeLimits::default();
    bounds.max_alloc = Some(MAX_ALLOC);
    decoder.set_limits(bounds).map_err(refusal)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn encode(kind: Kind, picture: &DynamicImage) -> AppResult<Bytes> {
    let mut out = Vec::new();
    let written = match kind {
        Kind::Png => {
            let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive);
            // Sixteen bits a channel are more than any screen shows.
            let eight_bit = if picture.color().has_alpha() {
                DynamicImage::from(picture.to_rgba8())
            } else {
                DynamicImage::from(picture.to_rgb8())
            };
            eight_bit.write_with_encoder(encoder)
        }
        _ => picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)),
    };
    written.map_err(AppError::internal)?;
    Ok(out.into())
}

/// Sharpness from 0 to 100: the variance of the Laplacian of the grey picture, at a size where the grain of a camera
/// does not count as detail. 60 lies at a variance of 90, between a hand-held portrait and a shaken one.
fn quality(picture: &DynamicImage) -> i32 {
    const SIDE: u32 = 640;
    let small = if picture.width().max(picture.height()) > SIDE {
        picture.resize(SIDE, SIDE, Resample::Triangle)
    } else {
        picture.clone()
    };
    let variance = laplacian_variance(&small.to_luma8());
    (100.0 * variance / (variance + 60.0)) as i32
}

fn laplacian_variance(grey: &GrayImage) -> f64 {
    let (width, height) = grey.dimensions();
    let at = |x: u32, y: u32| f64::from(grey.get_pixel(x, y).0.first().copied().unwrap_or(0));
    let (mut count, mut sum, mut squares) = (0f64, 0f64, 0f64);
    for y in 1..height.saturating_sub(1) {
        for x in 1..width.saturating_sub(1) {
            let value = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * at(x, y);
            count += 1.0;
            sum += value;
            squares += value * value;
        }
    }
    if count == 0.0 { 0.0 } else { squares / count - (sum / count).powi(2) }
}

fn refusal(error: ImageError) -> AppError {
    match error {
        ImageError::Limits(_) => AppError::invalid("media_size_exceeded", "The picture needs too much memory."),
        _ => unreadable(),
    }
}

fn insufficient(detail: impl Into<String>) -> AppError {
    AppError::invalid("media_quality_insufficient", detail)
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, RgbImage};

    use super::super::limits::Purpose;
    use super::*;

    fn checkered(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let dark = (x / 9 + y / 7) % 2 == 0;
            Rgb(if dark { [40, 30, 30] } else { [220, 190, 170] })
        })
    }

    fn bytes(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn of(kind: Kind, purpose: Purpose, bytes: &[u8]) -> Result<Checked, String> {
        check(kind, bytes, &purpose.limits()).map_err(|error| error.code.into_owned())
    }

    /// A JPEG with an EXIF block: orientation 6 (turn right) and the words GPS-SECRET.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        tiff.extend_from_slice(b"GPS-SECRET");
        let mut out = jpeg[..2].to_vec();
        out.extend_from_slice(&[0xff, 0xe1]);
        out.extend_from_slice(&u16::try_from(tiff.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(&tiff);
        out.extend_from_slice(&jpeg[2..]);
        out
    }

    #[test]
    fn metadata_is_gone_and_the_picture_stands_upright() {
        let upload = with_exif(&bytes(&checkered(800, 640), ImageFormat::Jpeg));
        assert!(upload.windows(10).any(|w| w == b"GPS-SECRET"));
        let checked = of(Kind::Jpeg, Purpose::HeadScan, &upload).unwrap();
        assert!(!checked.bytes.windows(4).any(|w| w == b"Exif" || w == b"GPS-"));
        assert_eq!((checked.width, checked.height), (Some(640), Some(800)));
        assert_eq!(image::load_from_memory(&checked.bytes).unwrap().width(), 640);
    }

    #[test]
    fn a_blurred_or_small_scan_is_refused_but_welcome_as_a_portrait() {
        let sharp = checkered(900, 700);
        let blurred = image::imageops::blur(&sharp, 8.0);
        assert!(of(Kind::Jpeg, Purpose::HeadScan, &bytes(&sharp, ImageFormat::Jpeg)).unwrap().quality_score > Some(90));
        let blurred = bytes(&blurred, ImageFormat::Jpeg);
        assert_eq!(of(Kind::Jpeg, Purpose::HeadScan, &blurred).unwrap_err(), "media_quality_insufficient");
        assert!(of(Kind::Jpeg, Purpose::ProfileImage, &blurred).unwrap().quality_score < Some(30));
        let small = bytes(&checkered(900, 599), ImageFormat::Png);
        assert_eq!(of(Kind::Png, Purpose::AftercareScan, &small).unwrap_err(), "media_quality_insufficient");
    }

    #[test]
    fn a_cut_off_picture_is_unreadable() {
        let png = bytes(&checkered(300, 300), ImageFormat::Png);
        assert_eq!(of(Kind::Png, Purpose::ChatImage, &png[..png.len() / 2]).unwrap_err(), "media_unreadable");
        let jpeg = bytes(&checkered(300, 300), ImageFormat::Jpeg);
        assert_eq!(of(Kind::Jpeg, Purpose::ChatImage, &jpeg[..100]).unwrap_err(), "media_unreadable");
    }

    #[test]
    fn a_bomb_is_refused_before_it_unfolds() {
        // One pixel, whose header claims 60,000 by 60,000.
        let mut png = bytes(&checkered(1, 1), ImageFormat::Png);
        png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(of(Kind::Png, Purpose::ChatImage, &png).unwrap_err(), "media_size_exceeded");
    }

    fn crc32(data: &[u8]) -> u32 {
        !data.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
        })
    }
}
