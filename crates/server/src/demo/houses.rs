//! The clinics of the demonstration: sixteen in seven countries (R-MG-96).

use directory::entity::providers::{ProviderOnboardingStage, ProviderStatus};
use kernel::Currency;

/// A clinic as it is described here.
#[derive(Clone, Copy, Debug)]
pub struct House {
    /// Natural key and the name of its addresses.
    pub key: &'static str,
    /// Name.
    pub name: &'static str,
    /// City.
    pub city: &'static str,
    /// ISO 3166-1.
    pub country: &'static str,
    /// IANA zone.
    pub zone: &'static str,
    /// What it asks its prices in.
    pub currency: Currency,
    /// Price of a case without grafts.
    pub base: i32,
    /// Price of a graft in hundredths.
    pub graft_cents: i64,
    /// Where it stands.
    pub state: State,
    /// Shown with a star.
    pub featured: bool,
    /// Languages, the main one first.
    pub languages: &'static [&'static str],
    /// Years of experience.
    pub years: i16,
    /// Own commission in percent.
    pub commission: Option<i32>,
    /// Owner, then clinicians: title, first and last name.
    pub team: &'static [(&'static str, &'static str, &'static str)],
    /// About it.
    pub bio: &'static str,
    /// Awards: name, who gave it, year.
    pub awards: &'static [(&'static str, &'static str, i16)],
}

/// Where a clinic stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Takes patients.
    Live,
    /// Its owner has an invitation.
    Invited,
    /// Being written.
    Draft,
    /// Taken off for a while.
    Suspended,
    /// Gone.
    Closed,
}

impl State {
    /// The columns that say so.
    pub fn columns(self) -> (ProviderStatus, ProviderOnboardingStage) {
        match self {
            Self::Live => (ProviderStatus::Active, ProviderOnboardingStage::Live),
            Self::Invited => (ProviderStatus::Inactive, ProviderOnboardingStage::Invited),
            Self::Draft => (ProviderStatus::Inactive, ProviderOnboardingStage::Draft),
            Self::Suspended => (ProviderStatus::Suspended, ProviderOnboardingStage::Live),
            Self::Closed => (ProviderStatus::Inactive, ProviderOnboardingStage::Closed),
        }
    }
}

/// All of them, those that take patients first.
#[rustfmt::skip]
pub const HOUSES: &[House] = &[
    House {
        key: "bosphorus", name: "Bosphorus Hair Institute", city: "Istanbul", country: "TR", zone: "Europe/Istanbul",
        currency: Currency::EUR, base: 1450, graft_cents: 35, state: State::Live, featured: true,
        languages: &["tr", "en", "de", "ar"], years: 18, commission: Some(18),
        team: &[("Dr.", "Selin", "Aksoy"), ("Prof.", "Kerem", "Yıldız"), ("Dr.", "Deniz", "Koçak"), ("Dr.", "Burak", "Şahin")],
        bio: "A house on the European shore with its own operating floor. One surgeon leads one patient a day, from the drawing of the hairline to the last graft.",
        awards: &[("Patient Care Award", "Istanbul Medical Travel Forum", 2023), ("Clean Theatre Seal", "Anatolian Hospital Council", 2024)],
    },
    House {
        key: "golden-horn", name: "Golden Horn Clinic", city: "Istanbul", country: "TR", zone: "Europe/Istanbul",
        currency: Currency::USD, base: 1600, graft_cents: 38, state: State::Live, featured: false,
        languages: &["tr", "en", "ru"], years: 11, commission: None,
        team: &[("Dr.", "Emre", "Tan"), ("Dr.", "Aylin", "Demir"), ("Dr.", "Cem", "Arslan")],
        bio: "Sapphire FUE and beard work with a small team that has stayed together for eleven years. Transfers and hotel are part of every stay.",
        awards: &[("Service of the Year", "Bosphorus Travel Circle", 2022)],
    },
    House {
        key: "ankara-follicle", name: "Ankara Follicle Centre", city: "Ankara", country: "TR", zone: "Europe/Istanbul",
        currency: Currency::TRY, base: 52000, graft_cents: 1250, state: State::Live, featured: false,
        languages: &["tr", "en"], years: 9, commission: None,
        team: &[("Dr.", "Murat", "Kaplan"), ("Dr.", "Elif", "Güneş")],
        bio: "A quiet centre near the university hospital. We take difficult donor areas and tell honestly when a transplant would not help.",
        awards: &[],
    },
    House {
        key: "aegean", name: "Aegean Hair & Skin", city: "Izmir", country: "TR", zone: "Europe/Istanbul",
        currency: Currency::EUR, base: 1350, graft_cents: 32, state: State::Live, featured: true,
        languages: &["tr", "en", "nl"], years: 14, commission: Some(15),
        team: &[("Dr.", "Zeynep", "Ersoy"), ("Dr.", "Onur", "Bulut"), ("Dr.", "İpek", "Çelik")],
        bio: "By the sea, twenty minutes from the airport. DHI with implanter pens, and a garden for the afternoon after the procedure.",
        awards: &[("Green Clinic", "Aegean Chamber of Health", 2024)],
    },
    House {
        key: "antalya-crown", name: "Antalya Crown Clinic", city: "Antalya", country: "TR", zone: "Europe/Istanbul",
        currency: Currency::GBP, base: 1250, graft_cents: 30, state: State::Live, featured: false,
        languages: &["tr", "en", "ru", "de"], years: 7, commission: None,
        team: &[("Dr.", "Hakan", "Öztürk"), ("Dr.", "Melis", "Uçar")],
        bio: "Crown work is what we are known for. Two procedures a day at most, and a nurse who calls every morning of the first week.",
        awards: &[],
    },
    House {
        key: "warsaw-derm", name: "Vistula Hair Studio", city: "Warsaw", country: "PL", zone: "Europe/Warsaw",
        currency: Currency::EUR, base: 1900, graft_cents: 60, state: State::Live, featured: false,
        languages: &["pl", "en", "de"], years: 12, commission: None,
        team: &[("Dr.", "Katarzyna", "Nowicka"), ("Dr.", "Paweł", "Zieliński"), ("Dr.", "Anna", "Wrona")],
        bio: "Dermatologists who transplant. Every case begins with a month of treatment of the scalp, so that what is placed also stays.",
        awards: &[("Good Doctor Medal", "Mazovian Patients' League", 2021)],
    },
    House {
        key: "krakow-hair", name: "Kraków Hair Line", city: "Kraków", country: "PL", zone: "Europe/Warsaw",
        currency: Currency::EUR, base: 1750, graft_cents: 55, state: State::Live, featured: false,
        languages: &["pl", "en"], years: 6, commission: None,
        team: &[("Dr.", "Tomasz", "Lis"), ("Dr.", "Marta", "Sowa")],
        bio: "A young clinic in the old town with robotic extraction. Prices are fixed before you travel.",
        awards: &[],
    },
    House {
        key: "barcelona-capilar", name: "Instituto Capilar Mediterráneo", city: "Barcelona", country: "ES", zone: "Europe/Madrid",
        currency: Currency::EUR, base: 2600, graft_cents: 95, state: State::Live, featured: true,
        languages: &["es", "en", "fr"], years: 16, commission: Some(22),
        team: &[("Dra.", "Lucía", "Ferrer"), ("Dr.", "Marc", "Soler"), ("Dra.", "Nuria", "Vidal")],
        bio: "Natural density for curly and straight hair alike. The institute trains surgeons from all over Spain.",
        awards: &[("Premio Confianza", "Asociación de Pacientes de Cataluña", 2022), ("Teaching Clinic", "Iberian Hair Society", 2023)],
    },
    House {
        key: "madrid-raiz", name: "Clínica Raíz", city: "Madrid", country: "ES", zone: "Europe/Madrid",
        currency: Currency::EUR, base: 2450, graft_cents: 90, state: State::Live, featured: false,
        languages: &["es", "en"], years: 8, commission: None,
        team: &[("Dr.", "Javier", "Montes"), ("Dra.", "Elena", "Prado")],
        bio: "Small sessions, long follow-up: we see every patient again after six and twelve months, in person or by video.",
        awards: &[],
    },
    House {
        key: "london-harley", name: "Marylebone Hair Surgery", city: "London", country: "GB", zone: "Europe/London",
        currency: Currency::GBP, base: 3200, graft_cents: 180, state: State::Live, featured: false,
        languages: &["en", "fr", "ar"], years: 21, commission: None,
        team: &[("Dr", "Amelia", "Hart"), ("Dr", "Daniel", "Okafor")],
        bio: "Consultant-led surgery in the heart of London, with anaesthetists on site and evening consultations.",
        awards: &[("Surgical Standards Commendation", "Westminster Health Trust", 2020)],
    },
    House {
        key: "berlin-haarwerk", name: "Haarwerk Berlin", city: "Berlin", country: "DE", zone: "Europe/Berlin",
        currency: Currency::EUR, base: 2900, graft_cents: 140, state: State::Live, featured: true,
        languages: &["de", "en", "tr"], years: 13, commission: None,
        team: &[("Dr.", "Jonas", "Richter"), ("Dr.", "Leyla", "Aydın"), ("Dr.", "Svenja", "Brandt")],
        bio: "Evidence first: every plan comes with the numbers behind it, counted under the microscope during your consultation.",
        awards: &[("Transparency Prize", "Berliner Patientenforum", 2024)],
    },
    House {
        key: "budapest-danube", name: "Danube Hair Clinic", city: "Budapest", country: "HU", zone: "Europe/Budapest",
        currency: Currency::EUR, base: 1650, graft_cents: 48, state: State::Live, featured: false,
        languages: &["hu", "en", "de"], years: 10, commission: None,
        team: &[("Dr.", "Eszter", "Varga"), ("Dr.", "Gábor", "Szabó")],
        bio: "FUE over two gentle days, with a night in our guest house by the river in between.",
        awards: &[],
    },
    House {
        key: "lisbon-atlantico", name: "Atlântico Hair", city: "Lisbon", country: "PT", zone: "Europe/Lisbon",
        currency: Currency::EUR, base: 2100, graft_cents: 80, state: State::Invited, featured: false,
        languages: &["pt", "en"], years: 5, commission: None,
        team: &[("Dr.", "Rui", "Carvalho")],
        bio: "Opening soon on Hairline.", awards: &[],
    },
    House {
        key: "gdansk-amber", name: "Amber Hair Gdańsk", city: "Gdańsk", country: "PL", zone: "Europe/Warsaw",
        currency: Currency::EUR, base: 1700, graft_cents: 52, state: State::Draft, featured: false,
        languages: &["pl"], years: 3, commission: None,
        team: &[("Dr.", "Piotr", "Morski")],
        bio: "Profile in preparation.", awards: &[],
    },
    House {
        key: "leeds-north", name: "Northern Hair Rooms", city: "Leeds", country: "GB", zone: "Europe/London",
        currency: Currency::GBP, base: 2800, graft_cents: 150, state: State::Suspended, featured: false,
        languages: &["en"], years: 4, commission: None,
        team: &[("Dr", "Gareth", "Whitlock")],
        bio: "Hair restoration in Yorkshire.", awards: &[],
    },
    House {
        key: "bursa-old", name: "Uludağ Hair", city: "Bursa", country: "TR", zone: "Europe/Istanbul",
        currency: Currency::EUR, base: 1200, graft_cents: 28, state: State::Closed, featured: false,
        languages: &["tr"], years: 15, commission: None,
        team: &[("Dr.", "Nihat", "Erdem")],
        bio: "Closed since last year.", awards: &[],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use super::*;

    #[test]
    fn the_clinics_are_spread_as_the_table_says() {
        let mut countries: BTreeMap<&str, usize> = BTreeMap::new();
        let mut keys = HashSet::new();
        for house in HOUSES {
            *countries.entry(house.country).or_default() += 1;
            assert!(keys.insert(house.key), "{} twice", house.key);
            assert!(house.zone.parse::<chrono_tz::Tz>().is_ok(), "{}", house.zone);
            assert!((1..=4).contains(&house.languages.len()) && house.awards.len() <= 4 && !house.team.is_empty());
        }
        let wanted = [("DE", 1), ("ES", 2), ("GB", 2), ("HU", 1), ("PL", 3), ("PT", 1), ("TR", 6)];
        assert_eq!(countries, BTreeMap::from(wanted));
        let in_state = |state| HOUSES.iter().filter(|house| house.state == state).count();
        assert_eq!(in_state(State::Live), 12);
        let others = [State::Invited, State::Draft, State::Suspended, State::Closed];
        assert!(others.into_iter().all(|state| in_state(state) == 1));
        assert_eq!(HOUSES.iter().filter(|house| house.featured).count(), 4);
    }
}
