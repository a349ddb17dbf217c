//! What a patient does next: one rule over the facts of their case.

use chrono::NaiveDate;
use inquiry::entity::inquiries::InquiryStatus;
use kernel::ids::QuoteId;
use kernel::{Money, Timestamp};

/// What the rule looks at.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// An unfinished request is kept until then.
    pub draft_until: Option<Timestamp>,
    /// Stage of the case; `None` before the first request.
    pub status: Option<InquiryStatus>,
    /// Staff put the case away: it is only to be read.
    pub archived: bool,
    /// Until when clinics may answer.
    pub answers_until: Option<Timestamp>,
    /// Offers that can be accepted, each with the end of its validity, the one that ends first in front.
    pub offers: Vec<(QuoteId, Option<Timestamp>)>,
    /// What was booked.
    pub booking: Option<BookingFacts>,
    /// The aftercare plan.
    pub plan: Option<PlanFacts>,
    /// A review can be written from then on; `None` when it cannot or was written.
    pub review_from: Option<Timestamp>,
}

/// A booking as the rule sees it.
#[derive(Clone, Debug)]
pub struct BookingFacts {
    /// The accepted quote.
    pub quote: QuoteId,
    /// End of the hold while it waits for the first payment.
    pub hold_until: Option<Timestamp>,
    /// What is missing.
    pub due: Money,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// First day of the treatment.
    pub starts_on: Option<NaiveDate>,
    /// Today at the clinic.
    pub today: NaiveDate,
}

/// An aftercare plan as the rule sees it.
#[derive(Clone, Copy, Debug)]
pub struct PlanFacts {
    /// Tasks that can be done today or are late.
    pub waiting: i64,
    /// Of these, the late ones.
    pub late: i64,
    /// Day of the next task.
    pub next_on: Option<NaiveDate>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Next {
    /// Nothing was asked yet.
    Start,
    /// A request was begun.
    Continue { until: Timestamp },
    /// Clinics are reading.
    Wait { until: Option<Timestamp> },
    /// The time is over and nobody answered.
    NoAnswers,
    /// One offer to read.
    Look { offer: QuoteId, until: Option<Timestamp> },
    /// Several offers to compare.
    Compare { count: i64, until: Option<Timestamp> },
    /// The date is held for the first payment.
    Pay { quote: QuoteId, until: Option<Timestamp> },
    /// The rest is to be paid.
    Balance { quote: QuoteId, due: Money, on: Option<NaiveDate>, late: bool },
    /// All is paid; the journey comes.
    Prepare { quote: QuoteId, on: Option<NaiveDate> },
    /// Today it is.
    Arrive { quote: QuoteId },
    /// The treatment runs.
    Treatment { quote: QuoteId },
    /// Tasks of the plan wait.
    Tasks { waiting: i64, late: i64 },
    /// Nothing to do until that day.
    Recover { on: Option<NaiveDate> },
    /// A word for others.
    Review { quote: QuoteId },
    /// All done.
    Done,
    /// The last request ended without an offer and can go on.
    Extend,
    /// The last request came to nothing.
    Again,
}

/// The rule: the earliest thing the patient can do for the case, else what it waits for.
pub fn next(facts: &Facts, now: Timestamp) -> Next {
    let Some(status) = facts.status else {
        return facts.draft_until.map_or(Next::Start, |until| Next::Continue { until });
    };
    let begun = facts.draft_until.map(|until| Next::Continue { until });
    match status {
        InquiryStatus::Inquiry | InquiryStatus::Quote => answers(facts, now),
        InquiryStatus::Accepted | InquiryStatus::Confirmed | InquiryStatus::Inprogress => booked(facts, status),
        InquiryStatus::Aftercare => match (facts.plan, review(facts, now)) {
            (Some(PlanFacts { waiting, late, .. }), _) if waiting > 0 => Next::Tasks { waiting, late },
            (_, Some(review)) => review,
            (plan, None) => Next::Recover { on: plan.and_then(|plan| plan.next_on) },
        },
        InquiryStatus::Completed => begun.or_else(|| review(facts, now)).unwrap_or(Next::Done),
        InquiryStatus::Expired if !facts.archived => begun.unwrap_or(Next::Extend),
        InquiryStatus::Cancelled | InquiryStatus::Expired => begun.unwrap_or(Next::Again),
    }
}

fn answers(facts: &Facts, now: Timestamp) -> Next {
    match facts.offers.as_slice() {
        [] if facts.answers_until.is_some_and(|until| until <= now) => Next::NoAnswers,
        [] => Next::Wait { until: facts.answers_until },
        [(offer, until)] => Next::Look { offer: *offer, until: *until },
        [(_, until), ..] => {
            Next::Compare { count: i64::try_from(facts.offers.len()).unwrap_or(i64::MAX), until: *until }
        }
    }
}

fn booked(facts: &Facts, status: InquiryStatus) -> Next {
    let Some(booking) = &facts.booking else { return Next::Wait { until: None } };
    let quote = booking.quote;
    if status == InquiryStatus::Inprogress {
        return Next::Treatment { quote };
    }
    if status == InquiryStatus::Accepted {
        return Next::Pay { quote, until: booking.hold_until };
    }
    if booking.due.amount.is_positive() {
        let late = booking.due_on.is_some_and(|on| booking.today > on);
        return Next::Balance { quote, due: booking.due, on: booking.due_on, late };
    }
    match booking.starts_on {
        Some(day) if day <= booking.today => Next::Arrive { quote },
        on => Next::Prepare { quote, on },
    }
}

fn review(facts: &Facts, now: Timestamp) -> Option<Next> {
    let quote = facts.booking.as_ref()?.quote;
    facts.review_from.filter(|from| *from <= now).map(|_| Next::Review { quote })
}

#[cfg(test)]
mod tests {
    use kernel::{Amount, Currency};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn money(units: i32) -> Money {
        Money::new(Amount::from_units(units), Currency::GBP)
    }

    fn in_stage(status: InquiryStatus) -> Facts {
        Facts { status: Some(status), ..Facts::default() }
    }

    fn booked_at(status: InquiryStatus, due: i32, starts_on: &str) -> (Facts, QuoteId) {
        let quote = QuoteId::new();
        let booking = BookingFacts {
            quote,
            hold_until: Some(at("2026-03-03T10:00:00Z")),
            due: money(due),
            due_on: Some(day("2026-03-01")),
            starts_on: Some(day(starts_on)),
            today: day("2026-03-02"),
        };
        (Facts { booking: Some(booking), ..in_stage(status) }, quote)
    }

    #[test]
    fn the_patient_always_knows_what_to_do() {
        use InquiryStatus::{
            Accepted, Aftercare, Cancelled, Completed, Confirmed, Expired, Inprogress, Inquiry, Quote,
        };
        let now = at("2026-03-02T10:00:00Z");
        let later = at("2026-03-04T10:00:00Z");
        let (one, two) = (QuoteId::new(), QuoteId::new());
        let plan = |waiting, late| Some(PlanFacts { waiting, late, next_on: Some(day("2026-03-09")) });
        let (unpaid, held) = booked_at(Accepted, 100, "2026-05-01");
        let (part_paid, partly) = booked_at(Confirmed, 75, "2026-05-01");
        let (paid, ready) = booked_at(Confirmed, 0, "2026-05-01");
        let (today, arriving) = booked_at(Confirmed, 0, "2026-03-02");
        let (running, treated) = booked_at(Inprogress, 0, "2026-03-02");
        let (recovering, _) = booked_at(Aftercare, 0, "2026-02-01");
        let (over, reviewed) = booked_at(Completed, 0, "2025-02-01");
        let table = [
            (Facts::default(), Next::Start),
            (Facts { draft_until: Some(later), ..Facts::default() }, Next::Continue { until: later }),
            (Facts { answers_until: Some(later), ..in_stage(Inquiry) }, Next::Wait { until: Some(later) }),
            (Facts { answers_until: Some(now), ..in_stage(Inquiry) }, Next::NoAnswers),
            (
                Facts { offers: vec![(one, Some(later))], ..in_stage(Quote) },
                Next::Look { offer: one, until: Some(later) },
            ),
            (
                Facts { offers: vec![(one, Some(later)), (two, None)], ..in_stage(Quote) },
                Next::Compare { count: 2, until: Some(later) },
            ),
            (unpaid, Next::Pay { quote: held, until: Some(at("2026-03-03T10:00:00Z")) }),
            (part_paid, Next::Balance { quote: partly, due: money(75), on: Some(day("2026-03-01")), late: true }),
            (paid, Next::Prepare { quote: ready, on: Some(day("2026-05-01")) }),
            (today, Next::Arrive { quote: arriving }),
            (running, Next::Treatment { quote: treated }),
            (Facts { plan: plan(2, 1), ..recovering.clone() }, Next::Tasks { waiting: 2, late: 1 }),
            (Facts { plan: plan(0, 0), ..recovering }, Next::Recover { on: Some(day("2026-03-09")) }),
            (Facts { review_from: Some(now), ..over.clone() }, Next::Review { quote: reviewed }),
            (Facts { review_from: Some(later), ..over.clone() }, Next::Done),
            (over.clone(), Next::Done),
            (Facts { draft_until: Some(later), ..over }, Next::Continue { until: later }),
            (in_stage(Cancelled), Next::Again),
            (in_stage(Expired), Next::Extend),
            (Facts { archived: true, ..in_stage(Expired) }, Next::Again),
            (Facts { draft_until: Some(later), ..in_stage(Expired) }, Next::Continue { until: later }),
        ];
        for (facts, expected) in table {
            assert_eq!(next(&facts, now), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_review_waits_behind_tasks() {
        let now = at("2026-03-02T10:00:00Z");
        let (mut facts, quote) = booked_at(InquiryStatus::Aftercare, 0, "2025-11-01");
        facts.review_from = Some(now);
        facts.plan = Some(PlanFacts { waiting: 1, late: 0, next_on: None });
        assert_eq!(next(&facts, now), Next::Tasks { waiting: 1, late: 0 });
        facts.plan = Some(PlanFacts { waiting: 0, late: 0, next_on: None });
        assert_eq!(next(&facts, now), Next::Review { quote });
    }
}
