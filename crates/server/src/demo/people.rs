//! The patients: names that go with eighteen countries.

use chrono::{Datelike, NaiveDate};
use identity::entity::patients::PatientGender;

use super::dice::Dice;

/// People of one country: code, the airport they leave from, calling code, cities, men, women, family names.
struct Land {
    code: &'static str,
    airport: &'static str,
    calling: &'static str,
    cities: [&'static str; 3],
    men: [&'static str; 6],
    women: [&'static str; 2],
    families: [&'static str; 7],
}

#[rustfmt::skip]
const LANDS: [Land; 18] = [
    Land { code: "GB", airport: "LHR", calling: "+447700900", cities: ["London", "Manchester", "Bristol"], men: ["Oliver", "James", "Harry", "Thomas", "Samuel", "Aaron"], women: ["Charlotte", "Priya"], families: ["Bennett", "Clarke", "Foster", "Hughes", "Patel", "Walsh", "Turner"] },
    Land { code: "DE", airport: "HAM", calling: "+49151000", cities: ["Hamburg", "Köln", "Leipzig"], men: ["Lukas", "Felix", "Maximilian", "Tobias", "Florian", "Matthias"], women: ["Hannah", "Katrin"], families: ["Schneider", "Weber", "Hoffmann", "Krüger", "Vogel", "Lehmann", "Busch"] },
    Land { code: "FR", airport: "LYS", calling: "+33600000", cities: ["Lyon", "Paris", "Nantes"], men: ["Antoine", "Julien", "Mathieu", "Hugo", "Nicolas", "Karim"], women: ["Camille", "Inès"], families: ["Moreau", "Lefèvre", "Girard", "Fontaine", "Rousseau", "Benali", "Chevalier"] },
    Land { code: "IT", airport: "MXP", calling: "+39320000", cities: ["Milano", "Torino", "Bari"], men: ["Marco", "Luca", "Alessandro", "Davide", "Matteo", "Stefano"], women: ["Giulia", "Chiara"], families: ["Rossi", "Conti", "Greco", "Marchetti", "Ricci", "Ferri", "Lombardi"] },
    Land { code: "IE", airport: "DUB", calling: "+353850000", cities: ["Dublin", "Cork", "Galway"], men: ["Conor", "Sean", "Cian", "Declan", "Rory", "Eoin"], women: ["Aoife", "Niamh"], families: ["Murphy", "Byrne", "Kelly", "Doyle", "Nolan", "Gallagher", "Quinn"] },
    Land { code: "NL", airport: "AMS", calling: "+31600000", cities: ["Utrecht", "Rotterdam", "Groningen"], men: ["Daan", "Jeroen", "Bram", "Sander", "Pieter", "Mehmet"], women: ["Femke", "Lotte"], families: ["de Vries", "Jansen", "Bakker", "Visser", "Smit", "Mulder", "van Dijk"] },
    Land { code: "SE", airport: "ARN", calling: "+46700000", cities: ["Stockholm", "Malmö", "Uppsala"], men: ["Erik", "Johan", "Anders", "Viktor", "Nils", "Oskar"], women: ["Linnea", "Sara"], families: ["Lindgren", "Nyström", "Holm", "Ekström", "Sandberg", "Lund", "Bergqvist"] },
    Land { code: "NO", airport: "OSL", calling: "+47900000", cities: ["Oslo", "Bergen", "Trondheim"], men: ["Magnus", "Henrik", "Lars", "Sindre", "Even", "Jonas"], women: ["Ingrid", "Silje"], families: ["Haugen", "Solberg", "Berge", "Dahl", "Moen", "Lie", "Strand"] },
    Land { code: "ES", airport: "VLC", calling: "+34600000", cities: ["Valencia", "Sevilla", "Bilbao"], men: ["Pablo", "Álvaro", "Diego", "Sergio", "Iván", "Rubén"], women: ["Carmen", "Marta"], families: ["Navarro", "Iglesias", "Cano", "Ortega", "Vega", "Lozano", "Serrano"] },
    Land { code: "PL", airport: "WRO", calling: "+48500000", cities: ["Wrocław", "Poznań", "Lublin"], men: ["Jakub", "Mateusz", "Krzysztof", "Michał", "Adam", "Bartosz"], women: ["Agnieszka", "Ewa"], families: ["Kowalski", "Wójcik", "Mazur", "Dudek", "Pawlak", "Sikora", "Baran"] },
    Land { code: "US", airport: "BOS", calling: "+1202555", cities: ["Boston", "Chicago", "Austin"], men: ["Michael", "Brandon", "Tyler", "Marcus", "Ryan", "Ethan"], women: ["Ashley", "Naomi"], families: ["Carter", "Reed", "Brooks", "Morales", "Hayes", "Sullivan", "Nguyen"] },
    Land { code: "CA", airport: "YVR", calling: "+1604555", cities: ["Vancouver", "Toronto", "Montréal"], men: ["Liam", "Noah", "Étienne", "Arjun", "Owen", "Gabriel"], women: ["Chloe", "Mei"], families: ["Tremblay", "Campbell", "Singh", "MacDonald", "Roy", "Chen", "Fraser"] },
    Land { code: "AU", airport: "SYD", calling: "+61400000", cities: ["Sydney", "Perth", "Brisbane"], men: ["Jack", "Lachlan", "Cooper", "Angus", "Nathan", "Dylan"], women: ["Matilda", "Zoe"], families: ["Mitchell", "Campbell", "Rowe", "Harding", "Doherty", "Pham", "Ellis"] },
    Land { code: "AE", airport: "DXB", calling: "+97150000", cities: ["Dubai", "Abu Dhabi", "Sharjah"], men: ["Khalid", "Rashid", "Faisal", "Hamdan", "Yousef", "Tariq"], women: ["Noura", "Hessa"], families: ["Al Mansouri", "Al Zaabi", "Haddad", "Al Suwaidi", "Nasser", "Al Falasi", "Qureshi"] },
    Land { code: "SA", airport: "RUH", calling: "+96650000", cities: ["Riyadh", "Jeddah", "Dammam"], men: ["Abdullah", "Fahad", "Sultan", "Majed", "Turki", "Nawaf"], women: ["Reem", "Layan"], families: ["Al Harbi", "Al Qahtani", "Al Shehri", "Al Otaibi", "Bakr", "Al Dosari", "Al Amri"] },
    Land { code: "TR", airport: "ADB", calling: "+90500000", cities: ["İzmir", "Ankara", "Bursa"], men: ["Ahmet", "Mustafa", "Can", "Ozan", "Serkan", "Tolga"], women: ["Ebru", "Gizem"], families: ["Yılmaz", "Kara", "Aydın", "Polat", "Doğan", "Özkan", "Kurt"] },
    Land { code: "RO", airport: "CLJ", calling: "+40700000", cities: ["Cluj-Napoca", "București", "Timișoara"], men: ["Andrei", "Mihai", "Radu", "Vlad", "Cătălin", "Ionuț"], women: ["Ioana", "Raluca"], families: ["Popescu", "Ionescu", "Munteanu", "Dobre", "Stan", "Marin", "Lazăr"] },
    Land { code: "CH", airport: "ZRH", calling: "+41760000", cities: ["Zürich", "Basel", "Genève"], men: ["Reto", "Urs", "Fabian", "Luca", "Yannick", "Dario"], women: ["Nina", "Selina"], families: ["Keller", "Frei", "Baumann", "Gerber", "Meier", "Favre", "Brunner"] },
];

/// A patient as described here.
#[derive(Clone, Debug)]
pub struct Person {
    /// Natural key, and the name of the address.
    pub key: String,
    /// First name.
    pub first: &'static str,
    /// Family name.
    pub last: &'static str,
    /// Address.
    pub email: String,
    /// ISO 3166-1.
    pub country: &'static str,
    /// City.
    pub city: &'static str,
    /// Where they leave from: IATA.
    pub airport: &'static str,
    /// E.164, of ranges nobody answers.
    pub phone: String,
    /// Gender.
    pub gender: PatientGender,
    /// Birthday.
    pub birthday: NaiveDate,
}

/// Folds letters to those an address is made of.
fn plain(name: &str) -> String {
    let fold = |c: char| match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ă' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ğ' => 'g',
        'ş' | 'ș' => 's',
        'ț' => 't',
        'ł' => 'l',
        'ñ' => 'n',
        other => other,
    };
    name.to_lowercase().chars().map(fold).filter(char::is_ascii_alphabetic).collect()
}

/// The patient of this number; every number is somebody else, and neighbours come from different countries.
pub fn person(number: usize, today: NaiveDate) -> Option<Person> {
    let round = number / LANDS.len();
    let land = LANDS.get(number % LANDS.len())?;
    let mut dice = Dice::of(&format!("patient {number}"));
    let woman = round % 7 == 3;
    // Steps of coprime length: the same pair of names returns after 42 rounds only.
    let (first, gender) = if woman {
        (*land.women.get((round / 7) % land.women.len())?, PatientGender::Female)
    } else {
        (*land.men.get(round % land.men.len())?, PatientGender::Male)
    };
    let last = land.families.get((round + number) % land.families.len())?;
    let city = dice.text(&land.cities);
    let years = i32::try_from(dice.between(24, 58)).ok()?;
    let (month, day) = (dice.between(1, 12), dice.between(1, 28));
    let birthday = NaiveDate::from_ymd_opt(today.year() - years, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    let key =
        format!("{}.{}{}", plain(first), plain(last), if round >= 42 { format!(".{round}") } else { String::new() });
    let phone = format!("{}{:03}", land.calling, 100 + number % 900);
    let email = format!("{key}@patients.example");
    let (country, airport) = (land.code, land.airport);
    Some(Person { key, first, last, email, country, city, airport, phone, gender, birthday })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn two_hundred_and_forty_people_from_eighteen_countries_are_all_different() {
        let today: NaiveDate = "2026-03-02".parse().unwrap();
        let all: Vec<Person> = (0..240).map(|number| person(number, today).unwrap()).collect();
        let emails: HashSet<_> = all.iter().map(|person| person.email.clone()).collect();
        let phones: HashSet<_> = all.iter().map(|person| person.phone.clone()).collect();
        let countries: HashSet<_> = all.iter().map(|person| person.country).collect();
        assert_eq!((emails.len(), phones.len(), countries.len()), (240, 240, 18));
        for person in &all {
            assert!(person.email.is_ascii() && person.email.ends_with(".example"), "{}", person.email);
            let age = kernel::time::age_on(person.birthday, today).unwrap();
            assert!((18..=60).contains(&age), "{age}");
            assert!(person.phone.len() <= 16, "{}", person.phone);
        }
        assert!(all.iter().any(|person| person.gender == PatientGender::Female));
    }
}
