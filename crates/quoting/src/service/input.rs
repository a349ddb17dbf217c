//! What a clinic sends to write or change a quote, read with all faults at once.

use catalogue::money_input::MoneyInput;
use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use kernel::ids::{DiscountId, PackageId, ProviderUserId, TreatmentId};
use kernel::{Amount, Currency, FieldErrors};
use serde::{Deserialize, Deserializer, Serialize};

use crate::rules::content::{Content, IncludedService, Line, OfferDate, PlanDay, add_slot_fault};
use crate::rules::slot::{self, Slot};

/// Content of a quote; on a change only the named members are replaced, lists as a whole.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QuoteInput {
    /// The version this change is based on; required for changes.
    #[schema(example = 1)]
    pub version: Option<i32>,
    /// Why; required from Hairline's staff.
    pub reason: Option<String>,
    /// A treatment the clinic offers; required for a new draft.
    #[schema(example = "01970000-0000-7000-8000-000000000001")]
    pub treatment_id: Option<TreatmentId>,
    /// Follicular units, 1 to 20,000.
    pub estimated_grafts: Option<i32>,
    /// 1 to 20 dates.
    pub dates: Option<Vec<DateInput>>,
    /// The clinic's own packages.
    pub packages: Option<Vec<PackageId>>,
    /// Custom services with their prices.
    pub services: Option<Vec<LineInput>>,
    /// Fees.
    pub fees: Option<Vec<LineInput>>,
    /// What is free.
    pub inclusions: Option<Vec<LineInput>>,
    /// A discount of the clinic, or a campaign it agreed to; null takes it off.
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DiscountId>, example = "01970000-0000-7000-8000-000000000001")]
    pub discount_id: Option<Option<DiscountId>>,
    /// The lead clinician, a member of the clinic.
    pub clinician_id: Option<ProviderUserId>,
    /// Remark beside the clinician.
    pub clinician_note: Option<String>,
    /// The slot in the clinic's time.
    pub slot: Option<SlotInput>,
    /// Day by day.
    pub plan: Option<Vec<PlanInput>>,
    /// Travel the clinic takes care of.
    pub included_services: Option<Vec<IncludedService>>,
    /// To the patient, at most 2000 characters.
    pub note: Option<String>,
    /// Hours the offer is valid from the moment it was sent, 1 to 720; only Hairline's staff set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_hours: Option<i32>,
}

/// A member that is there, null or not.
fn named<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Option<DiscountId>>, D::Error> {
    Option::deserialize(given).map(Some)
}

/// A date of the offer.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateInput {
    /// The day.
    #[schema(example = "2026-05-12")]
    pub date: String,
    /// Price of the treatment on that day; absent: computed.
    pub price: Option<MoneyInput>,
}

/// A priced or free line.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineInput {
    /// At most 100 characters.
    pub name: String,
    /// At most 500 characters.
    pub description: Option<String>,
    /// Absent on inclusions.
    pub price: Option<MoneyInput>,
}

/// A slot in the clinic's local time.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotInput {
    /// First day.
    #[schema(example = "2026-05-12")]
    pub date: String,
    /// Start of every day.
    #[schema(example = "09:00")]
    pub time: String,
    /// IANA zone; absent: the clinic's.
    pub timezone: Option<String>,
    /// Length of every day; absent: the treatment's, else 480.
    pub duration_minutes: Option<i32>,
    /// Consecutive days; absent: 1.
    pub day_count: Option<i32>,
}

/// A day of the plan.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanInput {
    /// From 1.
    pub day: i32,
    /// Its date.
    pub date: String,
    /// 1 to 500 characters.
    pub description: String,
}

/// What fills the gaps of an input.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// The quote's currency.
    pub currency: Currency,
    /// The clinic's zone.
    pub zone: Tz,
    /// Length of a treatment day.
    pub duration_minutes: i32,
}

impl QuoteInput {
    /// Lays this input over `content`; what cannot be read is noted in `errors` and leaves the old value.
    pub fn apply(&self, content: &mut Content, defaults: Defaults, errors: &mut FieldErrors) {
        let currency = defaults.currency;
        if let Some(treatment) = self.treatment_id {
            content.treatment = treatment;
        }
        if let Some(grafts) = self.estimated_grafts {
            content.grafts = Some(grafts);
        }
        if let Some(dates) = &self.dates {
            content.dates = dates
                .iter()
                .enumerate()
                .filter_map(|(index, input)| input.read(&format!("dates.{index}"), currency, errors))
                .collect();
        }
        if let Some(packages) = &self.packages {
            content.packages.clone_from(packages);
        }
        for (field, given, target) in [
            ("services", &self.services, &mut content.services),
            ("fees", &self.fees, &mut content.fees),
            ("inclusions", &self.inclusions, &mut content.inclusions),
        ] {
            if let Some(lines) = given {
                *target = lines
                    .iter()
                    .enumerate()
                    .filter_map(|(index, line)| {
                        line.read(&format!("{field}.{index}"), currency, field != "inclusions", errors)
                    })
                    .collect();
            }
        }
        if let Some(discount) = self.discount_id {
            content.discount = discount;
        }
        if let Some(clinician) = self.clinician_id {
            content.clinician = Some(clinician);
        }
        if let Some(note) = &self.clinician_note {
            content.clinician_note = text(note);
        }
        if let Some(slot) = &self.slot {
            content.slot = slot.read(defaults, errors).or(content.slot);
        }
        if let Some(plan) = &self.plan {
            content.plan = plan
                .iter()
                .enumerate()
                .filter_map(|(index, day)| {
                    let date = read_date(&day.date, &format!("plan.{index}.date"), errors)?;
                    Some(PlanDay { day: day.day, date, description: day.description.trim().to_owned() })
                })
                .collect();
        }
        if let Some(included) = &self.included_services {
            content.included.clone_from(included);
            content.included.sort_unstable();
            content.included.dedup();
        }
        if let Some(note) = &self.note {
            content.note = text(note);
        }
    }
}

impl DateInput {
    fn read(&self, field: &str, currency: Currency, errors: &mut FieldErrors) -> Option<OfferDate> {
        let date = read_date(&self.date, &format!("{field}.date"), errors);
        let price = self.price.as_ref().map(|price| read_money(price, &format!("{field}.price"), currency, errors));
        match price {
            None => Some(OfferDate { date: date?, price: None, typed: false }),
            Some(price) => Some(OfferDate { date: date?, price: Some(price?), typed: true }),
        }
    }
}

impl LineInput {
    fn read(&self, field: &str, currency: Currency, priced: bool, errors: &mut FieldErrors) -> Option<Line> {
        let price = match &self.price {
            Some(price) if priced => read_money(price, &format!("{field}.price"), currency, errors)?,
            Some(_) => {
                errors.add(format!("{field}.price"), "invalid_amount", "Inclusions are free.");
                return None;
            }
            None if priced => {
                errors.add(format!("{field}.price"), "invalid_amount", "Enter a price.");
                return None;
            }
            None => Amount::ZERO,
        };
        let description = self.description.as_deref().and_then(text);
        Some(Line { name: self.name.trim().to_owned(), description, price })
    }
}

impl SlotInput {
    fn read(&self, defaults: Defaults, errors: &mut FieldErrors) -> Option<Slot> {
        let date = read_date(&self.date, "slot.date", errors);
        let time = NaiveTime::parse_from_str(&self.time, "%H:%M").ok();
        if time.is_none() {
            errors.add("slot.time", "time_invalid", "A time such as 09:00.");
        }
        let zone = match &self.timezone {
            None => Some(defaults.zone),
            Some(name) => slot::zone(name).map_err(|fault| add_slot_fault(fault, errors)).ok(),
        };
        let slot = Slot {
            date: date?,
            time: time?,
            zone: zone?,
            duration_minutes: self.duration_minutes.unwrap_or(defaults.duration_minutes),
            day_count: self.day_count.unwrap_or(1),
        };
        // A time the clocks skip cannot even be stored in a draft.
        slot.check().map_err(|fault| add_slot_fault(fault, errors)).ok()?;
        Some(slot)
    }
}

fn read_date(given: &str, field: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(given, "%Y-%m-%d").ok();
    if date.is_none() {
        errors.add(field, "invalid_date", "A date such as 2026-05-12.");
    }
    date
}

fn read_money(given: &MoneyInput, field: &str, currency: Currency, errors: &mut FieldErrors) -> Option<Amount> {
    let money = given.read(field, errors)?;
    if money.currency != currency {
        errors.add(format!("{field}.currency"), "invalid_currency", format!("Prices of this quote are in {currency}."));
        return None;
    }
    Some(money.amount)
}

/// Trimmed, or nothing.
fn text(given: &str) -> Option<String> {
    let given = given.trim();
    (!given.is_empty()).then(|| given.to_owned())
}
