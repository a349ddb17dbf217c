//! A draft becomes an inquiry (R-IQ-01..18), in one transaction.

use std::collections::{HashMap, HashSet};

use catalogue::entity::location_preferences::{self, LocationPreferenceStatus, LocationPreferenceType};
use catalogue::entity::location_preferences_countries::{self as listed, LocationPreferenceCountryRole};
use catalogue::questionnaire::QuestionnaireSet;
use chrono::Datelike;
use directory::entity::providers;
use identity::entity::patients;
use kernel::ids::{
    InquiryDraftId, InquiryId, LocationPreferenceCountryId, LocationPreferenceId, PatientId, ProviderId,
};
use kernel::time::age_on;
use kernel::{Actor, AppError, AppResult, DateRange, ErrorKind, FieldErrors, Money, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::countries;
use platform::entity::media::{self as media_rows, MediaCollection};
use platform::lists::choosable;
use platform::media::{self, Item};
use platform::outbox::{self, Event};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set, SqlErr};
use serde::Deserialize;
use serde_json::json;

use super::draft;
use crate::case::already_active;
use crate::entity::inquiries::{self, InquiryStatus};
use crate::entity::inquiry_drafts;
use crate::entity::inquiry_providers::{self, InquiryProviderSource};
use crate::limits::Limits;
use crate::medical::{self, Answered, Habits};
use crate::rules::alert::{self, Assessment};
use crate::rules::stage;
use crate::rules::submission::{self, Concern, DraftPayload, Facts};
use crate::{case, distribution, timeline};

/// What `mediable_type` says for pictures of an inquiry.
pub(crate) const OWNER: &str = "Inquiry";

/// Submits the draft as it was last saved.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitInput {
    /// The draft's version the patient reviewed; another one is 409 `stale_version`.
    pub version: Option<i32>,
}

/// Everything a submission writes, checked.
struct Submission {
    patient: patients::Model,
    draft: InquiryDraftId,
    concern: Concern,
    schedule: Vec<DateRange>,
    countries: Vec<String>,
    selected: Vec<ProviderId>,
    set: Answered,
    assessment: Assessment,
    habits: Habits,
    has_evidence: bool,
    limits: Limits,
}

/// Turns the asking patient's draft into an inquiry and returns its id.
///
/// The unique index over active inquiries is the last judge of two submissions at once (R-IQ-02): one wins, the other
/// gets 409 `active_inquiry_exists` with the winner's id.
pub async fn submit(app: &App, actor: &Actor, input: &SubmitInput) -> AppResult<InquiryId> {
    let patient = draft::author(actor)?;
    let limits = Limits::load(app).await?;
    let outcome = platform::write_txn!(app.db, |txn| {
        let ready = check(txn, app, patient, input, limits).await?;
        write(txn, app, actor, &ready).await
    });
    match outcome {
        // Asked again outside: the loser of a race could not see the winner's row from inside, and where the winner
        // commits between two of its questions it misses the draft or the pictures that became the request.
        Err(error) if may_have_lost(&error) => Err(match active_of(app.db.conn(), patient).await? {
            Some(id) => already_active().with("existing_id", id),
            None => error,
        }),
        other => other,
    }
}

/// Whether a refusal can stem from a second submission that was faster.
fn may_have_lost(error: &AppError) -> bool {
    error.kind == ErrorKind::Invalid || matches!(&*error.code, "active_inquiry_exists" | "draft_missing")
}

/// What a submission would be refused for that no step of the request asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The profile is not complete (R-ID-02).
    Profile,
    /// The account may not ask for quotes: not verified, or not of age (R-IQ-01).
    Account,
    /// Consents to process and share medical data are missing (R-CM-84).
    Consents,
}

/// What the asking patient still lacks beside the answers; the submission checks the same again.
pub async fn lacks(app: &App, actor: &Actor) -> AppResult<Vec<Lack>> {
    let id = draft::author(actor)?;
    let conn = app.db.conn();
    let patient = identity::patients::load(conn, id).await?;
    let mut found = Vec::new();
    let today = app.now().date_naive();
    let of_age = patient.birthday.and_then(|day| age_on(day, today)).is_none_or(|age| (18..=100).contains(&age));
    if patient.email_verified_at.is_none() || !of_age {
        found.push(Lack::Account);
    }
    if !identity::patients::is_complete(&patient) {
        found.push(Lack::Profile);
    }
    match identity::consents::require_sharing(conn, id).await {
        Err(error) if error.code == "consent_required" => found.push(Lack::Consents),
        other => other?,
    }
    Ok(found)
}

/// The patient's active inquiry.
pub(crate) async fn active_of(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Option<InquiryId>> {
    let row = inquiries::Entity::find()
        .filter(inquiries::Column::PatientId.eq(patient))
        .filter(inquiries::Column::Status.is_in(stage::ACTIVE))
        .one(conn)
        .await?;
    Ok(row.map(|row| row.id))
}

/// All guards, in the order a patient should hear of them: the account, the one active inquiry, consents, the
/// questionnaire's version, then every field at once.
async fn check(txn: &Txn, app: &App, patient: PatientId, input: &SubmitInput, limits: Limits) -> AppResult<Submission> {
    let patient = identity::patients::require_eligible(txn, app, patient).await?;
    if active_of(txn, patient.id).await?.is_some() {
        return Err(already_active());
    }
    identity::consents::require_sharing(txn, patient.id).await?;
    let row = draft::find(txn, patient.id, app.now())
        .await?
        .ok_or_else(|| AppError::conflict("draft_missing", "There is no saved request to submit."))?;
    if input.version.is_some_and(|seen| seen != row.version) {
        return Err(AppError::stale_version().with("current_version", row.version));
    }
    let payload = draft::payload_of(app, &row)?;
    let set = catalogue::questionnaire::require_active(txn).await?;
    check_fresh(&payload, &set)?;
    let pictures = media::of(txn, draft::OWNER, &[row.id.any()]).await?.remove(&row.id.any()).unwrap_or_default();

    let facts = Facts {
        today: app.now().date_naive(),
        countries: &selectable_countries(txn, app.now()).await?,
        clinics: &accepting_among(txn, &payload.provider_ids).await?,
        limits: &limits,
    };
    let mut errors = FieldErrors::new();
    let concern = submission::concern(&payload, &mut errors);
    let schedule = submission::schedule(&payload.treatment_schedule, &facts, &mut errors);
    let countries = submission::places(&payload, &facts, &mut errors);
    submission::head_scan(&views(&pictures), &mut errors);
    let given = payload.questionnaire.as_ref().map(|form| form.answers.as_slice()).unwrap_or_default();
    let assessment = alert::assess(&set, given, &mut errors);
    let habits = Habits {
        smoking_status: submission::optional(&mut errors, "smoking_status", payload.smoking_status.as_deref()),
        alcohol_consumption: submission::optional(
            &mut errors,
            "alcohol_consumption",
            payload.alcohol_consumption.as_deref(),
        ),
        family_history: submission::optional(&mut errors, "family_history", payload.family_history.as_deref()),
    };
    if !payload.terms_accepted {
        errors.add("terms_accepted", "terms_required", "Accept the terms to send your request.");
    }
    submission::refuse(errors)?;
    let (Some(concern), Some(assessment)) = (concern, assessment) else {
        return Err(AppError::internal("a draft without faults did not read"));
    };
    Ok(Submission {
        patient,
        draft: row.id,
        concern,
        schedule,
        countries,
        selected: payload.provider_ids,
        set: Answered { set: set.id, version: set.version },
        assessment,
        habits,
        has_evidence: pictures.iter().any(|item| item.media.collection == MediaCollection::Evidence),
        limits,
    })
}

/// Answers to a version that is no longer asked must be given again (R-IQ-17).
fn check_fresh(payload: &DraftPayload, set: &QuestionnaireSet) -> AppResult<()> {
    match &payload.questionnaire {
        Some(form) if form.set_id != set.id || form.version != set.version => Err(questionnaire_stale(set)),
        _ => Ok(()),
    }
}

pub(crate) fn questionnaire_stale(set: &QuestionnaireSet) -> AppError {
    AppError::conflict("questionnaire_stale", "The medical questionnaire was changed. Please answer the new version.")
        .with("current_version", set.version)
        .with("set_id", set.id)
}

fn views(pictures: &[Item]) -> HashSet<media_rows::MediaView> {
    let scan = pictures.iter().filter(|item| item.media.collection == MediaCollection::HeadScan);
    scan.filter_map(|item| item.media.view).collect()
}

/// ISO codes of the countries that may be chosen, those retired a moment ago among them (R-MG-62).
pub(crate) async fn selectable_countries(conn: &impl ConnectionTrait, now: Timestamp) -> AppResult<HashSet<String>> {
    let open = choosable(countries::Column::IsActive, countries::Column::UpdatedAt, now);
    let rows = countries::Entity::find().filter(open).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.iso_code).collect())
}

/// The accepting clinics among those ticked, with their country.
pub(crate) async fn accepting_among(
    conn: &impl ConnectionTrait,
    ids: &[ProviderId],
) -> AppResult<HashMap<ProviderId, Option<String>>> {
    let rows = providers::Entity::find()
        .filter(catalogue::clinics::accepting())
        .filter(providers::Column::Id.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.country_code)).collect())
}

async fn write(txn: &Txn, app: &App, actor: &Actor, ready: &Submission) -> AppResult<InquiryId> {
    let id = InquiryId::new();
    insert_inquiry(txn, app, id, ready).await?;
    let owner = (ready.patient.id, id);
    let form = medical::insert_form(txn, app, owner, &ready.set, 1, &ready.assessment).await?;
    let columns = medical::clinical_columns(app, form, &ready.assessment)?;
    let age = ready.patient.birthday.and_then(|day| age_on(day, app.now().date_naive())).map(i64::from);
    medical::insert_history(txn, app, id, age, &ready.habits, columns).await?;
    insert_destinations(txn, app, id, &ready.countries, ready.patient.country_code.as_deref()).await?;
    let rows = ready.selected.iter().zip(1usize..).map(|(provider, order)| {
        distribution::row(id, *provider, InquiryProviderSource::Selected, order, app.now(), &ready.limits)
    });
    inquiry_providers::Entity::insert_many(rows).exec(txn).await?;
    take_over_draft(txn, app, id, ready.draft).await?;
    case::mirror_stage(txn, ready.patient.id).await?;
    let metadata = json!({ "to": InquiryStatus::Inquiry });
    timeline::record(txn, app, actor, id, "inquiry_created", metadata).await?;
    let entry = Entry::new("inquiry.submitted").subject("Inquiry", id).patient(ready.patient.id).change(
        None,
        Some(json!({ "status": "inquiry", "countries": ready.countries, "clinics": ready.selected.len() })),
    );
    audit::record(txn, app, actor, entry).await?;
    let event = Event::new("inquiry.submitted", "Inquiry", id)
        .occurrence("once")
        .with("inquiry_id", id)
        .with("patient_id", ready.patient.id);
    outbox::emit(txn, app, actor, event).await?;
    // Last, because the counter's row stays locked until the commit (R-IQ-12).
    set_code(txn, app, id).await?;
    Ok(id)
}

async fn insert_inquiry(txn: &Txn, app: &App, id: InquiryId, ready: &Submission) -> AppResult<()> {
    let now = app.now();
    let concern = &ready.concern;
    let deadline = now + chrono::Duration::hours(ready.limits.response_deadline_hours);
    let row = inquiries::ActiveModel {
        id: Set(id),
        patient_id: Set(ready.patient.id),
        problem: Set(concern.problem),
        scan_url: Set(format!("inquiries/{id}/head-scan")),
        treatment_schedule: Set(serde_json::to_value(&ready.schedule)?),
        problem_details: Set(concern.details.clone()),
        nature_of_concern: Set(concern.nature.clone()),
        duration_of_concern: Set(Some(concern.duration)),
        previous_treatments: Set(Some(concern.previous_treatments.clone())),
        symptom_severity: Set(Some(submission::severity_word(concern.score))),
        lifestyle_factors: Set(concern.lifestyle.clone()),
        additional_files: Set(ready.has_evidence.then(|| format!("inquiries/{id}/evidence"))),
        additional_notes: Set(concern.notes.clone()),
        created_at: Set(now),
        updated_at: Set(now),
        inquiry_code: Set(None),
        status: Set(InquiryStatus::Inquiry),
        symptom_severity_score: Set(Some(concern.score)),
        submitted_at: Set(Some(now)),
        quote_deadline_at: Set(Some(deadline)),
        accepted_quote_id: Set(None),
        exclusive_provider_id: Set(None),
        terms_accepted_at: Set(Some(now)),
        cancelled_at: Set(None),
        cancelled_by_type: Set(None),
        cancellation_reason: Set(None),
        cancellation_notes: Set(None),
        cancellation_feedback: Set(None),
        archived_at: Set(None),
        archive_reason: Set(None),
        version: Set(1),
    };
    row.insert(txn).await.map_err(|err| match err.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => already_active(),
        _ => err.into(),
    })?;
    Ok(())
}

/// Writes the countries in the patient's order, the primary one first.
pub(crate) async fn insert_destinations(
    txn: &Txn,
    app: &App,
    inquiry: InquiryId,
    countries: &[String],
    home: Option<&str>,
) -> AppResult<()> {
    let now = app.now();
    let list = LocationPreferenceId::new();
    location_preferences::ActiveModel {
        id: Set(list),
        preference_type: Set(LocationPreferenceType::Inquiry),
        inquiry_id: Set(Some(inquiry)),
        name: Set(None),
        description: Set(None),
        status: Set(LocationPreferenceStatus::Active),
        max_shown: Set(10),
        version: Set(1),
        updated_by: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    let shown = shown_prices(txn, app, countries, home).await?;
    let rows = countries.iter().zip(1..).map(|(code, position)| destination(app, list, (code, position), &shown));
    listed::Entity::insert_many(rows).exec(txn).await?;
    Ok(())
}

/// The "from" prices as the patient reads them beside countries: kept with the choice, since prices change later.
pub(super) async fn shown_prices(
    txn: &Txn,
    app: &App,
    countries: &[String],
    home: Option<&str>,
) -> AppResult<HashMap<String, Money>> {
    let currency = directory::rules::price::home_currency(home);
    catalogue::destinations::prices_in(txn, countries, currency, app.now().date_naive()).await
}

/// A country of a request at its place in the patient's order.
pub(super) fn destination(
    app: &App,
    list: LocationPreferenceId,
    (code, position): (&String, i32),
    shown: &HashMap<String, Money>,
) -> listed::ActiveModel {
    let now = app.now();
    let price = shown.get(code);
    listed::ActiveModel {
        id: Set(LocationPreferenceCountryId::new()),
        location_preference_id: Set(list),
        country_code: Set(code.clone()),
        role: Set(LocationPreferenceCountryRole::Destination),
        position: Set(position),
        location_id: Set(None),
        shown_price: Set(price.map(|price| price.amount)),
        shown_currency: Set(price.map(|price| price.currency)),
        removed_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

/// Marks the draft as used and moves its pictures to the inquiry.
async fn take_over_draft(txn: &Txn, app: &App, inquiry: InquiryId, draft: InquiryDraftId) -> AppResult<()> {
    let now = app.now();
    let used = inquiry_drafts::Entity::update_many()
        .set(inquiry_drafts::ActiveModel {
            consumed_inquiry_id: Set(Some(inquiry)),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(inquiry_drafts::Column::Id.eq(draft))
        .filter(inquiry_drafts::Column::ConsumedInquiryId.is_null())
        .filter(inquiry_drafts::Column::DiscardedAt.is_null())
        .exec(txn)
        .await?;
    if used.rows_affected == 0 {
        return Err(already_active());
    }
    media_rows::Entity::update_many()
        .set(media_rows::ActiveModel {
            mediable_type: Set(OWNER.to_owned()),
            mediable_id: Set(inquiry.any()),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(media_rows::Column::MediableType.eq(draft::OWNER))
        .filter(media_rows::Column::MediableId.eq(draft.any()))
        .filter(media_rows::Column::ArchivedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

async fn set_code(txn: &Txn, app: &App, id: InquiryId) -> AppResult<()> {
    let today = app.now().date_naive();
    let period = format!("{:02}{:02}", today.year() % 100, today.month());
    let number = platform::counters::next(txn, app, "inquiry", &period).await?;
    let code = format!("HPID{period}{number:04}");
    inquiries::Entity::update_many()
        .set(inquiries::ActiveModel { inquiry_code: Set(Some(code)), ..Default::default() })
        .filter(inquiries::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}
