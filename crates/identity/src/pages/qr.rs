//! A QR code drawn into the page: no picture file, no network, no style.

use std::fmt::Write as _;

use kernel::{AppError, AppResult};
use qrcode::{Color, EcLevel, QrCode};
use ui::{Html, escape};

/// The white border readers need, in modules.
const QUIET: usize = 4;

/// The code as SVG; `label` says to those who do not see it what it is.
pub(super) fn svg(text: &str, label: &str) -> AppResult<Html> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(AppError::internal)?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        // Neighbours in a row are one stroke.
        for run in row.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                // Writing into a string cannot fail.
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    Ok(Html(format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"{}\" width=\"220\" height=\"220\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" \
         fill=\"#000\"/></svg>",
        escape(label)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strokes_are_the_modules() {
        let text = "otpauth://totp/Hairline:chief@hairline.example?secret=GEZDGNBVGY3TQOJQ&issuer=Hairline";
        let drawn = svg(text, "a \"code\"").unwrap().0;
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let strokes = drawn.split('h').skip(1).filter_map(|part| part.split('v').next()?.parse::<usize>().ok());
        assert_eq!(strokes.sum::<usize>(), dark);
        // The first row begins with the seven modules of a finder pattern, inside the border.
        assert!(drawn.contains("d=\"M4 4h7v1h-7z"), "{drawn}");
        assert!(drawn.contains("aria-label=\"a &quot;code&quot;\"") && !drawn.contains("style="));
    }
}
