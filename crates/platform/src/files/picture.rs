//! Pictures: decoded within bounds, turned upright, judged, and written anew without what the camera noted.

use kernel::{AppError, AppResult};
use pictures::{Bounds, Fault, Format, Photo};

use super::limits::Limits;
use super::sniff::{Checked, Kind, unreadable};

/// More than any phone takes; about 150 MB in memory.
const BOUNDS: Bounds = Bounds { max_side: 12_000, max_pixels: 50_000_000, max_alloc: 256 * 1024 * 1024 };

/// Decodes, checks and re-encodes one picture. EXIF, GPS and other notes do not survive (R-IQ-06).
pub(super) fn check(kind: Kind, bytes: &[u8], limits: &Limits) -> AppResult<Checked> {
    if kind == Kind::Jpeg && !is_whole(bytes) {
        return Err(unreadable());
    }
    let format = if kind == Kind::Png { Format::Png } else { Format::Jpeg };
    let picture = Photo::read(format, bytes, &BOUNDS).map_err(refusal)?;
    let (width, height) = (picture.width(), picture.height());
    if width.min(height) < limits.min_side {
        let detail = format!("The shorter side needs at least {} pixels.", limits.min_side);
        return Err(insufficient("too_small", detail).with("min_side", limits.min_side));
    }
    let score = picture.sharpness();
    if score < limits.min_quality {
        let detail = "The picture is not sharp enough. Please take it again.";
        return Err(insufficient("not_sharp", detail).with("quality_score", score));
    }
    Ok(Checked {
        width: i32::try_from(width).ok(),
        height: i32::try_from(height).ok(),
        quality_score: Some(score),
        ..Checked::plain(kind, picture.write(format).map_err(refusal)?.into())
    })
}

/// Whether a JPEG goes on to its end. A line that breaks leaves half a picture, and a decoder fills the rest with grey.
fn is_whole(bytes: &[u8]) -> bool {
    const FILL: u8 = 0xff;
    const SCAN: u8 = 0xda;
    const END: u8 = 0xd9;
    let mut at = 2;
    // Up to the first scan everything has a length, previews with an end of their own among it.
    loop {
        match bytes.get(at..).unwrap_or_default() {
            [0xff, SCAN, ..] => break,
            [0xff, FILL, ..] => at += 1,
            [0xff, 0x01 | 0xd0..=0xd8, ..] => at += 2,
            [0xff, END, ..] => return false,
            [0xff, _, high, low, ..] => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => return false,
        }
    }
    // In a scan an FF of the picture is followed by 00: this pair is its end and nothing else. Phones write more behind it.
    bytes.get(at..).is_some_and(|rest| rest.windows(2).any(|pair| pair == [0xff, END]))
}

fn refusal(fault: Fault) -> AppError {
    match fault {
        Fault::TooManyPixels => AppError::invalid("media_size_exceeded", "The picture has too many pixels.")
            .with("reason", "too_many_pixels")
            .with("max_pixels", BOUNDS.max_pixels),
        Fault::TooMuchMemory => AppError::invalid("media_size_exceeded", "The picture needs too much memory.")
            .with("reason", "too_many_pixels"),
        Fault::Unreadable(_) => unreadable(),
        Fault::Unwritable(error) => AppError::internal(error),
    }
}

/// One code for programs; the reason says to people what to do about it.
fn insufficient(reason: &'static str, detail: impl Into<String>) -> AppError {
    AppError::invalid("media_quality_insufficient", detail).with("reason", reason)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

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
        for cut in [100, jpeg.len() / 2, jpeg.len() - 2] {
            assert_eq!(of(Kind::Jpeg, Purpose::ChatImage, &jpeg[..cut]).unwrap_err(), "media_unreadable", "{cut}");
        }
        // A preview within is whole and does not speak for the picture; what phones write behind the end does not count.
        let mut preview = b"Exif\0\0".to_vec();
        preview.extend_from_slice(&bytes(&checkered(30, 30), ImageFormat::Jpeg));
        let mut with_preview = vec![0xff, 0xd8, 0xff, 0xe1];
        with_preview.extend_from_slice(&u16::try_from(preview.len() + 2).unwrap().to_be_bytes());
        with_preview.extend_from_slice(&preview);
        with_preview.extend_from_slice(&jpeg[2..]);
        let half = with_preview.len() - jpeg.len() / 2;
        assert_eq!(of(Kind::Jpeg, Purpose::ChatImage, &with_preview[..half]).unwrap_err(), "media_unreadable");
        with_preview.extend_from_slice(b"motion");
        assert!(of(Kind::Jpeg, Purpose::ChatImage, &with_preview).is_ok());
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
