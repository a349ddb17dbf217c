//! Reference data of this wing: the countries that may be chosen.

use std::collections::HashSet;

use kernel::AppResult;
use kernel::ids::CountryId;
use platform::App;
use platform::entity::countries;
use sea_orm::{EntityTrait, QuerySelect, Set};

/// Name, ISO 3166-1 code, calling code. Patients come from these; clinics lie in some of them.
#[rustfmt::skip]
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("United Kingdom", "GB", "+44"), ("Turkey", "TR", "+90"), ("Germany", "DE", "+49"), ("France", "FR", "+33"),
    ("Spain", "ES", "+34"), ("Italy", "IT", "+39"), ("Poland", "PL", "+48"), ("Portugal", "PT", "+351"),
    ("Hungary", "HU", "+36"), ("Ireland", "IE", "+353"), ("Netherlands", "NL", "+31"), ("Belgium", "BE", "+32"),
    ("Austria", "AT", "+43"), ("Switzerland", "CH", "+41"), ("Sweden", "SE", "+46"), ("Norway", "NO", "+47"),
    ("Denmark", "DK", "+45"), ("Finland", "FI", "+358"), ("Greece", "GR", "+30"), ("Cyprus", "CY", "+357"),
    ("Czechia", "CZ", "+420"), ("Slovakia", "SK", "+421"), ("Slovenia", "SI", "+386"), ("Croatia", "HR", "+385"),
    ("Romania", "RO", "+40"), ("Bulgaria", "BG", "+359"), ("Estonia", "EE", "+372"), ("Latvia", "LV", "+371"),
    ("Lithuania", "LT", "+370"), ("Luxembourg", "LU", "+352"), ("Malta", "MT", "+356"), ("Iceland", "IS", "+354"),
    ("Serbia", "RS", "+381"), ("Albania", "AL", "+355"), ("Ukraine", "UA", "+380"), ("Georgia", "GE", "+995"),
    ("Azerbaijan", "AZ", "+994"), ("United States", "US", "+1"), ("Canada", "CA", "+1"), ("Mexico", "MX", "+52"),
    ("Brazil", "BR", "+55"), ("Argentina", "AR", "+54"), ("Colombia", "CO", "+57"), ("Chile", "CL", "+56"),
    ("Australia", "AU", "+61"), ("New Zealand", "NZ", "+64"), ("Japan", "JP", "+81"), ("South Korea", "KR", "+82"),
    ("India", "IN", "+91"), ("Thailand", "TH", "+66"), ("Singapore", "SG", "+65"), ("Israel", "IL", "+972"),
    ("Saudi Arabia", "SA", "+966"), ("United Arab Emirates", "AE", "+971"), ("Qatar", "QA", "+974"),
    ("Kuwait", "KW", "+965"), ("Jordan", "JO", "+962"), ("Egypt", "EG", "+20"), ("Morocco", "MA", "+212"),
    ("Tunisia", "TN", "+216"), ("South Africa", "ZA", "+27"), ("Nigeria", "NG", "+234"), ("Kenya", "KE", "+254"),
];

/// Adds the countries that are missing; staff may have changed or switched off others.
pub async fn install(app: &App) -> AppResult<()> {
    let now = app.now();
    platform::write_txn!(app.db, |txn| {
        let known: Vec<String> =
            countries::Entity::find().select_only().column(countries::Column::IsoCode).into_tuple().all(txn).await?;
        let known: HashSet<String> = known.into_iter().collect();
        let missing: Vec<countries::ActiveModel> = COUNTRIES
            .iter()
            .zip(1..)
            .filter(|((_, code, _), _)| !known.contains(*code))
            .map(|((name, code, calling_code), order)| countries::ActiveModel {
                id: Set(CountryId::new()),
                name: Set((*name).to_owned()),
                iso_code: Set((*code).to_owned()),
                calling_code: Set((*calling_code).to_owned()),
                flag_path: Set(None),
                display_order: Set(order),
                is_active: Set(true),
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
            })
            .collect();
        if !missing.is_empty() {
            countries::Entity::insert_many(missing).exec_without_returning(txn).await?;
        }
        Ok(())
    })
}

/// The English name of a country in the list.
pub(crate) fn name_of(code: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(_, iso, _)| *iso == code).map(|(name, _, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_once_and_well_formed() {
        let (mut names, mut codes) = (HashSet::new(), HashSet::new());
        for (name, code, calling) in COUNTRIES {
            assert!(names.insert(name) && codes.insert(code), "{name} twice");
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
            let digits = calling.strip_prefix('+').unwrap();
            assert!((1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()), "{calling}");
        }
        assert_eq!(name_of("TR"), Some("Turkey"));
    }
}
