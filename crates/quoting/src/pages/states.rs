//! The states a list of quotes is narrowed to, by their words in an address.

use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Tone};

use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};
use crate::queries::{Filter, Sort};

/// The words, in the order of the list.
const WORDS: [&str; 17] = [
    "inquiry",
    "quote",
    "accepted",
    "confirmed",
    "inprogress",
    "aftercare",
    "completed",
    "rejected",
    "expired",
    "withdrawn",
    "other_accepted",
    "inquiry_cancelled",
    "draft_lapsed",
    "provider_withdrawal",
    "booking_cancelled",
    "archived",
    "dead",
];

/// The states to choose from.
pub(super) fn choices(chrome: &Chrome) -> Vec<Choice> {
    WORDS.iter().map(|word| Choice::new(*word, chrome.word("qs", word))).collect()
}

/// The orders to choose from.
pub(super) fn orders(chrome: &Chrome) -> Vec<Choice> {
    let shown = ["-created_at", "created_at", "price", "-price", "expires_at"];
    shown.iter().map(|word| Choice::new(*word, chrome.word("qs-sort", word.replace('-', "down-")))).collect()
}

/// The filter behind a word; anything else means all that were not archived.
pub(super) fn filter(word: &str, sort: &str) -> Filter {
    use QuoteStatusReason as R;
    let sort = Sort::from_word(sort).unwrap_or_default();
    let of = |status| Filter { status: Some(status), archived: Some(false), sort, ..Filter::default() };
    let ended = |reason| Filter { reason: Some(reason), ..of(QuoteStatus::Cancelled) };
    match word {
        "inquiry" => of(QuoteStatus::Inquiry),
        "quote" => Filter { live: Some(true), sort, ..Filter::default() },
        "accepted" => of(QuoteStatus::Accepted),
        "confirmed" => of(QuoteStatus::Confirmed),
        "inprogress" => of(QuoteStatus::Inprogress),
        "aftercare" => of(QuoteStatus::Aftercare),
        "completed" => of(QuoteStatus::Completed),
        "rejected" => of(QuoteStatus::Rejected),
        "expired" => ended(R::Expired),
        "withdrawn" => ended(R::Withdrawn),
        "other_accepted" => ended(R::OtherAccepted),
        "inquiry_cancelled" => ended(R::InquiryCancelled),
        "draft_lapsed" => ended(R::DraftLapsed),
        "provider_withdrawal" => ended(R::ProviderWithdrawal),
        "booking_cancelled" => ended(R::BookingCancelled),
        "dead" => of(QuoteStatus::Cancelled),
        "archived" => Filter { archived: Some(true), sort, ..Filter::default() },
        _ => Filter { archived: Some(false), sort, ..Filter::default() },
    }
}

/// How a quote stands, in one word.
pub(super) fn badge(
    chrome: &Chrome,
    status: QuoteStatus,
    reason: Option<QuoteStatusReason>,
    (live, archived): (bool, bool),
) -> Badge {
    if archived {
        return Badge::new(Tone::Calm, chrome.t("qs-archived"));
    }
    let word = match (status, reason) {
        (QuoteStatus::Cancelled, Some(reason)) => reason.to_value(),
        // The clock is ahead of the job that ends it.
        (QuoteStatus::Quote, _) if !live => QuoteStatusReason::Expired.to_value(),
        _ => status.to_value(),
    };
    Badge::new(tone(status, live), chrome.word("qs", word))
}

fn tone(status: QuoteStatus, live: bool) -> Tone {
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

/// Whether nothing more comes of it: shown in grey.
pub(super) fn is_dead(status: QuoteStatus, live: bool, archived: bool) -> bool {
    archived
        || matches!(status, QuoteStatus::Rejected | QuoteStatus::Cancelled)
        || (status == QuoteStatus::Quote && !live)
}
