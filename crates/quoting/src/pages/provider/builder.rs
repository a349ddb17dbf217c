//! The editor of a quote: one form, a price that follows it, drafts, sending and revising.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{NaiveDate, NaiveTime};
use inquiry::inbox::{self, CaseHead};
use kernel::error::ErrorKind;
use kernel::ids::{InquiryId, QuoteId};
use kernel::{AppError, AppResult, Timestamp};
use platform::web::{ApiResult, Path};
use ui::{Badge, Choice, Chrome, Ctx, Field, Form, Html, Inside, Posted, page};

use super::panel::{self, PricePanel, Typed};
use super::sheet::Sheet;
use super::words;
use crate::desk::{self, Options, Taken};
use crate::entity::quotes::QuoteStatus;
use crate::service::discounts::Offered;
use crate::service::editor::{self, Opened};

#[derive(Template)]
#[template(path = "quote_provider_builder.html")]
struct BuilderPage {
    chrome: Chrome,
    form: Form,
    action: String,
    case_href: String,
    draft_key: String,
    sheet: Sheet,
    name: String,
    code: String,
    alert: Badge,
    /// The offer was sent: changes go out at once.
    sent: bool,
    /// What is typed was saved although it could not be sent.
    saved: bool,
    /// Somebody else changed it meanwhile.
    stale: Option<String>,
    treatments: Vec<Choice>,
    packages: Vec<Choice>,
    /// None where the clinic has no discount to give.
    discounts: Vec<Choice>,
    clinicians: Vec<Choice>,
    durations: Vec<Choice>,
    included: Vec<Choice>,
    currency: String,
    /// The currency the amounts stand in although prices are in another one now.
    typed_in: Option<String>,
    ranges: Vec<String>,
    first_day: String,
    last_day: String,
    zone: String,
    taken: Vec<TakenRow>,
    lists: Vec<List>,
    plan: List,
    panel: Html,
    deadline: Timestamp,
    pressing: bool,
    expires: Option<Timestamp>,
    validity_hours: i64,
}

/// An appointment in the patient's days.
struct TakenRow {
    when: String,
    who: String,
    held: bool,
}

/// A list of the form.
struct List {
    name: &'static str,
    title: String,
    hint: String,
    add: String,
    lines: Vec<Line>,
}

/// A row of a list.
struct Line {
    fields: Vec<Field>,
    hidden: Html,
    remove: String,
    remove_label: String,
}

/// What is said of a draft that is saved while somebody types.
#[derive(Template)]
#[template(path = "quote_provider_kept.html")]
struct Kept {
    chrome: Chrome,
    /// Quote, version and the name of the copy on the device; none where nothing was saved.
    saved: Option<(QuoteId, i32, String)>,
    /// Why nothing was saved.
    refusal: String,
}

/// What surrounds the form of a case.
struct Desk {
    head: CaseHead,
    options: Options,
    opened: Option<Opened>,
}

impl Desk {
    async fn load(ctx: &Ctx, case: InquiryId, quote: Option<QuoteId>, newest: bool) -> AppResult<Self> {
        let head = inbox::head(&ctx.app, &ctx.actor, case).await?;
        let options = desk::options(&ctx.app, &ctx.actor).await?;
        let opened = match (quote, newest) {
            (None, false) => None,
            (wanted, _) => editor::open(&ctx.app, &ctx.actor, case, wanted).await?,
        };
        Ok(Self { head, options, opened })
    }

    fn is_sent(&self) -> bool {
        self.opened.as_ref().is_some_and(|opened| opened.quote.status != QuoteStatus::Inquiry)
    }

    /// Where a plan begins while no slot is chosen.
    fn fallback(&self) -> Option<NaiveDate> {
        self.head.ranges.first().map(|range| range.start)
    }

    fn typed<'a>(&'a self, sheet: &'a Sheet) -> Typed<'a> {
        let fallback = self.fallback();
        Typed { ranges: &self.head.ranges, sheet, options: &self.options, opened: self.opened.as_ref(), fallback }
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let wanted = ctx.asked("quote").parse().ok();
    let desk = Desk::load(&ctx, id, wanted, true).await?;
    let head = &desk.head;
    // The page of the case says what comes first, or why no quote can be written any more.
    if head.alert.acknowledgment_required || !head.open || !(head.in_time || desk.is_sent()) {
        return Ok(Redirect::to(&format!("/provider/cases/{id}")).into_response());
    }
    if let Some(opened) = desk.opened.as_ref().filter(|_| desk.is_sent())
        && !desk::is_live(&opened.quote, ctx.now())
    {
        return Ok(Redirect::to(&format!("/provider/quotes/{}", opened.quote.id)).into_response());
    }
    let sheet = desk.opened.as_ref().map_or_else(|| Sheet::fresh(&desk.options), Sheet::of);
    render(&ctx, id, &desk, Shown { sheet, error: None, saved: false }).await
}

/// What is shown in the form.
struct Shown {
    sheet: Sheet,
    error: Option<AppError>,
    saved: bool,
}

pub(super) async fn submit(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let mut sheet = Sheet::posted(&posted)?;
    let op = posted.get("op");
    if !matches!(op, "save" | "submit") {
        let desk = Desk::load(&ctx, id, sheet.quote, false).await?;
        sheet.apply(op);
        return render(&ctx, id, &desk, Shown { sheet: sheet.with_room(), error: None, saved: false }).await;
    }
    // A form that is sent twice finds its draft on its way already.
    if let Some(quote) = sheet.quote.filter(|_| sheet.version.is_some_and(|version| version < 1))
        && editor::was_sent(&ctx.app, &ctx.actor, quote).await?
    {
        return Ok(ctx.done(&format!("/provider/quotes/{quote}"), "pq-sent-before"));
    }
    let desk = Desk::load(&ctx, id, sheet.quote, false).await?;
    let quote = match save(&ctx, id, &desk, &sheet).await {
        Ok(quote) => quote,
        Err(error) => return refused(&ctx, id, &desk, sheet, error, false).await,
    };
    if desk.is_sent() {
        return Ok(ctx.done(&format!("/provider/quotes/{quote}"), "pq-revised"));
    }
    if op == "save" {
        return Ok(ctx.done(&format!("/provider/cases/{id}/quote?quote={quote}"), "pq-saved"));
    }
    match editor::send(&ctx.app, &ctx.actor, quote).await {
        Ok(()) => Ok(ctx.done(&format!("/provider/quotes/{quote}"), "pq-sent")),
        Err(error) => {
            let desk = Desk::load(&ctx, id, Some(quote), false).await?;
            sheet.quote = Some(quote);
            sheet.version = desk.opened.as_ref().map(|opened| opened.quote.version);
            refused(&ctx, id, &desk, sheet, error, true).await
        }
    }
}

async fn save(ctx: &Ctx, id: InquiryId, desk: &Desk, sheet: &Sheet) -> AppResult<QuoteId> {
    let opened = desk.opened.as_ref();
    let input = sheet.input(sheet.currency(&desk.options, opened), opened, desk.fallback())?;
    editor::save(&ctx.app, &ctx.actor, id, sheet.quote, input).await
}

async fn refused(
    ctx: &Ctx,
    id: InquiryId,
    desk: &Desk,
    sheet: Sheet,
    error: AppError,
    saved: bool,
) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let error = Some(sheet.named(error));
    render(ctx, id, desk, Shown { sheet: sheet.with_room(), error, saved }).await
}

/// The price of what is typed, as a part of the page.
pub(super) async fn preview(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let sheet = Sheet::posted(&posted)?;
    let desk = Desk::load(&ctx, id, sheet.quote, false).await?;
    page(&PricePanel::new(&ctx, &desk.typed(&sheet)).await?)
}

/// What is typed becomes the draft by itself. An offer the patient has is never changed this way.
pub(super) async fn autosave(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let sheet = Sheet::posted(&posted)?;
    let desk = Desk::load(&ctx, id, sheet.quote, false).await?;
    let outcome = if desk.is_sent() {
        Err(AppError::conflict("quote_not_available", "This quote was sent already."))
    } else {
        save(&ctx, id, &desk, &sheet).await
    };
    let chrome = ctx.chrome.clone();
    match outcome {
        Ok(quote) => {
            let opened = editor::open(&ctx.app, &ctx.actor, id, Some(quote)).await?.ok_or_else(AppError::not_found)?;
            let version = opened.quote.version;
            let saved = Some((quote, version, draft_key(id, Some(quote), version)));
            page(&Kept { chrome, saved, refusal: String::new() })
        }
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let status = platform::web::status_of(error.kind);
            let refusal = panel::sentence(&chrome, &error);
            let mut response = page(&Kept { chrome, saved: None, refusal })?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// The name of what is typed, as the device keeps it.
fn draft_key(case: InquiryId, quote: Option<QuoteId>, version: i32) -> String {
    let key = quote.map_or_else(|| "new".to_owned(), |quote| quote.to_string());
    format!("quote-{case}-{key}-{version}")
}

async fn render(ctx: &Ctx, id: InquiryId, desk: &Desk, shown: Shown) -> ApiResult<Response> {
    let Shown { sheet, error, saved } = shown;
    let chrome = &ctx.chrome;
    let panel = Html::of(&PricePanel::new(ctx, &desk.typed(&sheet)).await?);
    let taken = taken(ctx, desk).await?;
    let mut form = sheet.form(chrome);
    let (mut status, mut stale) = (StatusCode::OK, None);
    if let Some(error) = &error {
        form = form.refused(error);
        status = platform::web::status_of(error.kind);
        let again = match sheet.quote {
            Some(quote) => format!("/provider/cases/{id}/quote?quote={quote}"),
            None => format!("/provider/cases/{id}/quote"),
        };
        stale = (error.code == "stale_version").then_some(again);
    }
    let head = &desk.head;
    let days = head.ranges.iter();
    let opened = desk.opened.as_ref();
    let currency = sheet.currency(&desk.options, opened);
    let discounts = discounts(chrome, desk, &desk::discounts(&ctx.app, &ctx.actor, currency).await?);
    let typed_in = sheet.typed_elsewhere(currency).map(|typed| typed.to_string());
    let currency = currency.to_string();
    let shown = BuilderPage {
        action: format!("/provider/cases/{id}/quote"),
        case_href: format!("/provider/cases/{id}"),
        draft_key: draft_key(id, sheet.quote, sheet.version.unwrap_or_default()),
        name: words::patient_name(chrome, &head.patient),
        code: head.inquiry_code.clone().unwrap_or_default(),
        alert: words::alert_badge(chrome, head.alert.level),
        sent: desk.is_sent(),
        treatments: treatments(chrome, desk),
        packages: packages(chrome, desk),
        discounts,
        clinicians: clinicians(chrome, desk),
        durations: durations(chrome, sheet.value("slot.duration_minutes")),
        included: words::choices(chrome, "pq-included", &["flight", "hotel", "transport"]),
        ranges: head.ranges.iter().map(|range| words::range(chrome, range)).collect(),
        first_day: days.clone().map(|range| range.start).min().map(|day| day.to_string()).unwrap_or_default(),
        last_day: days.map(|range| range.end).max().map(|day| day.to_string()).unwrap_or_default(),
        zone: desk.options.zone.name().to_owned(),
        lists: ["services", "fees", "inclusions"].map(|name| lines(chrome, &form, &sheet, name, &currency)).into(),
        plan: plan(chrome, &form, &sheet),
        deadline: head.deadline,
        pressing: words::is_pressing(head.deadline, chrome.now),
        expires: opened.and_then(|opened| opened.quote.expires_at).filter(|_| desk.is_sent()),
        validity_hours: desk.options.validity_hours,
        chrome: chrome.clone(),
        form,
        sheet,
        saved,
        stale,
        currency,
        typed_in,
        taken,
        panel,
    };
    let mut response = page(&shown)?;
    *response.status_mut() = status;
    Ok(response)
}

impl BuilderPage {
    /// The other days offered, as a list of the form.
    fn dates(&self) -> List {
        let mut list = lines(&self.chrome, &self.form, &self.sheet, "dates", &self.currency);
        for line in &mut list.lines {
            let days = |field: Field| field.min(&self.first_day).max(&self.last_day);
            let mut fields = std::mem::take(&mut line.fields).into_iter();
            line.fields = fields.next().map(days).into_iter().chain(fields).collect();
        }
        list
    }

    fn version(&self) -> String {
        self.sheet.version.map(|version| version.to_string()).unwrap_or_default()
    }

    fn quote(&self) -> String {
        self.sheet.quote.map(|quote| quote.to_string()).unwrap_or_default()
    }
}

async fn taken(ctx: &Ctx, desk: &Desk) -> AppResult<Vec<TakenRow>> {
    let ranges = &desk.head.ranges;
    let (Some(from), Some(to)) = (ranges.iter().map(|r| r.start).min(), ranges.iter().map(|r| r.end).max()) else {
        return Ok(Vec::new());
    };
    let zone = desk.options.zone;
    let from = from.and_time(NaiveTime::MIN).and_utc() - chrono::Duration::days(1);
    let to = to.and_time(NaiveTime::MIN).and_utc() + chrono::Duration::days(2);
    let found = desk::taken(&ctx.app, &ctx.actor, from, to).await?;
    let own = |taken: &Taken| {
        let day = taken.starts_at.with_timezone(&zone).date_naive();
        ranges.iter().any(|range| range.contains(day))
    };
    let row = |taken: &Taken| TakenRow {
        when: match taken.ends_at {
            Some(end) => {
                format!("{} – {}", ctx.chrome.datetime(taken.starts_at, zone), end.with_timezone(&zone).format("%H:%M"))
            }
            None => ctx.chrome.datetime(taken.starts_at, zone),
        },
        who: taken.clinician.clone().unwrap_or_default(),
        held: taken.held,
    };
    Ok(found.iter().filter(|taken| own(taken)).map(row).collect())
}

/// A first entry that chooses nothing, then the others.
fn with_none(chrome: &Chrome, choices: Vec<Choice>) -> Vec<Choice> {
    std::iter::once(Choice::new("", chrome.t("pq-choose"))).chain(choices).collect()
}

fn treatments(chrome: &Chrome, desk: &Desk) -> Vec<Choice> {
    let mut choices: Vec<Choice> = desk
        .options
        .treatments
        .iter()
        .map(|treatment| Choice::new(treatment.id.to_string(), &treatment.name))
        .collect();
    if let Some(opened) = &desk.opened {
        let id = opened.quote.treatment_id.to_string();
        if !choices.iter().any(|choice| choice.value == id) {
            // It left the price list after this quote was begun.
            let frozen = opened.quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
            choices.push(Choice::new(id, frozen.map_or_else(|| chrome.t("pq-treatment-gone"), str::to_owned)));
        }
    }
    with_none(chrome, choices)
}

fn packages(chrome: &Chrome, desk: &Desk) -> Vec<Choice> {
    let offered = desk.options.packages.iter().map(|package| {
        let category = chrome.word("pq-package", words::stored(&package.category));
        Choice::new(package.id.to_string(), &package.name).hint(format!("{} · {category}", chrome.money(package.price)))
    });
    let mut choices: Vec<Choice> = offered.collect();
    for row in desk.opened.iter().flat_map(|opened| &opened.rows.packages) {
        let id = row.package_id.to_string();
        if !choices.iter().any(|choice| choice.value == id) {
            let frozen = row.package_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
            let name = frozen.map_or_else(|| chrome.t("pq-package-gone"), str::to_owned);
            let price = kernel::Money::new(row.list_price, row.list_currency);
            choices.push(Choice::new(id, name).hint(chrome.money(price)));
        }
    }
    choices
}

/// What may be taken off, and the discount the quote carries although it could not be chosen any more.
fn discounts(chrome: &Chrome, desk: &Desk, offered: &[Offered]) -> Vec<Choice> {
    let label = |discount: &Offered| {
        let off = match (discount.percent, discount.amount) {
            (Some(percent), _) => {
                chrome.tw("pq-discount-percent", "percent", percent.get().normalize().to_string().as_str())
            }
            (None, amount) => amount.map(|amount| chrome.money(amount)).unwrap_or_default(),
        };
        let name = format!("{} · {off}", discount.name);
        if discount.shared { format!("{name} · {}", chrome.t("pq-discount-shared")) } else { name }
    };
    let mut choices: Vec<Choice> =
        offered.iter().map(|discount| Choice::new(discount.id.to_string(), label(discount))).collect();
    if let Some(id) = desk.opened.as_ref().and_then(|opened| opened.content.discount).map(|id| id.to_string())
        && !choices.iter().any(|choice| choice.value == id)
    {
        choices.push(Choice::new(id, chrome.t("pq-discount-present")));
    }
    if choices.is_empty() {
        return choices;
    }
    std::iter::once(Choice::new("", chrome.t("pq-discount-none"))).chain(choices).collect()
}

fn clinicians(chrome: &Chrome, desk: &Desk) -> Vec<Choice> {
    let mut choices: Vec<Choice> =
        desk.options.clinicians.iter().map(|person| Choice::new(person.id.to_string(), &person.name)).collect();
    if let Some(lead) = desk.opened.as_ref().and_then(|opened| opened.rows.lead.as_ref()) {
        let id = lead.provider_user_id.to_string();
        if !choices.iter().any(|choice| choice.value == id) {
            choices.push(Choice::new(id, &lead.display_name));
        }
    }
    with_none(chrome, choices)
}

/// Lengths of a day in whole hours, and whatever the quote has now.
fn durations(chrome: &Chrome, present: &str) -> Vec<Choice> {
    let present = present.parse::<i64>().ok();
    let mut minutes: Vec<i64> = (2..=12).map(|hours| hours * 60).chain(present).collect();
    minutes.sort_unstable();
    minutes.dedup();
    let label = |minutes: i64| match (minutes / 60, minutes % 60) {
        (hours, 0) => chrome.tn("pq-hours", "count", hours),
        _ => chrome.tn("pq-minutes", "count", minutes),
    };
    let all = minutes.into_iter().map(|minutes| Choice::new(minutes.to_string(), label(minutes)));
    std::iter::once(Choice::new("", chrome.t("pq-duration-usual"))).chain(all).collect()
}

/// A list of priced or free rows.
fn lines(chrome: &Chrome, form: &Form, sheet: &Sheet, name: &'static str, currency: &str) -> List {
    let row = |(index, row): (usize, &super::sheet::Row)| {
        let number = i64::try_from(index + 1).unwrap_or_default();
        let main = if name == "dates" {
            form.date(&format!("dates.{index}.date"), chrome.tn("pq-dates-day", "number", number))
        } else {
            let label = chrome.tn(&format!("pq-{name}-name"), "number", number);
            form.text(&format!("{name}.{index}.name"), label).maxlength(100)
        };
        let price = (name != "inclusions").then(|| {
            let label = chrome.tn(&format!("pq-{name}-price"), "number", number);
            form.amount(&format!("{name}.{index}.price"), label).prefix(currency)
        });
        Line {
            fields: std::iter::once(main).chain(price).collect(),
            hidden: if row.more.is_empty() {
                Html::default()
            } else {
                form.hidden(&format!("{name}.{index}.description"), &row.more)
            },
            remove: format!("remove-{name}-{index}"),
            remove_label: chrome.tn(&format!("pq-{name}-remove"), "number", number),
        }
    };
    List {
        name,
        title: chrome.t(format!("pq-{name}-title")),
        hint: chrome.t(format!("pq-{name}-hint")),
        add: chrome.t(format!("pq-{name}-add")),
        lines: sheet.rows(name).iter().enumerate().map(row).collect(),
    }
}

/// The plan, day by day.
fn plan(chrome: &Chrome, form: &Form, sheet: &Sheet) -> List {
    let start = sheet.slot_date();
    let row = |index: usize| {
        let number = i64::try_from(index + 1).unwrap_or_default();
        let offset = u64::try_from(index).unwrap_or_default();
        let day = start.and_then(|start| start.checked_add_days(chrono::Days::new(offset)));
        let label = match day {
            Some(day) => format!("{} · {}", chrome.tn("pq-plan-day", "number", number), chrome.date(day)),
            None => chrome.tn("pq-plan-day", "number", number),
        };
        Line {
            fields: vec![form.area(&format!("plan.{index}.description"), label).maxlength(500).rows(2)],
            hidden: Html::default(),
            remove: format!("remove-plan-{index}"),
            remove_label: chrome.tn("pq-plan-remove", "number", number),
        }
    };
    List {
        name: "plan",
        title: chrome.t("pq-plan-title"),
        hint: chrome.t("pq-plan-hint"),
        add: chrome.t("pq-plan-add"),
        lines: (0..sheet.rows("plan").len()).map(row).collect(),
    }
}
