//! Decides by content what an upload is, and whether it is whole.

use bytes::Bytes;
use kernel::{AppError, AppResult};
use tokio::sync::Semaphore;

use super::limits::{Limits, Purpose};
use super::{mp4, picture};

/// The kinds of content that are ever accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    Mp4,
    Pdf,
}

impl Kind {
    pub(super) fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Mp4 => "video/mp4",
            Self::Pdf => "application/pdf",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Mp4 => "mp4",
            Self::Pdf => "pdf",
        }
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        match infer::get(bytes)?.mime_type() {
            "image/jpeg" => Some(Self::Jpeg),
            "image/png" => Some(Self::Png),
            "video/mp4" => Some(Self::Mp4),
            "application/pdf" => Some(Self::Pdf),
            _ => None,
        }
    }
}

/// What will be stored, and what is known of it.
#[derive(Debug)]
pub(super) struct Checked {
    pub kind: Kind,
    pub bytes: Bytes,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub quality_score: Option<i32>,
    pub duration_seconds: Option<i32>,
}

impl Checked {
    pub(super) fn plain(kind: Kind, bytes: Bytes) -> Self {
        Self { kind, bytes, width: None, height: None, quality_score: None, duration_seconds: None }
    }
}

/// A decoded picture may take 200 MB: only so many at a time.
static DECODERS: Semaphore = Semaphore::const_new(2);

/// Checks the content against the purpose, off the async threads.
pub(super) async fn check(purpose: Purpose, bytes: Bytes) -> AppResult<Checked> {
    let _turn = DECODERS.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || check_now(&purpose.limits(), bytes)).await.map_err(AppError::internal)?
}

fn check_now(limits: &Limits, bytes: Bytes) -> AppResult<Checked> {
    // The size first: nothing of a file that is too large is worth reading.
    if bytes.len() > limits.max_bytes {
        let limit = limits.max_bytes;
        return Err(AppError::invalid("media_size_exceeded", format!("At most {} MB.", limit / (1024 * 1024)))
            .with("max_bytes", limit));
    }
    let kind = Kind::of(&bytes).filter(|kind| limits.kinds.contains(kind)).ok_or_else(type_invalid)?;
    match kind {
        Kind::Jpeg | Kind::Png => picture::check(kind, &bytes, limits),
        Kind::Mp4 => mp4::check(&bytes, limits),
        Kind::Pdf => check_pdf(bytes),
    }
}

fn check_pdf(bytes: Bytes) -> AppResult<Checked> {
    let contains = |part: &[u8], needle: &[u8]| part.windows(needle.len()).any(|window| window == needle);
    let tail = bytes.get(bytes.len().saturating_sub(1024)..).unwrap_or_default();
    if !contains(tail, b"%%EOF") {
        return Err(unreadable());
    }
    // R-CM-12: what nobody can look into is refused.
    if contains(&bytes, b"/Encrypt") {
        return Err(AppError::invalid("media_unreadable", "Encrypted PDF files are not accepted."));
    }
    Ok(Checked::plain(Kind::Pdf, bytes))
}

pub(super) fn unreadable() -> AppError {
    AppError::invalid("media_unreadable", "The file is damaged or cannot be read.")
}

fn type_invalid() -> AppError {
    AppError::invalid("media_type_invalid", "This kind of file is not accepted here.")
}

/// The name people see: without folders and control characters, at most 120 characters (R-CM-12), ending as the content
/// demands, so that a saved copy never pretends to be something else.
pub(super) fn display_name(given: &str, kind: Kind) -> String {
    let base = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let stem: String = stem.chars().filter(|c| !c.is_control() && !is_direction_mark(*c)).take(110).collect::<String>();
    let stem = stem.trim_matches(|c: char| c.is_whitespace() || c == '.');
    format!("{}.{}", if stem.is_empty() { "file" } else { stem }, kind.extension())
}

/// Marks that make `gpj.exe` read as `exe.jpg`.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(purpose: Purpose, bytes: &[u8]) -> String {
        check_now(&purpose.limits(), Bytes::copy_from_slice(bytes)).unwrap_err().code.into_owned()
    }

    #[test]
    fn the_content_decides_and_not_the_name() {
        for bytes in [&b""[..], b"plain text called photo.jpg", b"MZ\x90\x00", b"GIF89a......", b"<svg/>"] {
            assert_eq!(code(Purpose::ChatImage, bytes), "media_type_invalid");
        }
        // A kind that is known, but not here.
        assert_eq!(code(Purpose::ProfileImage, b"%PDF-1.7 %%EOF"), "media_type_invalid");
    }

    #[test]
    fn exactly_the_limit_passes() {
        for (purpose, megabytes) in [
            (Purpose::HeadScan, 5),
            (Purpose::EvidencePhoto, 2),
            (Purpose::EvidenceVideo, 20),
            (Purpose::ProfileImage, 2),
            (Purpose::TreatmentPhoto, 10),
            (Purpose::AftercareScan, 50),
            (Purpose::ChatImage, 5),
            (Purpose::ChatDocument, 10),
            (Purpose::Document, 10),
            (Purpose::ReviewPhoto, 10),
            (Purpose::CataloguePicture, 5),
            (Purpose::CatalogueVideo, 50),
            (Purpose::CatalogueDocument, 10),
            (Purpose::PackagePicture, 2),
        ] {
            let limit = megabytes * 1_048_576;
            assert_eq!(code(purpose, &vec![0; limit + 1]), "media_size_exceeded", "{purpose:?}");
            assert_eq!(code(purpose, &vec![0; limit]), "media_type_invalid", "{purpose:?}");
        }
    }

    #[test]
    fn a_pdf_is_whole_and_open() {
        let whole = Bytes::from_static(b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n");
        assert!(check_now(&Purpose::Document.limits(), whole).is_ok());
        assert_eq!(code(Purpose::Document, b"%PDF-1.7\n1 0 obj\n"), "media_unreadable");
        assert_eq!(code(Purpose::Document, b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\n%%EOF"), "media_unreadable");
    }

    #[test]
    fn names_lose_folders_marks_and_false_endings() {
        for (given, kind, shown) in [
            ("../../etc/passwd", Kind::Pdf, "passwd.pdf"),
            ("C:\\Users\\ada\\scan.exe", Kind::Jpeg, "scan.jpg"),
            ("\u{202e}gpj.exe", Kind::Png, "gpj.png"),
            ("a\r\nb.png", Kind::Png, "ab.png"),
            ("...", Kind::Jpeg, "file.jpg"),
            ("", Kind::Mp4, "file.mp4"),
            ("saç ekimi.jpeg", Kind::Jpeg, "saç ekimi.jpg"),
        ] {
            assert_eq!(display_name(given, kind), shown);
        }
        assert!(display_name(&"ş".repeat(500), Kind::Jpeg).chars().count() <= 120);
    }
}
