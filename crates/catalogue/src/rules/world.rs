//! The countries patients and clinics are likely to be in.

/// A country of the first list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// English name.
    pub name: &'static str,
    /// Calling code without the plus.
    pub calling_code: &'static str,
    /// Its middle, degrees north.
    pub north: f64,
    /// Its middle, degrees east.
    pub east: f64,
}

const fn country(code: &'static str, name: &'static str, calling_code: &'static str, north: f64, east: f64) -> Country {
    Country { code, name, calling_code, north, east }
}

/// All of them, by code.
pub const COUNTRIES: [Country; 60] = [
    country("AE", "United Arab Emirates", "971", 24.0, 54.0),
    country("AL", "Albania", "355", 41.0, 20.0),
    country("AR", "Argentina", "54", -34.0, -64.0),
    country("AT", "Austria", "43", 47.3, 13.3),
    country("AU", "Australia", "61", -27.0, 133.0),
    country("BE", "Belgium", "32", 50.8, 4.0),
    country("BG", "Bulgaria", "359", 43.0, 25.0),
    country("BR", "Brazil", "55", -10.0, -55.0),
    country("CA", "Canada", "1", 60.0, -95.0),
    country("CH", "Switzerland", "41", 47.0, 8.0),
    country("CN", "China", "86", 35.0, 105.0),
    country("CO", "Colombia", "57", 4.0, -72.0),
    country("CY", "Cyprus", "357", 35.0, 33.0),
    country("CZ", "Czechia", "420", 49.8, 15.5),
    country("DE", "Germany", "49", 51.0, 9.0),
    country("DK", "Denmark", "45", 56.0, 10.0),
    country("EE", "Estonia", "372", 59.0, 26.0),
    country("EG", "Egypt", "20", 27.0, 30.0),
    country("ES", "Spain", "34", 40.0, -4.0),
    country("FI", "Finland", "358", 64.0, 26.0),
    country("FR", "France", "33", 46.0, 2.0),
    country("GB", "United Kingdom", "44", 54.0, -2.0),
    country("GR", "Greece", "30", 39.0, 22.0),
    country("HR", "Croatia", "385", 45.2, 15.5),
    country("HU", "Hungary", "36", 47.0, 20.0),
    country("IE", "Ireland", "353", 53.0, -8.0),
    country("IL", "Israel", "972", 31.5, 34.8),
    country("IN", "India", "91", 20.0, 77.0),
    country("IS", "Iceland", "354", 65.0, -18.0),
    country("IT", "Italy", "39", 42.8, 12.8),
    country("JP", "Japan", "81", 36.0, 138.0),
    country("KR", "South Korea", "82", 37.0, 127.5),
    country("KW", "Kuwait", "965", 29.3, 47.7),
    country("LT", "Lithuania", "370", 56.0, 24.0),
    country("LU", "Luxembourg", "352", 49.8, 6.2),
    country("LV", "Latvia", "371", 57.0, 25.0),
    country("MA", "Morocco", "212", 32.0, -5.0),
    country("MT", "Malta", "356", 35.9, 14.4),
    country("MX", "Mexico", "52", 23.0, -102.0),
    country("MY", "Malaysia", "60", 2.5, 112.5),
    country("NL", "Netherlands", "31", 52.5, 5.8),
    country("NO", "Norway", "47", 62.0, 10.0),
    country("NZ", "New Zealand", "64", -41.0, 174.0),
    country("PK", "Pakistan", "92", 30.0, 70.0),
    country("PL", "Poland", "48", 52.0, 20.0),
    country("PT", "Portugal", "351", 39.5, -8.0),
    country("QA", "Qatar", "974", 25.5, 51.3),
    country("RO", "Romania", "40", 46.0, 25.0),
    country("RS", "Serbia", "381", 44.0, 21.0),
    country("SA", "Saudi Arabia", "966", 25.0, 45.0),
    country("SE", "Sweden", "46", 62.0, 15.0),
    country("SG", "Singapore", "65", 1.4, 103.8),
    country("SI", "Slovenia", "386", 46.1, 14.8),
    country("SK", "Slovakia", "421", 48.7, 19.5),
    country("TH", "Thailand", "66", 15.0, 100.0),
    country("TN", "Tunisia", "216", 34.0, 9.0),
    country("TR", "Türkiye", "90", 39.0, 35.0),
    country("UA", "Ukraine", "380", 49.0, 32.0),
    country("US", "United States", "1", 38.0, -97.0),
    country("ZA", "South Africa", "27", -29.0, 24.0),
];
