//! Finding clinics by text (R-IQ-85): without regard to case and accents, wildcards are plain text.

/// A text in the form that is compared: lower case, Latin letters without their marks.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter_map(plain).collect::<String>().replace("ß", "ss")
}

/// A text as a part of an address: letters and digits, joined by hyphens.
pub fn slug(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").chars().take(120).collect()
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ł' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'ş' | 'š' | 'ș' => 's',
        'ť' | 'ț' | 'ţ' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        // What lower-casing İ and decomposed letters leave behind.
        '\u{0300}'..='\u{036f}' => return None,
        other => other,
    })
}

/// Whether every word of the query begins a word of one of the texts (R-MG-36); all of them as [`fold`] gives them.
pub fn matches(query: &str, texts: &[String]) -> bool {
    query.split_whitespace().all(|word| texts.iter().any(|text| begins_a_word(text, word)))
}

/// Whether the text has the word where one of its own words begins: behind anything that is no letter and no digit.
fn begins_a_word(text: &str, word: &str) -> bool {
    text.match_indices(word)
        .any(|(at, _)| text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(query: &str, texts: &[&str]) -> bool {
        super::matches(&fold(query), &texts.iter().map(|text| fold(text)).collect::<Vec<_>>())
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        for (query, name) in [
            ("istanbul", "İstanbul Saç Merkezi"),
            ("SAC", "İstanbul Saç Merkezi"),
            ("lodz", "Łódź Hair Clinic"),
            ("Łódź", "lodz hair clinic"),
            ("munchen", "München Klinik"),
            ("hair lodz", "Łódź Hair Clinic"),
        ] {
            assert!(matches(query, &[name]), "{query} in {name}");
        }
        assert!(!matches("hair paris", &["Łódź Hair Clinic"]));
    }

    #[test]
    fn r_mg_36_a_word_is_found_by_its_beginning() {
        for (query, name) in [("ist", "Hair-Istanbul"), ("hai cli", "Łódź Hair Clinic"), ("o'nei", "Dr. O'Neill")] {
            assert!(matches(query, &[name]), "{query} in {name}");
        }
        for (query, name) in
            [("air", "Łódź Hair Clinic"), ("linic", "Łódź Hair Clinic"), ("stanbul", "İstanbul Saç Merkezi")]
        {
            assert!(!matches(query, &[name]), "{query} in {name}");
        }
    }

    #[test]
    fn addresses_are_letters_digits_and_hyphens() {
        assert_eq!(slug("İstanbul (Avrupa yakası)"), "istanbul-avrupa-yakasi");
        assert_eq!(slug("Łódź  "), "lodz");
        assert_eq!(slug("東京"), "");
    }

    #[test]
    fn wildcards_and_quotes_are_plain_text() {
        for query in ["%", "_", "*", "'", "\\", "'; DROP TABLE providers; --"] {
            assert!(!matches(query, &["Aegean Hair Centre"]), "{query}");
        }
        assert!(matches("100%", &["100% Hair"]));
    }
}
