//! Words and badges these pages share.

use identity::anonymity::{Level, MaskedPatient};
use inquiry::entity::inquiry_providers::InquiryProviderStatus;
use inquiry::rules::alert::AlertLevel;
use kernel::{DateRange, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ui::{Badge, Choice, Chrome, Tone};

use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};

/// From how many hours before its end a deadline is pressing.
const PRESSING_HOURS: i64 = 24;

/// The stored word of a value.
pub(super) fn stored(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The value of a stored word; nothing for any other.
pub(super) fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// Choices from stored words, with their texts.
pub(super) fn choices(chrome: &Chrome, prefix: &str, words: &[&str]) -> Vec<Choice> {
    words.iter().map(|word| Choice::new(*word, chrome.word(prefix, word))).collect()
}

/// What to call the patient: the code in the reader's language until the clinic may know the name.
pub(super) fn patient_name(chrome: &Chrome, patient: &MaskedPatient) -> String {
    match (&patient.patient_code, patient.anonymization_level) {
        (Some(code), Level::Full) => chrome.tw("pq-patient-code", "code", code),
        _ => patient.display_name.clone(),
    }
}

/// The name of a country.
pub(super) fn country(chrome: &Chrome, code: &str) -> String {
    let known = platform::locale::find_text(chrome.locale, &format!("country-{}", code.to_lowercase()));
    known.unwrap_or_else(|| {
        let named = catalogue::rules::world::COUNTRIES.iter().find(|country| country.code == code);
        named.map_or_else(|| code.to_owned(), |country| country.name.to_owned())
    })
}

/// Age and gender in a line, as far as they are known.
pub(super) fn person_line(chrome: &Chrome, patient: &MaskedPatient) -> String {
    let age = patient.age.map(|age| chrome.tn("pq-age", "count", i64::from(age)));
    let gender = patient.gender.map(|gender| chrome.word("pq-gender", stored(&gender)));
    age.into_iter().chain(gender).collect::<Vec<_>>().join(", ")
}

/// A range of days; one day when both ends are the same.
pub(super) fn range(chrome: &Chrome, range: &DateRange) -> String {
    if range.start == range.end {
        return chrome.date(range.start);
    }
    format!("{} – {}", chrome.date(range.start), chrome.date(range.end))
}

/// How urgent the medical answers are.
pub(super) fn alert_badge(chrome: &Chrome, level: AlertLevel) -> Badge {
    let tone = match level {
        AlertLevel::Critical => Tone::Bad,
        AlertLevel::Standard => Tone::Warn,
        AlertLevel::None => Tone::Good,
    };
    Badge::new(tone, chrome.word("pq-alert", level.name()))
}

/// Whether a request waits for this clinic.
pub(super) fn is_waiting(status: InquiryProviderStatus, deadline: Timestamp, now: Timestamp) -> bool {
    matches!(status, InquiryProviderStatus::Distributed | InquiryProviderStatus::Viewed) && now < deadline
}

/// Whether a deadline is near.
pub(super) fn is_pressing(deadline: Timestamp, now: Timestamp) -> bool {
    deadline - now < chrono::Duration::hours(PRESSING_HOURS)
}

/// How far this clinic is with a request.
pub(super) fn own_badge(chrome: &Chrome, status: InquiryProviderStatus, deadline: Timestamp) -> Badge {
    let over = deadline <= chrome.now;
    let (tone, word) = match status {
        InquiryProviderStatus::Distributed | InquiryProviderStatus::Viewed if over => (Tone::Warn, "lapsed"),
        InquiryProviderStatus::Distributed => (Tone::Info, "distributed"),
        InquiryProviderStatus::Viewed => (Tone::Info, "viewed"),
        InquiryProviderStatus::Quoted => (Tone::Good, "quoted"),
        InquiryProviderStatus::Declined => (Tone::Calm, "declined"),
        InquiryProviderStatus::Lapsed => (Tone::Warn, "lapsed"),
        InquiryProviderStatus::Removed | InquiryProviderStatus::Closed => (Tone::Calm, "closed"),
    };
    Badge::new(tone, chrome.word("pq-state", word))
}

/// The word under which the state of a quote is explained.
pub(super) fn quote_word(status: QuoteStatus, reason: Option<QuoteStatusReason>, live: bool) -> String {
    match (status, reason) {
        (QuoteStatus::Cancelled, Some(reason)) => stored(&reason),
        // The clock is ahead of the job that ends it.
        (QuoteStatus::Quote, _) if !live => stored(&QuoteStatusReason::Expired),
        _ => stored(&status),
    }
}

/// How the state of a quote feels.
pub(super) fn quote_tone(status: QuoteStatus, live: bool) -> Tone {
    match status {
        QuoteStatus::Inquiry => Tone::Warn,
        QuoteStatus::Quote if live => Tone::Info,
        QuoteStatus::Accepted
        | QuoteStatus::Confirmed
        | QuoteStatus::Inprogress
        | QuoteStatus::Aftercare
        | QuoteStatus::Completed => Tone::Good,
        QuoteStatus::Quote | QuoteStatus::Rejected | QuoteStatus::Cancelled => Tone::Calm,
    }
}

/// Whether the patient took this offer.
pub(super) fn is_taken(status: QuoteStatus) -> bool {
    matches!(
        status,
        QuoteStatus::Accepted
            | QuoteStatus::Confirmed
            | QuoteStatus::Inprogress
            | QuoteStatus::Aftercare
            | QuoteStatus::Completed
    )
}
