//! Parts of the case page that are lists of their own: answers by weight, own quotes.

use catalogue::rules::questions::Severity;
use inquiry::rules::alert::Answer;
use inquiry::views::MedicalView;
use kernel::ids::InquiryId;
use kernel::{Money, Timestamp};
use ui::{Badge, Chrome};

use super::words;
use crate::desk::OwnQuote;
use crate::entity::quotes::QuoteStatus;

/// The medical answers, the heaviest first.
pub(super) struct Answers {
    /// Answered with yes.
    pub(super) yes: Vec<YesAnswer>,
    /// Answered with no.
    pub(super) no: Vec<String>,
    /// Smoking, alcohol, family.
    pub(super) habits: Vec<(String, String)>,
}

/// A question answered with yes.
pub(super) struct YesAnswer {
    pub(super) question: String,
    pub(super) details: String,
    pub(super) badge: Badge,
}

impl Answers {
    pub(super) fn new(chrome: &Chrome, medical: &MedicalView) -> Self {
        let mut yes: Vec<&Answer> = medical.answers.iter().filter(|answer| answer.answer).collect();
        yes.sort_by_key(|answer| weight(answer.severity));
        let habits = [
            ("pq-habit-smoking", &medical.smoking_status),
            ("pq-habit-alcohol", &medical.alcohol_consumption),
            ("pq-habit-family", &medical.family_history),
        ];
        Self {
            yes: yes.into_iter().map(|answer| YesAnswer::new(chrome, answer)).collect(),
            no: medical.answers.iter().filter(|a| !a.answer).map(|a| a.question_text.clone()).collect(),
            habits: habits.into_iter().filter_map(|(key, text)| Some((chrome.t(key), text.clone()?))).collect(),
        }
    }

    /// How many questions were answered with no.
    pub(super) fn no_count(&self) -> i64 {
        i64::try_from(self.no.len()).unwrap_or_default()
    }
}

impl YesAnswer {
    fn new(chrome: &Chrome, answer: &Answer) -> Self {
        use inquiry::rules::alert::AlertLevel;
        let level = match answer.severity {
            Severity::Critical => AlertLevel::Critical,
            Severity::Standard => AlertLevel::Standard,
            Severity::None => AlertLevel::None,
        };
        Self {
            question: answer.question_text.clone(),
            details: answer.details.clone().unwrap_or_default(),
            badge: words::alert_badge(chrome, level),
        }
    }
}

fn weight(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 0,
        Severity::Standard => 1,
        Severity::None => 2,
    }
}

/// An own quote as a row of its case.
pub(super) struct QuoteLine {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) code: String,
    pub(super) badge: Badge,
    /// Nothing is computed before it is sent.
    pub(super) total: Option<Money>,
    pub(super) until: Option<Timestamp>,
    pub(super) changed: Timestamp,
}

impl QuoteLine {
    pub(super) fn new(chrome: &Chrome, case: InquiryId, quote: &OwnQuote) -> Self {
        let open_draft = quote.status == QuoteStatus::Inquiry && !quote.archived;
        let href = if open_draft {
            format!("/provider/cases/{case}/quote?quote={}", quote.id)
        } else {
            format!("/provider/quotes/{}", quote.id)
        };
        let title = match quote.grafts {
            Some(grafts) => format!("{} · {}", quote.treatment, chrome.tn("pq-grafts", "count", i64::from(grafts))),
            None => quote.treatment.clone(),
        };
        let word = words::quote_word(quote.status, quote.reason, quote.live);
        Self {
            href,
            title,
            code: quote.code.clone().unwrap_or_default(),
            badge: Badge::new(words::quote_tone(quote.status, quote.live), chrome.word("pq-quote", word)),
            total: quote.submitted_at.map(|_| quote.total),
            until: quote.expires_at.filter(|_| quote.live),
            changed: quote.updated_at,
        }
    }
}
