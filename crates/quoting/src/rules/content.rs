//! What a quote says, and whether it may be sent like that (R-IQ-31..36).

use chrono::{Duration, NaiveDate};
use kernel::ids::{DiscountId, PackageId, ProviderUserId, TreatmentId};
use kernel::{Amount, DateRange, FieldErrors};
use serde::{Deserialize, Serialize};

use super::slot::{Slot, SlotFault};

/// A date the clinic offers, with the price of the treatment part on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferDate {
    /// The day.
    pub date: NaiveDate,
    /// Price of the treatment on that day; computed unless typed, absent while it cannot be computed.
    pub price: Option<Amount>,
    /// The clinic typed the price.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub typed: bool,
}

/// One day of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlanDay {
    /// From 1.
    pub day: i32,
    /// Its date.
    pub date: NaiveDate,
    /// What happens.
    pub description: String,
}

/// A line beside treatment and packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Zero for inclusions.
    pub price: Amount,
}

/// A service of travel the clinic takes care of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IncludedService {
    /// Flights.
    Flight,
    /// Hotel.
    Hotel,
    /// Transfers.
    Transport,
}

/// Everything a clinic writes into a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// From the catalogue.
    pub treatment: TreatmentId,
    /// Follicular units.
    pub grafts: Option<i32>,
    /// Offered dates.
    pub dates: Vec<OfferDate>,
    /// In the order shown.
    pub packages: Vec<PackageId>,
    /// Custom services.
    pub services: Vec<Line>,
    /// Fees.
    pub fees: Vec<Line>,
    /// Free inclusions.
    pub inclusions: Vec<Line>,
    /// At most one discount.
    pub discount: Option<DiscountId>,
    /// Lead clinician.
    pub clinician: Option<ProviderUserId>,
    /// Remark beside the clinician.
    pub clinician_note: Option<String>,
    /// The slot.
    pub slot: Option<Slot>,
    /// The plan.
    pub plan: Vec<PlanDay>,
    /// Travel services.
    pub included: Vec<IncludedService>,
    /// To the patient.
    pub note: Option<String>,
}

/// What a complete quote is measured against.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The patient's date ranges.
    pub ranges: Vec<DateRange>,
    /// The clinic's date today.
    pub today: NaiveDate,
    /// The clinic's smallest job, if it set one.
    pub min_grafts: Option<i32>,
    /// The clinic's largest job, if it set one.
    pub max_grafts: Option<i32>,
}

/// Limits that hold for drafts too.
pub fn check_limits(content: &Content, errors: &mut FieldErrors) {
    if content.dates.len() > 20 {
        errors.add("dates", "too_many_dates", "Offer at most 20 dates.");
    }
    for (index, date) in content.dates.iter().enumerate() {
        if content.dates.iter().take(index).any(|other| other.date == date.date) {
            errors.add(format!("dates.{index}.date"), "date_duplicate", "Each date once.");
        }
        if date.typed && !date.price.is_some_and(Amount::is_positive) {
            errors.add(format!("dates.{index}.price"), "invalid_amount", "The price must be above zero.");
        }
    }
    for (index, package) in content.packages.iter().enumerate() {
        if content.packages.iter().take(index).any(|other| other == package) {
            errors.add(format!("packages.{index}"), "package_duplicate", "Each package once.");
        }
    }
    if content.services.len() + content.fees.len() > 20 {
        errors.add("services", "too_many_lines", "At most 20 services and fees.");
    }
    for (field, lines) in
        [("services", &content.services), ("fees", &content.fees), ("inclusions", &content.inclusions)]
    {
        if lines.len() > 20 {
            errors.add(field, "too_many_lines", "At most 20 lines.");
        }
        for (index, line) in lines.iter().enumerate() {
            if !(1..=100).contains(&line.name.chars().count()) {
                errors.add(format!("{field}.{index}.name"), "name_required", "A name of 1 to 100 characters.");
            }
            if line.description.as_ref().is_some_and(|text| text.chars().count() > 500) {
                errors.add(format!("{field}.{index}.description"), "text_too_long", "At most 500 characters.");
            }
        }
    }
    if content.note.as_ref().is_some_and(|note| note.chars().count() > 2000) {
        errors.add("note", "text_too_long", "At most 2000 characters.");
    }
    if content.grafts.is_some_and(|grafts| !(1..=20_000).contains(&grafts)) {
        errors.add("estimated_grafts", "grafts_out_of_range", "Between 1 and 20,000 grafts.");
    }
    if content.plan.len() > 30 {
        errors.add("plan", "plan_too_long", "At most 30 days.");
    }
    if let Some(Err(fault)) = content.slot.as_ref().map(Slot::check) {
        add_slot_fault(fault, errors);
    }
}

/// Notes what is wrong with a slot.
pub fn add_slot_fault(fault: SlotFault, errors: &mut FieldErrors) {
    let (field, code, message) = match fault {
        SlotFault::Zone => ("slot.timezone", "timezone_invalid", "Name a time zone such as Europe/Istanbul."),
        SlotFault::Grid => {
            ("slot.time", "slot_not_on_grid", "Times and lengths are multiples of 15 minutes, 30 minutes to 24 hours.")
        }
        SlotFault::Days => ("slot.day_count", "slot_days_invalid", "Between 1 and 14 days."),
        SlotFault::SkippedByClock => ("slot.time", "slot_time_nonexistent", "The clocks skip this time on that day."),
    };
    errors.add(field, code, message);
}

/// Everything that keeps a quote from being sent, all at once.
pub fn check(content: &Content, frame: &Frame) -> FieldErrors {
    let mut errors = FieldErrors::new();
    check_limits(content, &mut errors);
    check_dates(content, frame, &mut errors);
    match content.grafts {
        None => errors.add("estimated_grafts", "grafts_required", "How many grafts?"),
        Some(grafts)
            if frame.min_grafts.is_some_and(|min| grafts < min) || frame.max_grafts.is_some_and(|max| grafts > max) =>
        {
            errors.add(
                "estimated_grafts",
                "grafts_out_of_range",
                "Outside the range your clinic set for this treatment.",
            );
        }
        Some(_) => {}
    }
    if content.clinician.is_none() {
        errors.add("clinician_id", "clinician_required", "Who will treat the patient?");
    }
    check_plan(content, &mut errors);
    errors
}

fn check_dates(content: &Content, frame: &Frame, errors: &mut FieldErrors) {
    if content.dates.is_empty() {
        errors.add("dates", "dates_required", "Offer at least one date.");
    }
    for (index, date) in content.dates.iter().enumerate() {
        let field = format!("dates.{index}.date");
        if date.date <= frame.today {
            errors.add(field, "date_in_past", "The date must lie in the future.");
        } else if !frame.ranges.iter().any(|range| range.contains(date.date)) {
            errors.add(field, "date_not_requested", "The patient did not ask for this date.");
        }
    }
    match &content.slot {
        None => errors.add("slot", "slot_required", "When does the treatment begin?"),
        Some(slot) if !content.dates.iter().any(|date| date.date == slot.date) => {
            errors.add("slot.date", "slot_date_mismatch", "The slot must be on one of the dates.");
        }
        Some(_) => {}
    }
}

/// R-IQ-35: days from 1 without gap, day 1 on the slot's date.
fn check_plan(content: &Content, errors: &mut FieldErrors) {
    if content.plan.is_empty() {
        errors.add("plan", "plan_required", "Describe at least one day.");
    }
    for (index, day) in content.plan.iter().enumerate() {
        if !(1..=500).contains(&day.description.chars().count()) {
            errors.add(format!("plan.{index}.description"), "text_required", "1 to 500 characters.");
        }
    }
    let start = content.slot.map(|slot| slot.date).or_else(|| content.plan.first().map(|day| day.date));
    let consecutive = content.plan.iter().zip(0i32..).all(|(day, offset)| {
        day.day == offset + 1 && start.is_some_and(|start| day.date == start + Duration::days(i64::from(offset)))
    });
    if !consecutive {
        errors.add(
            "plan",
            "plan_not_consecutive",
            "Days follow each other without a gap; day 1 is the day of the slot.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn offer(date: &str) -> OfferDate {
        OfferDate { date: day(date), price: Some(Amount::from_units(8500)), typed: false }
    }

    fn plan(days: &[(i32, &str)]) -> Vec<PlanDay> {
        days.iter()
            .map(|(n, date)| PlanDay { day: *n, date: day(date), description: "Extraction".to_owned() })
            .collect()
    }

    fn slot(date: &str, time: &str) -> Slot {
        Slot {
            date: day(date),
            time: format!("{time}:00").parse().unwrap(),
            zone: chrono_tz::Europe::Istanbul,
            duration_minutes: 480,
            day_count: 1,
        }
    }

    fn content() -> Content {
        Content {
            treatment: TreatmentId::new(),
            grafts: Some(3000),
            dates: vec![offer("2026-05-12"), offer("2026-06-09")],
            packages: vec![],
            services: vec![],
            fees: vec![],
            inclusions: vec![],
            discount: None,
            clinician: Some(ProviderUserId::new()),
            clinician_note: None,
            slot: Some(slot("2026-05-12", "09:00")),
            plan: plan(&[(1, "2026-05-12"), (2, "2026-05-13")]),
            included: vec![],
            note: None,
        }
    }

    fn frame() -> Frame {
        let range = |a: &str, b: &str| DateRange::new(day(a), day(b)).unwrap();
        Frame {
            ranges: vec![range("2026-05-04", "2026-05-15"), range("2026-06-01", "2026-06-20")],
            today: day("2026-03-02"),
            min_grafts: Some(500),
            max_grafts: Some(5000),
        }
    }

    fn faults(content: &Content) -> Vec<(String, String)> {
        check(content, &frame())
            .0
            .into_iter()
            .flat_map(|(field, errors)| errors.into_iter().map(move |error| (field.clone(), error.code.into_owned())))
            .collect()
    }

    #[test]
    fn a_complete_quote_passes() {
        assert_eq!(faults(&content()), vec![]);
    }

    #[test]
    fn each_fault_has_its_field_and_code() {
        let line = |name: &str| Line { name: name.to_owned(), description: None, price: Amount::ZERO };
        let typed = OfferDate { typed: true, price: Some(Amount::ZERO), ..offer("2026-06-09") };
        let cases: Vec<(Content, &str, &str)> = vec![
            (Content { grafts: None, ..content() }, "estimated_grafts", "grafts_required"),
            (Content { grafts: Some(499), ..content() }, "estimated_grafts", "grafts_out_of_range"),
            (Content { grafts: Some(5001), ..content() }, "estimated_grafts", "grafts_out_of_range"),
            (Content { clinician: None, ..content() }, "clinician_id", "clinician_required"),
            (
                Content { dates: vec![offer("2026-05-12"), offer("2026-05-16")], ..content() },
                "dates.1.date",
                "date_not_requested",
            ),
            (
                Content { dates: vec![offer("2026-05-12"), offer("2026-03-02")], ..content() },
                "dates.1.date",
                "date_in_past",
            ),
            (
                Content { dates: vec![offer("2026-05-12"), offer("2026-05-12")], ..content() },
                "dates.1.date",
                "date_duplicate",
            ),
            (Content { dates: vec![offer("2026-05-12"), typed], ..content() }, "dates.1.price", "invalid_amount"),
            (Content { services: vec![line("")], ..content() }, "services.0.name", "name_required"),
            (Content { fees: (0..21).map(|_| line("Fee")).collect(), ..content() }, "fees", "too_many_lines"),
            (Content { slot: Some(slot("2026-05-12", "09:05")), ..content() }, "slot.time", "slot_not_on_grid"),
            (
                Content { plan: plan(&[(1, "2026-05-12"), (2, "2026-05-14")]), ..content() },
                "plan",
                "plan_not_consecutive",
            ),
            (Content { plan: plan(&[(1, "2026-05-13")]), ..content() }, "plan", "plan_not_consecutive"),
            (Content { plan: plan(&[(2, "2026-05-12")]), ..content() }, "plan", "plan_not_consecutive"),
            (Content { plan: vec![], ..content() }, "plan", "plan_required"),
            (Content { note: Some("x".repeat(2001)), ..content() }, "note", "text_too_long"),
        ];
        for (content, field, code) in cases {
            assert!(
                faults(&content).contains(&(field.to_owned(), code.to_owned())),
                "{field} {code}: {:?}",
                faults(&content)
            );
        }
        let elsewhere = Content { slot: Some(slot("2026-05-13", "09:00")), ..content() };
        assert!(faults(&elsewhere).contains(&("slot.date".to_owned(), "slot_date_mismatch".to_owned())));
        let absent = Content { slot: None, dates: vec![], ..content() };
        let codes: Vec<_> = faults(&absent).into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes, ["dates_required", "slot_required"]);
    }

    #[test]
    fn a_local_time_that_does_not_exist_is_refused() {
        let warsaw = Slot { zone: chrono_tz::Europe::Warsaw, ..slot("2026-03-29", "02:30") };
        let mut errors = FieldErrors::new();
        check_limits(&Content { slot: Some(warsaw), ..content() }, &mut errors);
        assert_eq!(errors.0["slot.time"][0].code, "slot_time_nonexistent");
    }
}
