//! What may be emptied in tables that only grow, once its time is over.

mod m2026_01_14_000010_let_ended_texts_be_emptied;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "redactions",
    title: "Redactions",
    about: "What may be emptied in tables that only grow, once its time is over.",
    steps: &[m2026_01_14_000010_let_ended_texts_be_emptied::STEP],
};
