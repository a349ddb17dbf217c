//! A request nobody answered in time goes on: other clinics first, then those that let their time pass (R-IQ-28).

use kernel::ids::InquiryId;
use kernel::{Actor, ActorKind, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use serde::Deserialize;
use serde_json::json;

use super::submit::{active_of, selectable_countries};
use super::{draft, places, reasoned};
use crate::case::{self, already_active};
use crate::distribution::{self, to_extend};
use crate::entity::inquiries::{self, InquiryStatus};
use crate::entity::inquiry_providers::InquiryProviderSource;
use crate::limits::Limits;
use crate::{jobs, queries, timeline};

/// How a request goes on.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendInput {
    /// Countries to look in as well, ISO codes.
    #[schema(example = json!(["TR"]))]
    pub countries: Option<Vec<String>>,
    /// Why, 10 to 500 characters; from Hairline's staff.
    #[schema(example = "The clinics asked for more time to read the pictures.")]
    pub reason: Option<String>,
}

/// Asks more clinics and opens the request again if it had ended without an offer. Answers how many clinics were asked.
///
/// Its patient may once it has ended, Hairline's staff also while it is open with no offer left.
///
/// Errors: 404 for a foreign request; 409 `inquiry_not_expired`, `inquiry_not_active`, `active_inquiry_exists`,
/// `nobody_to_ask`; 422 for the countries and the reason.
pub async fn extend(app: &App, actor: &Actor, id: InquiryId, input: &ExtendInput) -> AppResult<usize> {
    let by_staff = matches!(actor.kind, ActorKind::Admin(_));
    if by_staff {
        actor.require(Permission::ReassignProvider)?;
    } else {
        draft::author(actor)?;
    }
    let seen = queries::find(app, actor, id).await?;
    let reason = if by_staff { Some(reasoned(input.reason.as_deref().unwrap_or_default())?) } else { None };
    let limits = Limits::load(app).await?;
    // The clock may be ahead of the job that ends it.
    jobs::expire_one(app, id, case::Held::Wait).await?;
    let outcome = platform::write_txn!(app.db, |txn| {
        let inquiry = case::lock(txn, id).await?;
        let ended = require_extendable(&inquiry, by_staff)?;
        if ended && active_of(txn, inquiry.patient_id).await?.is_some() {
            return Err(already_active());
        }
        identity::consents::require_sharing(txn, inquiry.patient_id).await?;
        add_countries(txn, app, &inquiry, input.countries.as_deref().unwrap_or_default(), &limits).await?;
        distribution::lapse_overdue(txn, app, id).await?;
        let before = distribution::of(txn, id).await?;
        let asked = to_extend(txn, &inquiry, &before, &limits).await?;
        if asked.is_empty() {
            return Err(AppError::conflict("nobody_to_ask", "No other clinic can be asked. Choose another country."));
        }
        if ended {
            case::set_stage(txn, app, &inquiry, InquiryStatus::Inquiry).await?;
        }
        note(txn, app, actor, &inquiry, ended, asked.len(), reason.as_deref()).await?;
        let source = InquiryProviderSource::Matched;
        distribution::hand_out(txn, app, actor, &inquiry, &before, (&asked, source), &limits).await?;
        Ok(asked.len())
    });
    match outcome {
        Err(error) if error.code == "active_inquiry_exists" => {
            Err(match active_of(app.db.conn(), seen.patient_id).await? {
                Some(other) => error.with("existing_id", other),
                None => error,
            })
        }
        other => other,
    }
}

/// Whether it had ended (`true`) or is open without an answer (`false`); else 409.
fn require_extendable(inquiry: &inquiries::Model, by_staff: bool) -> AppResult<bool> {
    match inquiry.status {
        _ if inquiry.archived_at.is_some() => Err(case::not_active()),
        InquiryStatus::Expired => Ok(true),
        InquiryStatus::Inquiry | InquiryStatus::Quote if by_staff => Ok(false),
        InquiryStatus::Inquiry | InquiryStatus::Quote => {
            Err(AppError::conflict("inquiry_not_expired", "Your request is still open."))
        }
        _ => Err(case::not_active()),
    }
}

async fn add_countries(
    txn: &Txn,
    app: &App,
    inquiry: &inquiries::Model,
    more: &[String],
    limits: &Limits,
) -> AppResult<()> {
    let mut countries = queries::destinations_of(txn, &[inquiry.id]).await?.remove(&inquiry.id).unwrap_or_default();
    let known = countries.len();
    for code in more.iter().map(|code| code.trim().to_uppercase()) {
        if !countries.contains(&code) {
            countries.push(code);
        }
    }
    if countries.len() == known {
        return Ok(());
    }
    if countries.len() > limits.max_countries {
        let most = limits.max_countries;
        return Err(AppError::field("countries", "too_many_countries", format!("At most {most} countries.")));
    }
    let selectable = selectable_countries(txn, app.now()).await?;
    if countries.iter().skip(known).any(|code| !selectable.contains(code)) {
        return Err(AppError::field("countries", "country_unknown", "This country cannot be chosen."));
    }
    places::replace_countries(txn, app, inquiry, &countries).await
}

async fn note(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: &inquiries::Model,
    ended: bool,
    asked: usize,
    reason: Option<&str>,
) -> AppResult<()> {
    if ended {
        let metadata = json!({ "from": inquiry.status, "to": InquiryStatus::Inquiry });
        timeline::record(txn, app, actor, inquiry.id, "inquiry_reopened", metadata).await?;
    }
    let mut entry = Entry::new("inquiry.extended").subject("Inquiry", inquiry.id).patient(inquiry.patient_id);
    let after = json!({ "status": if ended { InquiryStatus::Inquiry } else { inquiry.status }, "asked": asked });
    entry = entry.change(Some(json!({ "status": inquiry.status })), Some(after));
    if let Some(reason) = reason {
        entry = entry.reason(reason);
    }
    audit::record(txn, app, actor, entry).await?;
    // Patients know of what they did themselves.
    let key = if reason.is_some() { "inquiry.extended" } else { "inquiry.reopened" };
    let event = Event::new(key, "Inquiry", inquiry.id)
        .occurrence(app.now().timestamp_millis())
        .with("inquiry_id", inquiry.id)
        .with("patient_id", inquiry.patient_id)
        .with("reopened", ended);
    outbox::emit(txn, app, actor, event).await
}
