//! Other countries and other clinics of a request that was sent (R-IQ-03, R-IQ-05, R-IQ-11).

use std::collections::HashMap;

use catalogue::entity::location_preferences;
use catalogue::entity::location_preferences_countries::{self as listed, LocationPreferenceCountryRole};
use directory::entity::providers;
use kernel::ids::{InquiryId, InquiryProviderId, ProviderId};
use kernel::{Actor, AppError, AppResult, FieldErrors};
use platform::App;
use platform::db::Txn;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};

use super::edit::EditInput;
use super::submit::{accepting_among, destination, selectable_countries, shown_prices};
use crate::distribution::{self, LIVE, places_left};
use crate::entity::inquiries;
use crate::entity::inquiry_providers::{self as rows, InquiryProviderSource, InquiryProviderStatus};
use crate::limits::Limits;
use crate::queries;
use crate::rules::submission::{self, DraftPayload, Facts};

/// A part of the request that differs, before and after (R-IQ-94).
pub(super) struct Section {
    pub name: &'static str,
    pub was: Value,
    pub is: Value,
}

/// Writes what the input says of countries and clinics; answers the sections that differ.
///
/// A clinic that is taken out loses the case, one that is added gets it with its full time; the caps hold.
pub(super) async fn change(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: &inquiries::Model,
    input: &EditInput,
    limits: &Limits,
) -> AppResult<Vec<Section>> {
    if input.destinations.is_none() && input.provider_ids.is_none() {
        return Ok(Vec::new());
    }
    let before = distribution::of(txn, inquiry.id).await?;
    let was = queries::destinations_of(txn, &[inquiry.id]).await?.remove(&inquiry.id).unwrap_or_default();
    let live = |row: &&rows::Model| LIVE.contains(&row.status);
    let ticked: Vec<ProviderId> = before.iter().filter(|row| is_ticked(row)).map(|row| row.provider_id).collect();
    let draft = DraftPayload {
        destinations: input.destinations.clone().unwrap_or_else(|| was.clone()),
        provider_ids: input.provider_ids.clone().unwrap_or_else(|| ticked.clone()),
        ..DraftPayload::default()
    };
    // A clinic that has the request already need not take new ones.
    let mut clinics = accepting_among(txn, &draft.provider_ids).await?;
    clinics.extend(countries_of(txn, before.iter().filter(live).map(|row| row.provider_id)).await?);
    let mut errors = FieldErrors::new();
    let facts = Facts {
        today: app.now().date_naive(),
        countries: &selectable_countries(txn, app.now()).await?,
        clinics: &clinics,
        limits,
    };
    let countries = submission::places(&draft, &facts, &mut errors);
    submission::refuse(errors)?;
    let mut sections = Vec::new();
    if countries != was {
        replace_countries(txn, app, inquiry, &countries).await?;
        sections.push(Section { name: "destinations", was: json!(was), is: json!(countries) });
    }
    let stays = |row: &&rows::Model| match row.source {
        InquiryProviderSource::Selected => draft.provider_ids.contains(&row.provider_id),
        InquiryProviderSource::Matched => {
            draft.provider_ids.contains(&row.provider_id)
                || clinics.get(&row.provider_id).and_then(Option::as_ref).is_some_and(|code| countries.contains(code))
        }
        InquiryProviderSource::Admin | InquiryProviderSource::Exclusive => true,
    };
    let out: Vec<InquiryProviderId> = before.iter().filter(live).filter(|row| !stays(row)).map(|row| row.id).collect();
    let kept: Vec<&rows::Model> = before.iter().filter(live).filter(|row| !out.contains(&row.id)).collect();
    let added: Vec<ProviderId> =
        draft.provider_ids.iter().filter(|id| !kept.iter().any(|row| row.provider_id == **id)).copied().collect();
    let now_ticked: Vec<InquiryProviderId> = kept
        .iter()
        .filter(|row| row.source == InquiryProviderSource::Matched && draft.provider_ids.contains(&row.provider_id))
        .map(|row| row.id)
        .collect();
    if out.is_empty() && added.is_empty() && now_ticked.is_empty() {
        return Ok(sections);
    }
    if added.len() > places_left(&before, limits) + out.len() {
        let most = limits.max_providers;
        return Err(AppError::field("provider_ids", "too_many_providers", format!("At most {most} clinics in all.")));
    }
    take_out(txn, app, &out, "edited_out").await?;
    rows::Entity::update_many()
        .set(rows::ActiveModel {
            source: Set(InquiryProviderSource::Selected),
            updated_at: Set(app.now()),
            ..Default::default()
        })
        .filter(rows::Column::Id.is_in(now_ticked))
        .exec(txn)
        .await?;
    let left = distribution::of(txn, inquiry.id).await?;
    distribution::hand_out(txn, app, actor, inquiry, &left, (&added, InquiryProviderSource::Selected), limits).await?;
    distribution::refresh_deadline(txn, app, inquiry.id, &distribution::of(txn, inquiry.id).await?).await?;
    let now: Vec<ProviderId> = kept.iter().map(|row| row.provider_id).chain(added.iter().copied()).collect();
    let had: Vec<ProviderId> = before.iter().filter(live).map(|row| row.provider_id).collect();
    sections.push(Section { name: "clinics", was: json!(had), is: json!(now) });
    Ok(sections)
}

/// The countries of a request, the primary one first, and the clinics its patient ticked that still have it.
pub(crate) async fn chosen(conn: &impl ConnectionTrait, id: InquiryId) -> AppResult<(Vec<String>, Vec<ProviderId>)> {
    let countries = queries::destinations_of(conn, &[id]).await?.remove(&id).unwrap_or_default();
    let ticked =
        distribution::of(conn, id).await?.iter().filter(|row| is_ticked(row)).map(|row| row.provider_id).collect();
    Ok((countries, ticked))
}

fn is_ticked(row: &rows::Model) -> bool {
    LIVE.contains(&row.status) && row.source == InquiryProviderSource::Selected
}

async fn countries_of(
    txn: &Txn,
    ids: impl Iterator<Item = ProviderId>,
) -> AppResult<HashMap<ProviderId, Option<String>>> {
    let clinics = providers::Entity::find().filter(providers::Column::Id.is_in(ids)).all(txn).await?;
    Ok(clinics.into_iter().map(|clinic| (clinic.id, clinic.country_code)).collect())
}

/// Takes the case from clinics; they find nothing of it any more (R-IQ-29).
pub(super) async fn take_out(txn: &Txn, app: &App, ids: &[InquiryProviderId], reason: &str) -> AppResult<()> {
    let now = app.now();
    rows::Entity::update_many()
        .set(rows::ActiveModel {
            status: Set(InquiryProviderStatus::Removed),
            closed_at: Set(Some(now)),
            closed_reason: Set(Some(reason.to_owned())),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(rows::Column::Id.is_in(ids.iter().copied()))
        .exec(txn)
        .await?;
    Ok(())
}

/// The list as it is now. Only what differs is touched: rows taken off stay, marked as such, and a country that stays
/// keeps its row with the price that was shown when it was chosen.
pub(super) async fn replace_countries(
    txn: &Txn,
    app: &App,
    inquiry: &inquiries::Model,
    codes: &[String],
) -> AppResult<()> {
    let now = app.now();
    let list = location_preferences::Entity::find()
        .filter(location_preferences::Column::InquiryId.eq(inquiry.id))
        .one(txn)
        .await?
        .ok_or_else(|| AppError::internal("a request without its countries"))?;
    let present = listed::Entity::find()
        .filter(listed::Column::LocationPreferenceId.eq(list.id))
        .filter(listed::Column::Role.eq(LocationPreferenceCountryRole::Destination))
        .filter(listed::Column::RemovedAt.is_null())
        .all(txn)
        .await?;
    let gone = present.iter().filter(|row| !codes.contains(&row.country_code)).map(|row| row.id);
    listed::Entity::update_many()
        .set(listed::ActiveModel { removed_at: Set(Some(now)), updated_at: Set(now), ..Default::default() })
        .filter(listed::Column::Id.is_in(gone))
        .exec(txn)
        .await?;
    let mut added: Vec<(&String, i32)> = Vec::new();
    for (code, position) in codes.iter().zip(1..) {
        match present.iter().find(|row| row.country_code == *code) {
            Some(row) if row.position == position => {}
            // At most ten countries: one statement for each that changed its place.
            Some(row) => {
                listed::Entity::update_many()
                    .set(listed::ActiveModel { position: Set(position), updated_at: Set(now), ..Default::default() })
                    .filter(listed::Column::Id.eq(row.id))
                    .exec(txn)
                    .await?;
            }
            None => added.push((code, position)),
        }
    }
    if added.is_empty() {
        return Ok(());
    }
    let patient = identity::patients::load(txn, inquiry.patient_id).await?;
    let new: Vec<String> = added.iter().map(|(code, _)| (*code).clone()).collect();
    let shown = shown_prices(txn, app, &new, patient.country_code.as_deref()).await?;
    let rows = added.into_iter().map(|place| destination(app, list.id, place, &shown));
    listed::Entity::insert_many(rows).exec(txn).await?;
    Ok(())
}
