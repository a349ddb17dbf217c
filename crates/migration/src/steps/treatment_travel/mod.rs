//! Treatment days, passports, flights, hotels.

mod m2026_01_08_000010_create_hotels_table;
mod m2026_01_08_000020_create_flights_table;
mod m2026_01_08_000030_create_passport_details_table;
mod m2026_01_08_000040_create_timelines_table;
mod m2026_01_08_000050_create_treatment_executions_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "treatment_travel",
    title: "Treatment and travel",
    about: "Treatment days, passports, flights, hotels.",
    steps: &[
        m2026_01_08_000010_create_hotels_table::STEP,
        m2026_01_08_000020_create_flights_table::STEP,
        m2026_01_08_000030_create_passport_details_table::STEP,
        m2026_01_08_000040_create_timelines_table::STEP,
        m2026_01_08_000050_create_treatment_executions_table::STEP,
    ],
};
