//! Reading the content of a quote from its rows and writing it back.

use catalogue::entity::provider_treatment_pricing as price_list;
use identity::entity::provider_users;
use kernel::ids::{AnyId, ProviderUserId, QuoteClinicianId, QuoteId, QuoteLineId, QuotePackageId};
use kernel::{Actor, ActorKind, AppError, AppResult, Timestamp};
use platform::db::Txn;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;

use super::discounts::Terms;
use super::pricing::{ChosenPackage, rate_of};
use crate::entity::quote_clinicians::{self, CaseRole, QuoteClinicianAssignedByType};
use crate::entity::quote_versions::QuoteVersionCreatedByType;
use crate::entity::treatment_customizes::{self as lines, QuoteLineKind};
use crate::entity::{quote_packages, quotes};
use crate::rules::content::{Content, Line};
use crate::rules::price::Breakdown;
use crate::slots;
use crate::store;

/// The rows of a quote beside its own.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Current packages in order.
    pub packages: Vec<quote_packages::Model>,
    /// Current lines in order.
    pub lines: Vec<lines::Model>,
    /// The current lead.
    pub lead: Option<quote_clinicians::Model>,
}

/// Loads the rows of one quote.
pub async fn rows(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Rows> {
    let lead = store::lead_of(conn, quote).await?;
    rows_with(conn, quote, lead).await
}

/// The same where the lead is known.
pub async fn rows_with(
    conn: &impl ConnectionTrait,
    quote: QuoteId,
    lead: Option<quote_clinicians::Model>,
) -> AppResult<Rows> {
    let packages = quote_packages::Entity::find()
        .filter(quote_packages::Column::QuoteId.eq(quote))
        .filter(quote_packages::Column::DeletedAt.is_null())
        .order_by_asc(quote_packages::Column::OrderIndex)
        .all(conn)
        .await?;
    let lines = lines::Entity::find()
        .filter(lines::Column::QuoteId.eq(quote))
        .filter(lines::Column::DeletedAt.is_null())
        .order_by_asc(lines::Column::OrderIndex)
        .all(conn)
        .await?;
    Ok(Rows { packages, lines, lead })
}

/// The content a quote has now.
pub fn content_of(quote: &quotes::Model, rows: &Rows) -> AppResult<Content> {
    let of_kind = |kind: QuoteLineKind| {
        rows.lines
            .iter()
            .filter(|line| line.kind == kind)
            .map(|line| Line { name: line.name.clone(), description: line.description.clone(), price: line.price })
            .collect()
    };
    Ok(Content {
        treatment: quote.treatment_id,
        grafts: quote.estimated_grafts,
        dates: dates_of(&quote.treatment_date)?,
        packages: rows.packages.iter().map(|row| row.package_id).collect(),
        services: of_kind(QuoteLineKind::CustomService),
        fees: of_kind(QuoteLineKind::Fee),
        inclusions: of_kind(QuoteLineKind::Inclusion),
        discount: quote.discount_id,
        clinician: rows.lead.as_ref().map(|lead| lead.provider_user_id),
        clinician_note: rows.lead.as_ref().and_then(|lead| lead.note.clone()),
        slot: quote.appointment_slot_at.is_some().then(|| slots::slot_of(quote)).transpose()?,
        plan: quote.treatment_plan.clone().map(serde_json::from_value).transpose()?.unwrap_or_default(),
        included: quote.included_services.clone().map(serde_json::from_value).transpose()?.unwrap_or_default(),
        note: quote.note.clone(),
    })
}

/// The dates of a quote; bare date strings of older rows are read as dates without price.
pub fn dates_of(json: &serde_json::Value) -> AppResult<Vec<crate::rules::content::OfferDate>> {
    let entries = json.as_array().cloned().unwrap_or_default();
    let read = |entry: serde_json::Value| match entry {
        serde_json::Value::String(date) => serde_json::from_value(json!({ "date": date, "price": null })),
        object => serde_json::from_value(object),
    };
    Ok(entries.into_iter().map(read).collect::<Result<_, _>>()?)
}

/// Everything a write of content needs.
pub struct Written<'a> {
    /// What to write.
    pub content: &'a Content,
    /// Its price; absent while it cannot be computed.
    pub price: Option<&'a Breakdown>,
    /// The packages with their prices.
    pub packages: &'a [ChosenPackage],
    /// The lead clinician's row.
    pub clinician: Option<&'a provider_users::Model>,
    /// The discount's terms.
    pub discount: Option<&'a Terms>,
    /// Freeze names and snapshots: submission and later.
    pub freeze: bool,
}

/// The columns of `quotes` that hold content. The caller adds version and status.
pub fn columns(written: &Written<'_>, prices: &price_list::Model, now: Timestamp) -> AppResult<quotes::ActiveModel> {
    let content = written.content;
    let slot_at = content.slot.map(|slot| slot.starts_at()).transpose();
    let slot_at = slot_at.map_err(|_| AppError::internal("a slot that was not checked"))?;
    let mut row = quotes::ActiveModel {
        treatment_id: Set(content.treatment),
        package_id: Set(content.packages.first().copied()),
        treatment_date: Set(serde_json::to_value(&content.dates)?),
        discount_id: Set(content.discount),
        currency: Set(prices.currency),
        note: Set(content.note.clone()),
        estimated_grafts: Set(content.grafts),
        appointment_slot_at: Set(slot_at),
        appointment_timezone: Set(content.slot.map(|slot| slot.zone.name().to_owned())),
        treatment_plan: Set(Some(serde_json::to_value(&content.plan)?)),
        included_services: Set(Some(serde_json::to_value(&content.included)?)),
        updated_at: Set(now),
        ..Default::default()
    };
    if let Some(slot) = content.slot {
        row.slot_duration_minutes = Set(slot.duration_minutes);
        row.slot_day_count = Set(slot.day_count);
    }
    if let Some(price) = written.price.filter(|_| written.freeze) {
        row.quote_amount = Set(price.total);
        row.treatment_amount = Set(price.treatment);
        row.packages_amount = Set(price.packages);
        row.extras_amount = Set(price.extras);
        row.fees_amount = Set(price.fees);
        row.discount_amount = Set(price.discount);
        row.discount_funding = Set(written.discount.map(|terms| terms.funding));
        row.commission_amount = Set(price.commission);
    }
    Ok(row)
}

/// Writes packages, lines and clinician; rows taken out stay, marked as such.
pub async fn write_rows(
    txn: &Txn,
    actor: &Actor,
    quote: QuoteId,
    before: &Rows,
    written: &Written<'_>,
    now: Timestamp,
) -> AppResult<()> {
    write_packages(txn, quote, before, written, now).await?;
    write_lines(txn, quote, before, written.content, now).await?;
    write_clinician(txn, actor, quote, before, written, now).await
}

async fn write_packages(
    txn: &Txn,
    quote: QuoteId,
    before: &Rows,
    written: &Written<'_>,
    now: Timestamp,
) -> AppResult<()> {
    for row in before.packages.iter().filter(|row| !written.content.packages.contains(&row.package_id)) {
        let gone = quote_packages::ActiveModel {
            id: Set(row.id),
            deleted_at: Set(Some(now)),
            updated_at: Set(now),
            ..Default::default()
        };
        quote_packages::Entity::update(gone).exec(txn).await?;
    }
    for (index, package) in written.packages.iter().enumerate() {
        let known = before.packages.iter().find(|row| row.package_id == package.id);
        let (price, rate) = match written.price {
            Some(breakdown) => rate_of(breakdown, index),
            None => (package.line.list_price, package.line.rate.unwrap_or(rust_decimal::Decimal::ONE)),
        };
        let row = quote_packages::ActiveModel {
            id: Set(known.map_or_else(QuotePackageId::new, |row| row.id)),
            quote_id: Set(quote),
            package_id: Set(package.id),
            package_snapshot: Set(written.freeze.then(|| package.snapshot.clone())),
            list_price: Set(package.line.list_price),
            list_currency: Set(package.line.list_currency),
            fx_rate: Set(rate),
            price: Set(price),
            order_index: Set(i32::try_from(index).unwrap_or(i32::MAX)),
            deleted_at: Set(None),
            created_at: Set(known.map_or(now, |row| row.created_at)),
            updated_at: Set(now),
        };
        match known {
            Some(_) => drop(quote_packages::Entity::update(row).exec(txn).await?),
            None => drop(row.insert(txn).await?),
        }
    }
    Ok(())
}

async fn write_lines(txn: &Txn, quote: QuoteId, before: &Rows, content: &Content, now: Timestamp) -> AppResult<()> {
    let wanted: Vec<(QuoteLineKind, &Line)> = [
        (QuoteLineKind::CustomService, &content.services),
        (QuoteLineKind::Fee, &content.fees),
        (QuoteLineKind::Inclusion, &content.inclusions),
    ]
    .into_iter()
    .flat_map(|(kind, lines)| lines.iter().map(move |line| (kind, line)))
    .collect();
    let same = before.lines.len() == wanted.len()
        && before.lines.iter().zip(&wanted).all(|(row, (kind, line))| {
            row.kind == *kind && row.name == line.name && row.description == line.description && row.price == line.price
        });
    if same {
        return Ok(());
    }
    lines::Entity::update_many()
        .set(lines::ActiveModel { deleted_at: Set(Some(now)), updated_at: Set(now), ..Default::default() })
        .filter(lines::Column::QuoteId.eq(quote))
        .filter(lines::Column::DeletedAt.is_null())
        .exec(txn)
        .await?;
    for (index, (kind, line)) in wanted.into_iter().enumerate() {
        lines::ActiveModel {
            id: Set(QuoteLineId::new()),
            quote_id: Set(quote),
            treatment_id: Set(content.treatment),
            kind: Set(kind),
            name: Set(line.name.clone()),
            description: Set(line.description.clone()),
            price: Set(line.price),
            order_index: Set(i32::try_from(index).unwrap_or(i32::MAX)),
            deleted_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
    }
    Ok(())
}

async fn write_clinician(
    txn: &Txn,
    actor: &Actor,
    quote: QuoteId,
    before: &Rows,
    written: &Written<'_>,
    now: Timestamp,
) -> AppResult<()> {
    let Some(person) = written.clinician else { return Ok(()) };
    let name = format!("{} {}", person.firstname, person.lastname);
    let note = written.content.clinician_note.clone();
    if let Some(lead) = &before.lead {
        let mut change = quote_clinicians::ActiveModel { id: Set(lead.id), updated_at: Set(now), ..Default::default() };
        if lead.provider_user_id == person.id {
            change.display_name = Set(name);
            change.display_title = Set(person.title.clone());
            change.note = Set(note);
            quote_clinicians::Entity::update(change).exec(txn).await?;
            return Ok(());
        }
        change.active_key = Set(None);
        change.ended_at = Set(Some(now));
        change.end_reason = Set(Some("replaced".to_owned()));
        quote_clinicians::Entity::update(change).exec(txn).await?;
    }
    let (kind, by) = assigned_by(actor)?;
    quote_clinicians::ActiveModel {
        id: Set(QuoteClinicianId::new()),
        quote_id: Set(quote),
        provider_user_id: Set(person.id),
        case_role: Set(CaseRole::Lead),
        display_name: Set(name),
        display_title: Set(person.title.clone()),
        note: Set(note),
        active_key: Set(Some(store::lead_key(quote))),
        assigned_by_type: Set(match kind {
            QuoteVersionCreatedByType::ProviderUser => QuoteClinicianAssignedByType::ProviderUser,
            QuoteVersionCreatedByType::User => QuoteClinicianAssignedByType::User,
        }),
        assigned_by_id: Set(by),
        ended_at: Set(None),
        end_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    Ok(())
}

/// Who writes content: clinic staff or Hairline's.
pub fn assigned_by(actor: &Actor) -> AppResult<(QuoteVersionCreatedByType, AnyId)> {
    match actor.kind {
        ActorKind::Provider { user, .. } => Ok((QuoteVersionCreatedByType::ProviderUser, user.any())),
        ActorKind::Admin(id) => Ok((QuoteVersionCreatedByType::User, id.any())),
        _ => Err(AppError::forbidden()),
    }
}

/// A member of the clinic who may lead a treatment: active, or named without a login (R-IQ-34).
pub async fn clinician(
    conn: &impl ConnectionTrait,
    provider: kernel::ids::ProviderId,
    id: ProviderUserId,
) -> AppResult<provider_users::Model> {
    use provider_users::ProviderUserStatus;
    let found = provider_users::Entity::find_by_id(id)
        .filter(provider_users::Column::ProviderId.eq(provider))
        .filter(provider_users::Column::DeletedAt.is_null())
        .one(conn)
        .await?;
    let fits = |person: &provider_users::Model| {
        person.status == ProviderUserStatus::Active
            || (person.status == ProviderUserStatus::Inactive && !person.can_login)
    };
    found
        .filter(fits)
        .ok_or_else(|| AppError::field("clinician_id", "clinician_not_available", "Choose a member of your clinic."))
}
