//! What stands in the editor's form: read from a quote, from what was posted, and turned into the input of the service.

use std::collections::BTreeMap;

use catalogue::money_input::MoneyInput;
use chrono::{Days, NaiveDate};
use kernel::ids::{DiscountId, PackageId, ProviderUserId, QuoteId, TreatmentId};
use kernel::{AppError, AppResult, Currency, FieldErrors};
use ui::{Chrome, Form, Posted};

use super::words;
use crate::desk::Options;
use crate::entity::quotes::QuoteStatus;
use crate::rules::content::IncludedService;
use crate::service::editor::Opened;
use crate::service::input::{DateInput, LineInput, PlanInput, QuoteInput, SlotInput};

/// The lists of the form, each with the name of its main field.
const LISTS: [(&str, &str); 5] =
    [("dates", "date"), ("services", "name"), ("fees", "name"), ("inclusions", "name"), ("plan", "description")];

/// More rows than any list takes.
const MOST_ROWS: usize = 40;

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The date, the name or the description.
    pub(super) main: String,
    /// What was typed as its price.
    pub(super) price: String,
    /// What a line says more; kept, not shown.
    pub(super) more: String,
}

impl Row {
    fn new(main: impl Into<String>) -> Self {
        Self { main: main.into(), ..Self::default() }
    }

    fn is_blank(&self) -> bool {
        self.main.is_empty() && self.price.is_empty()
    }
}

/// Everything in the form, as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// The quote it belongs to.
    pub(super) quote: Option<QuoteId>,
    /// The version it was read at.
    pub(super) version: Option<i32>,
    /// The currency its amounts were typed in.
    typed_in: Option<Currency>,
    /// Fields with one value, by name.
    values: BTreeMap<&'static str, String>,
    packages: Vec<String>,
    included: Vec<String>,
    lists: BTreeMap<&'static str, Vec<Row>>,
}

const SINGLE: [&str; 12] = [
    "treatment_id",
    "discount_id",
    "estimated_grafts",
    "slot.date",
    "slot.time",
    "slot.price",
    "slot.day_count",
    "slot.duration_minutes",
    "slot.timezone",
    "clinician_id",
    "clinician_note",
    "note",
];

impl Sheet {
    /// The form of a quote that is not written yet.
    pub(super) fn fresh(options: &Options) -> Self {
        let mut sheet = Self::default();
        sheet.values.insert("slot.time", "09:00".to_owned());
        sheet.values.insert("slot.day_count", "1".to_owned());
        if let [only] = options.treatments.as_slice() {
            sheet.values.insert("treatment_id", only.id.to_string());
        }
        if let [only] = options.clinicians.as_slice() {
            sheet.values.insert("clinician_id", only.id.to_string());
        }
        sheet.with_room()
    }

    /// The form of a quote as it is now.
    pub(super) fn of(opened: &Opened) -> Self {
        let content = &opened.content;
        let mut sheet = Self {
            quote: Some(opened.quote.id),
            version: Some(opened.quote.version),
            typed_in: Some(opened.quote.currency),
            ..Self::default()
        };
        let mut set = |name: &'static str, value: Option<String>| {
            if let Some(value) = value {
                sheet.values.insert(name, value);
            }
        };
        set("treatment_id", Some(content.treatment.to_string()));
        set("estimated_grafts", content.grafts.map(|grafts| grafts.to_string()));
        set("discount_id", content.discount.map(|id| id.to_string()));
        set("clinician_id", content.clinician.map(|id| id.to_string()));
        set("clinician_note", content.clinician_note.clone());
        set("note", content.note.clone());
        set("slot.date", content.slot.map(|slot| slot.date.to_string()));
        set("slot.time", Some(content.slot.map_or("09:00".to_owned(), |slot| slot.time.format("%H:%M").to_string())));
        set("slot.day_count", Some(content.slot.map_or(1, |slot| slot.day_count).to_string()));
        set("slot.duration_minutes", content.slot.map(|slot| slot.duration_minutes.to_string()));
        set("slot.timezone", content.slot.map(|slot| slot.zone.name().to_owned()));
        let typed =
            |date: &crate::rules::content::OfferDate| date.price.filter(|_| date.typed).map(|price| price.to_string());
        let slot_date = content.slot.map(|slot| slot.date);
        let at_slot = content.dates.iter().find(|date| Some(date.date) == slot_date);
        set("slot.price", at_slot.and_then(typed));
        let dates = content.dates.iter().filter(|date| Some(date.date) != slot_date);
        let dates = dates
            .map(|date| Row { price: typed(date).unwrap_or_default(), ..Row::new(date.date.to_string()) })
            .collect();
        sheet.lists.insert("dates", dates);
        for (name, lines) in
            [("services", &content.services), ("fees", &content.fees), ("inclusions", &content.inclusions)]
        {
            let free = name == "inclusions";
            let row = |line: &crate::rules::content::Line| Row {
                main: line.name.clone(),
                price: if free { String::new() } else { line.price.to_string() },
                more: line.description.clone().unwrap_or_default(),
            };
            sheet.lists.insert(name, lines.iter().map(row).collect());
        }
        sheet.lists.insert("plan", content.plan.iter().map(|day| Row::new(&day.description)).collect());
        sheet.packages = content.packages.iter().map(ToString::to_string).collect();
        sheet.included = content.included.iter().map(words::stored).collect();
        sheet.with_room()
    }

    /// The form as it was posted; blank rows are left out, so that the numbers of the rows are those of the input.
    pub(super) fn posted(posted: &Posted) -> AppResult<Self> {
        let mut sheet = Self {
            quote: posted.maybe("quote")?,
            version: posted.maybe("version")?,
            typed_in: posted.get("currency").parse().ok(),
            ..Self::default()
        };
        for name in SINGLE {
            sheet.values.insert(name, posted.get(name).to_owned());
        }
        for (list, main) in LISTS {
            let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
            for (name, value) in &posted.0 {
                let mut parts = name.splitn(3, '.');
                if parts.next() != Some(list) {
                    continue;
                }
                let index = parts.next().and_then(|index| index.parse::<usize>().ok()).filter(|at| *at < MOST_ROWS);
                let (Some(index), Some(field)) = (index, parts.next()) else { continue };
                let row = rows.entry(index).or_default();
                let value = value.trim().to_owned();
                match field {
                    "price" => row.price = value,
                    field if field == main => row.main = value,
                    "description" => row.more = value,
                    _ => {}
                }
            }
            sheet.lists.insert(list, rows.into_values().filter(|row| !row.is_blank()).collect());
        }
        sheet.packages = posted.all("packages").into_iter().map(str::to_owned).collect();
        sheet.included = posted.all("included_services").into_iter().map(str::to_owned).collect();
        Ok(sheet)
    }

    /// Room to write: a plan begins with a day.
    pub(super) fn with_room(mut self) -> Self {
        let plan = self.lists.entry("plan").or_default();
        if plan.is_empty() {
            plan.push(Row::default());
        }
        self
    }

    /// Adds or removes a row, as the button said: `add-plan`, `remove-plan-2`.
    pub(super) fn apply(&mut self, op: &str) {
        let mut parts = op.splitn(3, '-');
        let (verb, list, index) = (parts.next(), parts.next(), parts.next());
        let known = LISTS.iter().find(|(name, _)| Some(*name) == list);
        let Some((name, _)) = known else { return };
        let rows = self.lists.entry(name).or_default();
        match (verb, index.and_then(|index| index.parse::<usize>().ok())) {
            (Some("add"), _) if rows.len() < MOST_ROWS => rows.push(Row::default()),
            (Some("remove"), Some(index)) if index < rows.len() => drop(rows.remove(index)),
            _ => {}
        }
    }

    /// What a field holds.
    pub(super) fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The rows of a list.
    pub(super) fn rows(&self, list: &str) -> &[Row] {
        self.lists.get(list).map_or(&[], Vec::as_slice)
    }

    /// The day of the slot.
    pub(super) fn slot_date(&self) -> Option<NaiveDate> {
        self.value("slot.date").parse().ok()
    }

    /// The form that shows it.
    pub(super) fn form(&self, chrome: &Chrome) -> Form {
        let mut form = Form::new(chrome);
        for (name, value) in &self.values {
            form = form.with(name, value.clone());
        }
        for package in &self.packages {
            form = form.with("packages", package.clone());
        }
        for service in &self.included {
            form = form.with("included_services", service.clone());
        }
        for (list, main) in LISTS {
            for (index, row) in self.rows(list).iter().enumerate() {
                form = form
                    .with(&format!("{list}.{index}.{main}"), row.main.clone())
                    .with(&format!("{list}.{index}.price"), row.price.clone());
            }
        }
        form
    }

    /// The currency the prices are typed in: that of an offer that was sent, else of the clinic's price list.
    pub(super) fn currency(&self, options: &Options, opened: Option<&Opened>) -> Currency {
        let chosen = self.value("treatment_id").parse::<TreatmentId>().ok();
        let sent = opened.filter(|opened| {
            opened.quote.status != QuoteStatus::Inquiry && chosen.is_none_or(|id| id == opened.quote.treatment_id)
        });
        if let Some(opened) = sent {
            return opened.quote.currency;
        }
        let listed = options.treatments.iter().find(|treatment| Some(treatment.id) == chosen);
        let listed = listed.or(options.treatments.first()).map(|treatment| treatment.currency);
        listed.or(opened.map(|opened| opened.quote.currency)).unwrap_or(Currency::USD)
    }

    /// The currency the amounts were typed in, where prices are in another one now: amounts are never read as money they
    /// were not typed in.
    pub(super) fn typed_elsewhere(&self, currency: Currency) -> Option<Currency> {
        let mut amounts = ["dates", "services", "fees"].into_iter().flat_map(|list| self.rows(list));
        let some = !self.value("slot.price").is_empty() || amounts.any(|row| !row.price.is_empty());
        self.typed_in.filter(|typed| some && *typed != currency)
    }

    /// The input of the service; what is no number, id or choice is refused with its field.
    pub(super) fn input(
        &self,
        currency: Currency,
        opened: Option<&Opened>,
        fallback: Option<NaiveDate>,
    ) -> AppResult<QuoteInput> {
        let currency = self.typed_elsewhere(currency).unwrap_or(currency);
        let mut errors = FieldErrors::new();
        let treatment = self.typed::<TreatmentId>("treatment_id", &mut errors);
        // Named only when it changes: naming it anew would compute frozen prices again.
        let same = opened.is_some_and(|opened| Some(opened.quote.treatment_id) == treatment);
        // A discount the quote carries already is not chosen anew: what was promised stays.
        let discount = self.typed::<DiscountId>("discount_id", &mut errors);
        let kept = opened.is_some_and(|opened| opened.content.discount == discount);
        let packages = self.packages.iter().map(|id| id.parse::<PackageId>()).collect::<Result<Vec<_>, _>>();
        if packages.is_err() {
            errors.add("packages", "invalid", "This value is not valid.");
        }
        let included: Vec<IncludedService> = self.included.iter().filter_map(|word| words::read(word)).collect();
        let input = QuoteInput {
            version: self.version,
            reason: None,
            treatment_id: treatment.filter(|_| !same),
            estimated_grafts: self.typed("estimated_grafts", &mut errors),
            dates: Some(self.dates(currency)),
            packages: packages.ok(),
            services: Some(self.lines("services", Some(currency))),
            fees: Some(self.lines("fees", Some(currency))),
            inclusions: Some(self.lines("inclusions", None)),
            discount_id: Some(discount).filter(|_| !kept),
            clinician_id: self.typed::<ProviderUserId>("clinician_id", &mut errors),
            clinician_note: Some(self.value("clinician_note").to_owned()),
            slot: self.slot(&mut errors),
            plan: Some(self.plan(fallback)),
            included_services: Some(included),
            note: Some(self.value("note").to_owned()),
            expiration_hours: None,
        };
        errors.check()?;
        Ok(input)
    }

    fn given(&self, name: &str) -> Option<&str> {
        Some(self.value(name)).filter(|value| !value.is_empty())
    }

    fn typed<T: std::str::FromStr>(&self, name: &'static str, errors: &mut FieldErrors) -> Option<T> {
        let value = self.given(name)?.parse().ok();
        if value.is_none() {
            errors.add(name, "invalid", "This value is not valid.");
        }
        value
    }

    fn slot(&self, errors: &mut FieldErrors) -> Option<SlotInput> {
        Some(SlotInput {
            date: self.given("slot.date")?.to_owned(),
            time: self.value("slot.time").chars().take(5).collect(),
            timezone: self.given("slot.timezone").map(str::to_owned),
            duration_minutes: self.typed("slot.duration_minutes", errors),
            day_count: self.typed("slot.day_count", errors),
        })
    }

    /// The day of the slot first, then the others.
    fn dates(&self, currency: Currency) -> Vec<DateInput> {
        let date = |date: &str, price: &str| DateInput { date: date.to_owned(), price: money(price, currency) };
        let slot = self.given("slot.date").map(|day| date(day, self.value("slot.price")));
        slot.into_iter().chain(self.rows("dates").iter().map(|row| date(&row.main, &row.price))).collect()
    }

    fn lines(&self, list: &str, currency: Option<Currency>) -> Vec<LineInput> {
        let line = |row: &Row| LineInput {
            name: row.main.clone(),
            description: Some(row.more.clone()).filter(|more| !more.is_empty()),
            price: currency.and_then(|currency| money(&row.price, currency)),
        };
        self.rows(list).iter().map(line).collect()
    }

    /// Days follow each other from the day of the slot.
    fn plan(&self, fallback: Option<NaiveDate>) -> Vec<PlanInput> {
        let Some(start) = self.slot_date().or(fallback) else { return Vec::new() };
        let days = self.rows("plan").iter().filter(|row| !row.is_blank()).zip(0u32..);
        days.filter_map(|(row, offset)| {
            Some(PlanInput {
                day: i32::try_from(offset).ok()? + 1,
                date: start.checked_add_days(Days::new(u64::from(offset)))?.to_string(),
                description: row.main.clone(),
            })
        })
        .collect()
    }

    /// The refusal of the service with its fields named as they are in this form.
    pub(super) fn named(&self, mut error: AppError) -> AppError {
        let has_slot = self.given("slot.date").is_some();
        let fields = std::mem::take(&mut error.fields.0);
        for (name, mut faults) in fields {
            // Here a currency is never typed: it changed under the amount.
            for fault in faults.iter_mut().filter(|fault| fault.code == "invalid_currency") {
                fault.code = "quote_currency_changed".into();
            }
            error.fields.0.entry(field_of(&name, has_slot)).or_default().extend(faults);
        }
        error
    }
}

/// A price as people type it: a comma may stand for the point.
fn money(text: &str, currency: Currency) -> Option<MoneyInput> {
    if text.is_empty() {
        return None;
    }
    let amount = if text.contains('.') { text.replace(',', "") } else { text.replace(',', ".") };
    Some(MoneyInput { amount: amount.replace(' ', ""), currency: currency.to_string() })
}

/// The field of the form that a field of the input is typed in.
fn field_of(name: &str, has_slot: bool) -> String {
    let name = name.trim_end_matches(".amount").trim_end_matches(".currency");
    match name {
        "dates" | "slot" => return "slot.date".to_owned(),
        "plan" => return "plan.0.description".to_owned(),
        _ => {}
    }
    if name.starts_with("packages.") {
        return "packages".to_owned();
    }
    let mut parts = name.splitn(3, '.');
    match (parts.next(), parts.next().and_then(|index| index.parse::<usize>().ok()), parts.next()) {
        (Some("dates"), Some(0), Some(field)) if has_slot => format!("slot.{field}"),
        (Some("dates"), Some(index), Some(field)) if has_slot => format!("dates.{}.{field}", index.saturating_sub(1)),
        (Some("plan"), Some(index), Some("date")) => format!("plan.{index}.description"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Sheet {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Sheet::posted(&Posted(pairs)).unwrap()
    }

    #[test]
    fn blank_rows_are_left_out_and_the_slot_is_the_first_date() {
        let sheet = posted(&[
            ("slot.date", "2026-05-12"),
            ("slot.time", "09:00"),
            ("slot.price", "8100,50"),
            ("dates.0.date", ""),
            ("dates.2.date", "2026-05-14"),
            ("dates.2.price", "8,000.00"),
            ("plan.0.description", "Extraction"),
            ("plan.1.description", " "),
            ("plan.2.description", "Wash"),
        ]);
        let input = sheet.input(Currency::GBP, None, None).unwrap();
        let dates: Vec<_> = input.dates.unwrap().into_iter().map(|d| (d.date, d.price.map(|p| p.amount))).collect();
        assert_eq!(
            dates,
            [
                ("2026-05-12".to_owned(), Some("8100.50".to_owned())),
                ("2026-05-14".to_owned(), Some("8000.00".to_owned()))
            ]
        );
        let plan: Vec<_> = input.plan.unwrap().into_iter().map(|day| (day.day, day.date)).collect();
        assert_eq!(plan, [(1, "2026-05-12".to_owned()), (2, "2026-05-13".to_owned())]);
    }

    #[test]
    fn amounts_keep_the_currency_they_were_typed_in() {
        let fields = [("currency", "GBP"), ("slot.date", "2026-05-12"), ("slot.time", "09:00"), ("slot.price", "8100")];
        let of = |sheet: Sheet| sheet.input(Currency::EUR, None, None).unwrap().dates.unwrap().remove(0).price;
        assert_eq!(of(posted(&fields)).unwrap().currency, "GBP");
        assert_eq!(of(posted(&fields[1..])).unwrap().currency, "EUR");
        assert_eq!(posted(&fields).typed_elsewhere(Currency::EUR), Some(Currency::GBP));
        assert_eq!(posted(&fields[..3]).typed_elsewhere(Currency::EUR), None, "nothing was typed");
    }

    #[test]
    fn faults_stand_beside_the_field_that_was_typed() {
        for (theirs, ours) in [
            ("dates.0.price.amount", "slot.price"),
            ("dates.2.date", "dates.1.date"),
            ("dates", "slot.date"),
            ("slot", "slot.date"),
            ("slot.time", "slot.time"),
            ("plan", "plan.0.description"),
            ("plan.3.description", "plan.3.description"),
            ("services.1.price.currency", "services.1.price"),
            ("packages.2", "packages"),
        ] {
            assert_eq!(field_of(theirs, true), ours, "{theirs}");
        }
        assert_eq!(field_of("dates.0.date", false), "dates.0.date");
    }

    #[test]
    fn rows_come_and_go_by_button() {
        let mut sheet = posted(&[("plan.0.description", "One"), ("plan.1.description", "Two")]);
        sheet.apply("add-plan");
        sheet.apply("remove-plan-0");
        sheet.apply("remove-plan-9");
        sheet.apply("add-elsewhere");
        assert_eq!(sheet.rows("plan"), [Row::new("Two"), Row::default()]);
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_field() {
        let sheet = posted(&[("estimated_grafts", "many"), ("treatment_id", "fue")]);
        let error = sheet.input(Currency::GBP, None, None).unwrap_err();
        assert_eq!(error.fields.0.keys().collect::<Vec<_>>(), ["estimated_grafts", "treatment_id"]);
    }
}
