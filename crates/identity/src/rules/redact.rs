//! Contact details in texts that a clinic and a patient exchange before they may know each other (R-ID-61, R-CM-21..23).
//!
//! Works on characters: every character of the text is normalised to exactly one, so a span found in the normal form is
//! a span of the text.

/// What stands where something was hidden; translated at display.
pub const HIDDEN: &str = "[contact details hidden]";

/// Endings of bare addresses that count as links.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "info", "biz", "io", "co", "me", "app", "dev", "online", "site", "health", "clinic", "care",
    "uk", "tr", "de", "fr", "es", "pl", "pt", "hu", "it", "nl", "eu", "us", "ru", "ie", "at", "ch", "se", "link",
];

/// Words before a name that is a handle.
const NETWORKS: &[&str] = &[
    "whatsapp",
    "telegram",
    "viber",
    "signal",
    "wechat",
    "skype",
    "instagram",
    "insta",
    "facebook",
    "messenger",
    "tiktok",
    "snapchat",
];

/// The text without contact details and without these names, whole words in any case: a patient who signs with the own
/// name would otherwise tell what the level of the case hides.
pub fn redact_with_names(text: &str, names: &[&str]) -> String {
    let names: Vec<String> = names
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        // Two letters are a word of some language more often than a name.
        .filter(|part| part.chars().count() > 2)
        .map(str::to_lowercase)
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = redact(text);
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let end = rest
            .get(start..)
            .and_then(|tail| tail.find(|c: char| !c.is_alphanumeric()))
            .map_or(rest.len(), |at| start + at);
        let (before, word) = (rest.get(..start).unwrap_or_default(), rest.get(start..end).unwrap_or_default());
        out.push_str(before);
        out.push_str(if names.contains(&word.to_lowercase()) { HIDDEN } else { word });
        rest = rest.get(end..).unwrap_or_default().to_owned();
    }
    out + &rest
}

/// The text without e-mail addresses, phone numbers, links and handles.
pub fn redact(text: &str) -> String {
    let original: Vec<char> = text.chars().collect();
    let normal: Vec<char> = original.iter().map(|c| normalise(*c)).collect();
    let mut hidden = vec![false; normal.len()];
    let words = words(&normal);
    for (index, word) in words.iter().enumerate() {
        let next = words.get(index + 1);
        if is_address(&word.text) || is_link(&word.text) || is_handle(&word.text) {
            mark(&mut hidden, word.start, word.end);
        } else if let (true, Some(next)) = (is_network(&word.text), next)
            && looks_like_name(&next.text)
        {
            mark(&mut hidden, next.start, next.end);
        }
        if let Some(end) = spelled_address(&words, index) {
            mark(&mut hidden, word.start, end);
        }
    }
    mark_phones(&normal, &mut hidden);
    rebuild(&original, &hidden)
}

/// Lower case, and the digits of other scripts as ASCII; one character stays one character.
fn normalise(c: char) -> char {
    let digit = match c {
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        '٠'..='٩' => Some(u32::from(c) - u32::from('٠')),
        '۰'..='۹' => Some(u32::from(c) - u32::from('۰')),
        _ => None,
    };
    match digit.and_then(|digit| char::from_digit(digit, 10)) {
        Some(digit) => digit,
        None if c == '＠' => '@',
        None if c == '．' => '.',
        None => c.to_lowercase().next().unwrap_or(c),
    }
}

struct Word {
    text: String,
    start: usize,
    end: usize,
}

/// The words between spaces, without the punctuation around them; zero-width characters inside a word do not count.
fn words(normal: &[char]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (index, c) in normal.iter().chain([&' ']).enumerate() {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(index),
            (true, Some(from)) => {
                if let Some(word) = trimmed(normal, from, index) {
                    words.push(word);
                }
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn trimmed(normal: &[char], mut start: usize, mut end: usize) -> Option<Word> {
    let edge =
        |c: Option<&char>| c.is_some_and(|c| matches!(c, ',' | ';' | ':' | '.' | '!' | '?' | '"' | '\'' | '<' | '>'));
    while start < end && edge(normal.get(start)) {
        start += 1;
    }
    while end > start && edge(normal.get(end - 1)) {
        end -= 1;
    }
    let text: String = normal.get(start..end)?.iter().filter(|c| !is_invisible(**c)).collect();
    (!text.is_empty()).then_some(Word { text, start, end })
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}')
}

fn mark(hidden: &mut [bool], start: usize, end: usize) {
    for place in hidden.iter_mut().take(end).skip(start) {
        *place = true;
    }
}

/// `name@host.tld`, also with `(at)`, `[at]`, `(dot)`, `[dot]` inside one word.
fn is_address(word: &str) -> bool {
    let plain = word.replace("(at)", "@").replace("[at]", "@").replace("(dot)", ".").replace("[dot]", ".");
    let plain = plain.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']'));
    plain.split_once('@').is_some_and(|(name, host)| {
        name.chars().any(char::is_alphanumeric)
            && host.split_once('.').is_some_and(|(host, end)| !host.is_empty() && end.len() >= 2)
    })
}

/// `name (at) host (dot) com`, over several words: where it ends, if one begins here.
fn spelled_address(words: &[Word], at: usize) -> Option<usize> {
    let word = |offset: usize| words.get(at + offset).map(|word| word.text.as_str());
    let is_at = matches!(word(1)?, "(at)" | "[at]" | "at" | "@" | "kuyruklu");
    let dot = if word(1)? == "kuyruklu" { 4 } else { 3 };
    let is_dot = matches!(word(dot)?, "(dot)" | "[dot]" | "dot" | "nokta" | ".");
    let ends = ENDINGS.contains(&word(dot + 1)?);
    if is_at && is_dot && ends { words.get(at + dot + 1).map(|word| word.end) } else { None }
}

fn is_link(word: &str) -> bool {
    let word = word.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']'));
    if ["http://", "https://", "www.", "wa.me/", "t.me/"].iter().any(|head| word.starts_with(head)) {
        return true;
    }
    let host = word.split(['/', '?', ':']).next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(name, end)| {
        ENDINGS.contains(&end)
            && name.chars().filter(char::is_ascii_alphanumeric).count() >= 2
            && name.chars().any(|c| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
    })
}

/// `@name` with at least four characters.
fn is_handle(word: &str) -> bool {
    word.strip_prefix('@').is_some_and(|name| {
        name.chars().count() >= 4 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
    })
}

fn is_network(word: &str) -> bool {
    NETWORKS.contains(&word)
}

/// A word no sentence would hold: digits, an underscore or a dot in it.
fn looks_like_name(word: &str) -> bool {
    word.chars().count() >= 3 && word.chars().any(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | '@'))
}

/// Seven to fifteen digits with at most two separators between them, but for dates, amounts and codes (R-CM-22, 23).
fn mark_phones(normal: &[char], hidden: &mut [bool]) {
    let mut index = 0;
    while index < normal.len() {
        let Some(run) = digits_from(normal, index) else {
            index += 1;
            continue;
        };
        index = run.end;
        if (7..=15).contains(&run.count) && !is_harmless(normal, &run) {
            mark(hidden, run.start, run.end);
        }
    }
}

struct Run {
    start: usize,
    end: usize,
    count: usize,
    groups: Vec<String>,
    separators: Vec<char>,
}

fn digits_from(normal: &[char], from: usize) -> Option<Run> {
    let first = *normal.get(from)?;
    let opens = first.is_ascii_digit() || (first == '+' && normal.get(from + 1).is_some_and(char::is_ascii_digit));
    if !opens {
        return None;
    }
    let mut run = Run { start: from, end: from, count: 0, groups: vec![String::new()], separators: Vec::new() };
    let (mut index, mut gap) = (from, 0);
    while let Some(c) = normal.get(index) {
        if c.is_ascii_digit() {
            if gap > 0 {
                run.groups.push(String::new());
            }
            if let Some(group) = run.groups.last_mut() {
                group.push(*c);
            }
            (run.count, run.end, gap) = (run.count + 1, index + 1, 0);
        } else if is_invisible(*c) || (*c == '+' && index == from) {
            // Neither parts digits from each other.
        } else if matches!(c, ' ' | '.' | '-' | '/' | '(' | ')' | '\u{00a0}') && gap < 2 {
            gap += 1;
            run.separators.push(*c);
        } else {
            break;
        }
        index += 1;
    }
    Some(run)
}

fn is_harmless(normal: &[char], run: &Run) -> bool {
    is_dates(&run.groups) || is_code(normal, run) || is_amount(normal, run)
}

/// Dates and ranges of dates or years: groups of 4-2-2, 2-2-4 or 4 digits that look like days, months and years.
fn is_dates(groups: &[String]) -> bool {
    let number = |text: &String| text.parse::<u32>().unwrap_or(u32::MAX);
    let year = |text: &String| text.len() == 4 && (1900..=2100).contains(&number(text));
    let small = |text: &String, most: u32| text.len() <= 2 && (1..=most).contains(&number(text));
    let mut rest = groups;
    while !rest.is_empty() {
        rest = match rest {
            [y, m, d, rest @ ..] if year(y) && small(m, 12) && small(d, 31) => rest,
            [d, m, y, rest @ ..] if year(y) && small(m, 12) && small(d, 31) => rest,
            [y, rest @ ..] if year(y) => rest,
            _ => return false,
        };
    }
    true
}

/// Part of a longer word: a UUID, `PAT-1234567`, `HPID26030001`.
fn is_code(normal: &[char], run: &Run) -> bool {
    let before = run.start.checked_sub(1).and_then(|index| normal.get(index));
    let letter_before = before.is_some_and(|c| c.is_alphabetic())
        || (before == Some(&'-')
            && run.start.checked_sub(2).and_then(|index| normal.get(index)).is_some_and(|c| c.is_alphanumeric()));
    letter_before && normal.get(run.start) != Some(&'+')
}

/// Beside a currency, up to nine digits.
fn is_amount(normal: &[char], run: &Run) -> bool {
    let around = |from: usize, to: usize| -> String {
        normal.get(from..to.min(normal.len())).unwrap_or_default().iter().collect()
    };
    let before = around(run.start.saturating_sub(4), run.start);
    let after = around(run.end, run.end + 4);
    let currency = |text: &str| {
        ["£", "€", "$", "₺", "gbp", "eur", "usd", "try", "pln"].iter().any(|currency| text.trim().contains(currency))
    };
    run.count <= 9 && (currency(&before) || currency(&after))
}

fn rebuild(original: &[char], hidden: &[bool]) -> String {
    let mut text = String::with_capacity(original.len());
    let mut inside = false;
    for (c, hide) in original.iter().zip(hidden) {
        if *hide && !inside {
            text.push_str(HIDDEN);
        } else if !*hide {
            text.push(*c);
        }
        inside = *hide;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hidden_as_whole_words() {
        let text = redact_with_names("I am JOHN doe, Johnny's friend. Do you see?", &["John", "Doe-Smith"]);
        assert_eq!(text, format!("I am {HIDDEN} {HIDDEN}, Johnny's friend. Do you see?"));
        assert_eq!(redact_with_names("Ben Ay, memnun oldum", &["Ay"]), "Ben Ay, memnun oldum");
    }

    #[test]
    fn contact_details_are_hidden() {
        for (text, clean) in [
            ("Write to mark@example.com, please.", "Write to #, please."),
            ("mark(at)example(dot)com", "#"),
            ("mark [at] example [dot] com now", "# now"),
            ("mark at example dot com", "#"),
            ("Call +44 7700 900123!", "Call #!"),
            ("Call 07700-900-123 or 0090 555 123 45 67", "Call # or #"),
            ("my number is ٠٧٧٠٠٩٠٠١٢٣", "my number is #"),
            ("０７７００９００１２３", "#"),
            ("07\u{200b}700900123", "#"),
            ("see https://example.com/me?x=1 and www.foo.bar", "see # and #"),
            ("clinic.com.tr is ours", "# is ours"),
            ("I am @mark_p there", "I am # there"),
            ("whatsapp: mark.p77", "whatsapp: #"),
            ("telegram mark_77 ok", "telegram # ok"),
        ] {
            assert_eq!(redact(text), clean.replace('#', HIDDEN), "{text}");
        }
    }

    #[test]
    fn harmless_texts_pass() {
        for text in [
            "",
            "I need about 3500 grafts, maybe 4000.",
            "Between 2026-04-01 and 2026-04-10, or 01.05.2026 - 10.05.2026.",
            "From 2019-2023 I took finasteride, 1 mg.",
            "It may cost 8950000 GBP or £2,500.00.",
            "My code is PAT-1234567 and HPID26030001.",
            "0190f5fe-7c00-7a00-8000-1234567890ab",
            "I was treated at home. Ok then",
            "On Instagram I saw good results.",
            "Meet me @ noon",
        ] {
            assert_eq!(redact(text), text);
        }
    }
}
