//! What a clinic's desk reads beside a quote: its own quotes of a case, what its editor may choose from, which
//! appointments are taken. Everything within the asking clinic.

use catalogue::entity::packages::{self, PackageCategory, PackageStatus};
use catalogue::entity::provider_treatment_pricing::{self as price_list, ProviderTreatmentPricingStatus};
use catalogue::entity::treatments::{self, TreatmentStatus};
use directory::entity::providers;
use identity::anonymity::{self, MaskedPatient};
use identity::entity::patients;
use identity::entity::provider_users::{self, ProviderUserStatus};
use inquiry::entity::inquiries::{self, InquiryStatus};
use kernel::ids::{InquiryId, PackageId, ProviderUserId, QuoteId, TreatmentId};
use kernel::{Actor, Amount, AppError, AppResult, Currency, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use crate::around::settlement;
use crate::entity::quotes::{self, QuoteStatus, QuoteStatusReason};
use crate::entity::schedules::{self, ScheduleStatus};
use crate::entity::{quote_clinicians, quote_versions};
use crate::queries::{Filter, hold_of, version_views, visible};
use crate::rules::content::Content;
use crate::rules::slot;
use crate::service::content::{self, Rows};
use crate::service::discounts::{self, Offered};
use crate::settings;
use crate::views::{Settlement, VersionView};

/// How many taken appointments the editor names.
const TAKEN: u64 = 30;

/// A quote of the asking clinic as a line of its case.
#[derive(Clone, Debug)]
pub struct OwnQuote {
    /// Its id.
    pub id: QuoteId,
    /// For people.
    pub code: Option<String>,
    /// Where it stands.
    pub status: QuoteStatus,
    /// Why it ended.
    pub reason: Option<QuoteStatusReason>,
    /// On offer at this moment.
    pub live: bool,
    /// Archived by the clinic.
    pub archived: bool,
    /// What is done.
    pub treatment: String,
    /// Follicular units.
    pub grafts: Option<i32>,
    /// What the patient pays; zero in a draft.
    pub total: Money,
    /// End of its validity.
    pub expires_at: Option<Timestamp>,
    /// When it was sent.
    pub submitted_at: Option<Timestamp>,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Whether a quote can be accepted at this moment.
pub fn is_live(quote: &quotes::Model, now: Timestamp) -> bool {
    quote.status == QuoteStatus::Quote && quote.deleted_at.is_none() && quote.expires_at.is_some_and(|end| now < end)
}

/// The asking clinic's quotes of a case, newest first, in one statement.
pub async fn of_case(app: &App, actor: &Actor, inquiry: InquiryId) -> AppResult<Vec<OwnQuote>> {
    actor.provider()?;
    let now = app.now();
    let rows = visible(actor)?
        .filter(quotes::Column::InquiryId.eq(inquiry))
        .order_by_desc(quotes::Column::Id)
        .find_also_related(treatments::Entity)
        .all(app.db.conn())
        .await?;
    let line = |(quote, treatment): (quotes::Model, Option<treatments::Model>)| {
        own_quote(quote, treatment.map(|row| row.treatment_name), now)
    };
    Ok(rows.into_iter().map(line).collect())
}

/// A quote in the list of all quotes of the asking clinic.
#[derive(Clone, Debug)]
pub struct ListedQuote {
    /// The quote.
    pub quote: OwnQuote,
    /// Its request.
    pub inquiry: InquiryId,
    /// The request for people.
    pub inquiry_code: Option<String>,
    /// The patient as this clinic may know them.
    pub patient: MaskedPatient,
    /// Start of the appointment.
    pub slot_at: Option<Timestamp>,
    /// The clinic's zone.
    pub zone: Option<String>,
    /// The clinic asked to step back and staff have not decided.
    pub asks_to_leave: bool,
}

/// A page of the asking clinic's quotes, in four statements. Patients are masked, and found by codes only (R-IQ-91).
pub async fn list(app: &App, actor: &Actor, filter: &Filter, page: PageQuery) -> AppResult<Page<ListedQuote>> {
    let (_, provider) = actor.provider()?;
    let page = page.checked()?;
    let (conn, now) = (app.db.conn(), app.now());
    let query = filter.apply(visible(actor)?, now)?;
    let total = platform::db::total(conn, &query).await?;
    let found = filter
        .sort
        .apply(query)
        .offset(page.offset())
        .limit(page.per_page)
        .find_also_related(inquiries::Entity)
        .and_also_related(patients::Entity)
        .all(conn)
        .await?;
    let people: Vec<_> = found.iter().filter_map(|(_, _, person)| Some(person.as_ref()?.id)).collect();
    let levels = anonymity::levels(conn, provider, &people).await?;
    // Sent quotes carry the name they were sent with.
    let unnamed: Vec<TreatmentId> = found
        .iter()
        .filter(|(quote, _, _)| frozen_name(quote).is_none())
        .map(|(quote, _, _)| quote.treatment_id)
        .collect();
    let names: Vec<treatments::Model> = if unnamed.is_empty() {
        Vec::new()
    } else {
        treatments::Entity::find().filter(treatments::Column::Id.is_in(unnamed)).all(conn).await?
    };
    let mut lines = Vec::with_capacity(found.len());
    for (quote, case, person) in found {
        let (Some(case), Some(person)) = (case, person) else { continue };
        let level = levels.get(&person.id).copied().unwrap_or_default();
        let named = names.iter().find(|row| row.id == quote.treatment_id).map(|row| row.treatment_name.clone());
        lines.push(ListedQuote {
            inquiry: case.id,
            inquiry_code: case.inquiry_code,
            patient: anonymity::mask_for(app, actor, &person, level)?,
            slot_at: quote.appointment_slot_at,
            zone: quote.appointment_timezone.clone(),
            asks_to_leave: quote.withdrawal_requested_at.is_some() && quote.status == QuoteStatus::Accepted,
            quote: own_quote(quote, named, now),
        });
    }
    Ok(Page::new(lines, page, total))
}

fn own_quote(quote: quotes::Model, named: Option<String>, now: Timestamp) -> OwnQuote {
    OwnQuote {
        live: is_live(&quote, now),
        treatment: frozen_name(&quote).or(named).unwrap_or_default(),
        id: quote.id,
        status: quote.status,
        reason: quote.status_reason,
        archived: quote.deleted_at.is_some(),
        grafts: quote.estimated_grafts,
        total: Money::new(quote.quote_amount, quote.currency),
        expires_at: quote.expires_at,
        submitted_at: quote.submitted_at,
        updated_at: quote.updated_at,
        code: quote.quote_code,
    }
}

/// The name a treatment had when the quote was sent.
fn frozen_name(quote: &quotes::Model) -> Option<String> {
    Some(quote.treatment_snapshot.as_ref()?.get("name")?.as_str()?.to_owned())
}

/// A quote of the asking clinic with all its content.
#[derive(Clone, Debug)]
pub struct OwnQuoteDetail {
    /// Its row.
    pub quote: quotes::Model,
    /// What it says.
    pub content: Content,
    /// The rows beside it.
    pub rows: Rows,
    /// Name of the treatment.
    pub treatment: String,
    /// On offer at this moment.
    pub live: bool,
    /// The patient as this clinic may know them.
    pub patient: MaskedPatient,
    /// The request for people.
    pub inquiry_code: Option<String>,
    /// Stage of the case.
    pub stage: InquiryStatus,
    /// When the patient could come.
    pub ranges: Vec<kernel::DateRange>,
    /// Hair, beard or both.
    pub problem: inquiry::entity::inquiries::InquiryProblem,
    /// Versions that were sent, newest first.
    pub versions: Vec<VersionView>,
    /// The clinic's share.
    pub settlement: Settlement,
    /// End of the hold while it waits for the payment.
    pub hold: Option<Timestamp>,
}

/// A quote for its own clinic; 404 for any other. At most seven statements.
pub async fn quote(app: &App, actor: &Actor, id: QuoteId) -> AppResult<OwnQuoteDetail> {
    let (_, provider) = actor.provider()?;
    let conn = app.db.conn();
    let found = visible(actor)?
        .filter(quotes::Column::Id.eq(id))
        .find_also_related(inquiries::Entity)
        .and_also_related(patients::Entity)
        .one(conn)
        .await?;
    let Some((quote, Some(case), Some(person))) = found else { return Err(AppError::not_found()) };
    let level = anonymity::level(conn, provider, person.id).await?;
    let rows = content::rows(conn, id).await?;
    let treatment = match frozen_name(&quote) {
        Some(name) => name,
        None => catalogue::treatments::load(conn, quote.treatment_id).await?.treatment_name,
    };
    let versions = if quote.submitted_at.is_some() {
        quote_versions::Entity::find()
            .filter(quote_versions::Column::QuoteId.eq(id))
            .order_by_desc(quote_versions::Column::Version)
            .all(conn)
            .await?
    } else {
        Vec::new()
    };
    let hold = if quote.status == QuoteStatus::Accepted { hold_of(conn, id).await? } else { None };
    Ok(OwnQuoteDetail {
        content: content::content_of(&quote, &rows)?,
        live: is_live(&quote, app.now()),
        patient: anonymity::mask_for(app, actor, &person, level)?,
        inquiry_code: case.inquiry_code.clone(),
        stage: case.status,
        ranges: inquiry::views::ranges_of(&case)?,
        problem: case.problem,
        versions: version_views(versions),
        settlement: settlement(&quote)?,
        rows,
        treatment,
        hold,
        quote,
    })
}

/// A treatment the clinic offers, with its price.
#[derive(Clone, Debug)]
pub struct OfferedTreatment {
    /// Its id.
    pub id: TreatmentId,
    /// Its name.
    pub name: String,
    /// Fixed part.
    pub base: Amount,
    /// Part per graft.
    pub per_graft: Amount,
    /// Of both; the currency of a quote for it.
    pub currency: Currency,
    /// The clinic's smallest job.
    pub min_grafts: Option<i32>,
    /// The clinic's largest job.
    pub max_grafts: Option<i32>,
}

/// A package the clinic can add.
#[derive(Clone, Debug)]
pub struct OfferedPackage {
    /// Its id.
    pub id: PackageId,
    /// Its name.
    pub name: String,
    /// What kind.
    pub category: PackageCategory,
    /// In its own currency.
    pub price: Money,
}

/// Somebody who may lead a treatment.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// Their id.
    pub id: ProviderUserId,
    /// Name with title.
    pub name: String,
}

/// What the editor of a quote offers.
#[derive(Clone, Debug)]
pub struct Options {
    /// Treatments by name.
    pub treatments: Vec<OfferedTreatment>,
    /// Packages by name.
    pub packages: Vec<OfferedPackage>,
    /// People by name.
    pub clinicians: Vec<Colleague>,
    /// The clinic's zone.
    pub zone: chrono_tz::Tz,
    /// How long a quote stays valid.
    pub validity_hours: i64,
    /// The rows these were read from: a price is computed from them without asking again.
    pub(crate) known: Known,
}

/// The rows behind what the editor offers.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub clinic: providers::Model,
    pub offers: Vec<(price_list::Model, treatments::Model)>,
    pub people: Vec<provider_users::Model>,
}

/// What the asking clinic's editor offers, in three statements; four where the price list is empty.
pub async fn options(app: &App, actor: &Actor) -> AppResult<Options> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewQuote)?;
    let conn = app.db.conn();
    let prices = price_list::Entity::find()
        .find_also_related(treatments::Entity)
        .find_also_related(providers::Entity)
        .filter(price_list::Column::ProviderId.eq(provider))
        .filter(price_list::Column::Status.eq(ProviderTreatmentPricingStatus::Offered))
        .filter(treatments::Column::Status.eq(TreatmentStatus::Active))
        .order_by_asc(treatments::Column::TreatmentName)
        .all(conn)
        .await?;
    let packages = packages::Entity::find()
        .filter(packages::Column::ProviderId.eq(provider))
        .filter(packages::Column::Status.eq(PackageStatus::Active))
        .filter(packages::Column::DeletedAt.is_null())
        .order_by_asc(packages::Column::PackageName)
        .all(conn)
        .await?;
    let without_login = Condition::all()
        .add(provider_users::Column::Status.eq(ProviderUserStatus::Inactive))
        .add(provider_users::Column::CanLogin.eq(false));
    let people = provider_users::Entity::find()
        .filter(provider_users::Column::ProviderId.eq(provider))
        .filter(provider_users::Column::DeletedAt.is_null())
        .filter(Condition::any().add(provider_users::Column::Status.eq(ProviderUserStatus::Active)).add(without_login))
        .order_by_asc(provider_users::Column::Lastname)
        .order_by_asc(provider_users::Column::Firstname)
        .all(conn)
        .await?;
    let mut clinic = None;
    let mut offers = Vec::with_capacity(prices.len());
    for (row, treatment, of) in prices {
        clinic = clinic.or(of);
        offers.extend(treatment.map(|treatment| (row, treatment)));
    }
    let clinic = match clinic {
        Some(clinic) => clinic,
        None => directory::clinics::load(conn, provider).await?,
    };
    let treatment = |(row, treatment): &(price_list::Model, treatments::Model)| OfferedTreatment {
        id: row.treatment_id,
        name: treatment.treatment_name.clone(),
        base: row.base_price,
        per_graft: row.price_per_graft,
        currency: row.currency,
        min_grafts: row.min_grafts,
        max_grafts: row.max_grafts,
    };
    Ok(Options {
        treatments: offers.iter().map(treatment).collect(),
        packages: packages
            .into_iter()
            .map(|row| OfferedPackage {
                id: row.id,
                category: row.package_category,
                price: Money::new(row.package_price, row.currency),
                name: row.package_name,
            })
            .collect(),
        clinicians: people.iter().map(|row| Colleague { id: row.id, name: titled(row) }).collect(),
        zone: slot::clinic_zone(clinic.timezone.as_deref()),
        validity_hours: settings::QUOTE_VALIDITY_HOURS.get(app).await?,
        known: Known { clinic, offers, people },
    })
}

/// The discounts the asking clinic's editor offers now, in one statement (R-IQ-46).
pub async fn discounts(app: &App, actor: &Actor, currency: Currency) -> AppResult<Vec<Offered>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewQuote)?;
    discounts::offered(app.db.conn(), provider, currency, app.now()).await
}

fn titled(person: &provider_users::Model) -> String {
    let name = format!("{} {}", person.firstname, person.lastname);
    match person.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => format!("{title} {name}"),
        None => name,
    }
}

/// An appointment that takes a clinician's time.
#[derive(Clone, Debug)]
pub struct Taken {
    /// First instant.
    pub starts_at: Timestamp,
    /// End of the last day.
    pub ends_at: Option<Timestamp>,
    /// Who treats.
    pub clinician: Option<String>,
    /// Held until the payment, not yet confirmed.
    pub held: bool,
}

/// The asking clinic's appointments between two instants, in one statement.
pub async fn taken(app: &App, actor: &Actor, from: Timestamp, to: Timestamp) -> AppResult<Vec<Taken>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewQuote)?;
    let conn = app.db.conn();
    let lead = schedules::Entity::belongs_to(quote_clinicians::Entity)
        .from(schedules::Column::QuoteId)
        .to(quote_clinicians::Column::QuoteId)
        .on_condition(|_, lead| Expr::col((lead, quote_clinicians::Column::ActiveKey)).is_not_null().into_condition());
    let booked = schedules::Entity::find()
        .join(JoinType::LeftJoin, lead.into())
        .filter(schedules::Column::ProviderId.eq(provider))
        .filter(schedules::Column::Status.ne(ScheduleStatus::Cancelled))
        .filter(schedules::Column::StartsAtUtc.lt(to))
        .filter(schedules::Column::EndsAtUtc.gt(from))
        .order_by_asc(schedules::Column::StartsAtUtc)
        .limit(TAKEN)
        .select_also(quote_clinicians::Entity)
        .all(conn)
        .await?;
    let entry = |(row, lead): (schedules::Model, Option<quote_clinicians::Model>)| {
        Some(Taken {
            starts_at: row.starts_at_utc?,
            ends_at: row.ends_at_utc,
            clinician: lead.map(|lead| lead.display_name),
            held: row.status == ScheduleStatus::Pending,
        })
    };
    Ok(booked.into_iter().filter_map(entry).collect())
}
