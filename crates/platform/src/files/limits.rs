//! What may be uploaded for which purpose.

use super::sniff::Kind;

/// What an upload is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// One view of the head scan of an inquiry (R-IQ-07).
    HeadScan,
    /// A picture of the patient's own evidence (R-IQ-06).
    EvidencePhoto,
    /// A video of the patient's own evidence (R-IQ-06).
    EvidenceVideo,
    /// A portrait (identity 5.2).
    ProfileImage,
    /// A picture of a treatment (R-TT-20).
    TreatmentPhoto,
    /// A view of an aftercare scan (R-AC-22).
    AftercareScan,
    /// A picture in a conversation (R-CM-11).
    ChatImage,
    /// A PDF or video in a conversation (R-CM-11).
    ChatDocument,
    /// A document of a clinic, a cancellation, a request (R-MG-06, R-PY-72).
    Document,
    /// A picture of a review (R-CM-62).
    ReviewPhoto,
    /// A picture of a clinic's profile (R-MG-12).
    ProviderMedia,
    /// A video of a clinic's profile (R-MG-12).
    ProviderVideo,
    /// A clinic's logo (R-MG-12).
    ClinicLogo,
    /// The picture above a clinic's page (R-MG-12).
    ClinicCover,
    /// A picture of a treatment of the catalogue (R-IQ-70).
    CataloguePicture,
    /// The video of a treatment of the catalogue (R-IQ-70).
    CatalogueVideo,
    /// A document of a treatment of the catalogue (R-IQ-70).
    CatalogueDocument,
    /// A picture of a clinic's package (R-IQ-72).
    PackagePicture,
}

const MB: usize = 1024 * 1024;

/// Medical pictures below this sharpness are refused (R-AC-22, R-IQ-07).
const SHARP_ENOUGH: i32 = 60;

/// The bounds of one purpose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub kinds: &'static [Kind],
    /// Exactly this many bytes still pass.
    pub max_bytes: usize,
    /// Smallest accepted length of the shorter side.
    pub min_side: u32,
    pub min_quality: i32,
    pub max_seconds: Option<i32>,
}

impl Purpose {
    pub(super) fn limits(self) -> Limits {
        const PICTURES: &[Kind] = &[Kind::Jpeg, Kind::Png];
        let picture = |max_bytes| Limits { kinds: PICTURES, max_bytes, min_side: 1, min_quality: 0, max_seconds: None };
        // The inquiry's rule names no size in pixels; what is enough to judge healing is enough to judge the start.
        let medical = |max_bytes| Limits { min_side: 600, min_quality: SHARP_ENOUGH, ..picture(max_bytes) };
        match self {
            Self::HeadScan => medical(5 * MB),
            Self::AftercareScan => medical(50 * MB),
            Self::EvidencePhoto | Self::ProfileImage | Self::PackagePicture => picture(2 * MB),
            Self::TreatmentPhoto | Self::ReviewPhoto | Self::ProviderMedia | Self::ClinicCover => picture(10 * MB),
            Self::ClinicLogo => Limits { min_side: 200, ..picture(5 * MB) },
            Self::ProviderVideo => Limits { kinds: &[Kind::Mp4], max_seconds: Some(120), ..picture(100 * MB) },
            Self::ChatImage | Self::CataloguePicture => picture(5 * MB),
            Self::CatalogueVideo => Limits { kinds: &[Kind::Mp4], ..picture(50 * MB) },
            Self::CatalogueDocument => Limits { kinds: &[Kind::Pdf], ..picture(10 * MB) },
            Self::EvidenceVideo => Limits { kinds: &[Kind::Mp4], max_seconds: Some(30), ..picture(20 * MB) },
            Self::ChatDocument => Limits { kinds: &[Kind::Pdf, Kind::Mp4], ..picture(10 * MB) },
            Self::Document => Limits { kinds: &[Kind::Pdf, Kind::Jpeg, Kind::Png], ..picture(10 * MB) },
        }
    }

    /// The most bytes an upload for this purpose may have, for body limits and hints.
    pub fn max_bytes(self) -> usize {
        self.limits().max_bytes
    }
}
