//! The pictures and videos of a clinic's page (R-MG-12, 13, 23): the clinic adds them, Hairline's staff publish them.
//!
//! pending → published | rejected by staff; published → hidden by the clinic or staff; hidden → pending by the clinic.
//! A picture of a patient needs that patient's consent to publication, and is shown only as long as it stands.

use std::collections::{HashMap, HashSet};

use identity::anonymity::{self, Level};
use identity::entity::patient_consents::{self as consents, PatientConsentAction, PatientConsentType};
use kernel::ids::{PatientConsentId, PatientId, ProviderId, ProviderMediaId, TreatmentId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::files::{self, Purpose, Upload};
use platform::web::UploadedFile;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde_json::json;

use crate::clinics::require_writable;
use crate::entity::provider_media::{
    ActiveModel, Column, Entity, Model, ProviderMediaCollection as Collection, ProviderMediaStatus as Status,
    ProviderMediaType as Kind,
};
use crate::entity::providers;
use crate::house::{editor, touch};
use crate::projection::treatments;

/// Pictures and videos a clinic may have at a time, whatever their state.
pub const MOST: u64 = 60;
const TITLE: usize = 100;
const CAPTION: usize = 300;
const ALT: usize = 255;
/// Length of the reason of a refusal.
const REASON: std::ops::RangeInclusive<usize> = 20..=500;

/// What is said of a picture.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClinicMediaWords)]
pub struct Words {
    /// At most 100 characters. Of the team: title and name of who is seen.
    #[serde(default)]
    #[schema(example = "Operating room")]
    pub title: String,
    /// At most 300 characters.
    #[serde(default)]
    #[schema(example = "Two operating rooms, one of them for children of patients to look into.")]
    pub caption: String,
    /// What is seen, for those who cannot see it; needed, at most 255 characters.
    #[schema(example = "An operating room with a chair, a lamp and a monitor")]
    pub alt_text: String,
}

/// A picture or video that is to be added.
#[derive(Clone, Debug)]
pub struct NewMedia {
    /// Where it belongs.
    pub collection: Collection,
    /// What is said of it.
    pub words: Words,
    /// The treatment it shows.
    pub treatment_id: Option<TreatmentId>,
    /// The patient's consent; needed for pictures before and after.
    pub consent_id: Option<PatientConsentId>,
    /// Its content.
    pub file: UploadedFile,
}

fn checked(words: &Words) -> AppResult<Words> {
    let mut errors = FieldErrors::new();
    let mut text = |field: &str, text: &str, most: usize| {
        let text = text.trim().to_owned();
        if text.chars().count() > most {
            errors.add(field, "too_long", format!("At most {most} characters."));
        }
        text
    };
    let words = Words {
        title: text("title", &words.title, TITLE),
        caption: text("caption", &words.caption, CAPTION),
        alt_text: text("alt_text", &words.alt_text, ALT),
    };
    if words.alt_text.is_empty() {
        errors.add("alt_text", "required", "Say what is seen.");
    }
    errors.check()?;
    Ok(words)
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// The live rows of a clinic.
fn of_clinic(provider: ProviderId) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::ProviderId.eq(provider)).filter(Column::DeletedAt.is_null())
}

fn in_order(select: sea_orm::Select<Entity>) -> sea_orm::Select<Entity> {
    select.order_by_asc(Column::SortOrder).order_by_asc(Column::Id)
}

/// Adds a picture or video; staff publish it.
///
/// Errors: 403 without `edit_profile` or while the clinic is suspended; 422 for words, `too_many_files` beyond
/// [`MOST`], `treatment_unknown`, `consent_missing`, and what is wrong with the file.
pub async fn add(app: &App, actor: &Actor, new: NewMedia) -> AppResult<ProviderMediaId> {
    let provider = editor(actor)?;
    let conn = app.db.conn();
    require_writable(conn, provider).await?;
    let words = checked(&new.words)?;
    // Before the slow part: nothing is decoded that cannot be added.
    require_room(conn, provider).await?;
    require_treatment(conn, new.treatment_id).await?;
    require_consent(conn, provider, &new).await?;
    let (id, now) = (ProviderMediaId::new(), app.now());
    let is_video = new.file.bytes.get(4..8) == Some(b"ftyp");
    let upload = Upload {
        purpose: if is_video { Purpose::ProviderVideo } else { Purpose::ProviderMedia },
        owner_type: "ProviderMedia",
        owner_id: id.any(),
        file_name: new.file.file_name.clone(),
        bytes: new.file.bytes.clone(),
    };
    let prepared = files::prepare(app, upload).await.map_err(|error| error.on_field("file"))?;
    platform::write_txn!(app.db, |txn| {
        lock(txn, provider).await?;
        require_room(txn, provider).await?;
        let last: Option<Option<i32>> =
            of_clinic(provider).select_only().column_as(Column::SortOrder.max(), "last").into_tuple().one(txn).await?;
        let stored = prepared.record(txn, app, actor).await?;
        let row = ActiveModel {
            id: Set(id),
            provider_id: Set(provider),
            collection: Set(new.collection),
            media_type: Set(if is_video { Kind::Video } else { Kind::Image }),
            file_id: Set(stored.file.id),
            thumbnail: Set(None),
            title: Set(filled(&words.title)),
            caption: Set(filled(&words.caption)),
            alt_text: Set(words.alt_text.clone()),
            treatment_id: Set(new.treatment_id),
            consent_id: Set(new.consent_id),
            status: Set(Status::Pending),
            rejection_reason: Set(None),
            width: Set(stored.width),
            height: Set(stored.height),
            duration_seconds: Set(stored.duration_seconds),
            sort_order: Set(last.flatten().map_or(0, |last| last + 1)),
            deleted_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        };
        row.insert(txn).await?;
        let facts = json!({ "collection": new.collection, "title": words.title, "alt_text": words.alt_text });
        note(txn, app, actor, ("added", id, provider), (None, Some(facts))).await
    })?;
    Ok(id)
}

/// The clinic's row: who adds or orders pictures waits for the other.
async fn lock(txn: &Txn, provider: ProviderId) -> AppResult<()> {
    let id = providers::Entity::find_by_id(provider).select_only().column(providers::Column::Id);
    let found: Option<ProviderId> = id.lock_exclusive().into_tuple().one(txn).await?;
    found.map(drop).ok_or_else(AppError::not_found)
}

async fn require_room(conn: &impl ConnectionTrait, provider: ProviderId) -> AppResult<()> {
    if of_clinic(provider).count(conn).await? < MOST {
        return Ok(());
    }
    Err(AppError::field("file", "too_many_files", "There is no room for one more. Take one out first."))
}

async fn require_treatment(conn: &impl ConnectionTrait, treatment: Option<TreatmentId>) -> AppResult<()> {
    let Some(id) = treatment else { return Ok(()) };
    if treatments::Entity::find_by_id(id).count(conn).await? > 0 {
        return Ok(());
    }
    Err(AppError::field("treatment_id", "treatment_unknown", "Choose a treatment from the list."))
}

/// A picture before and after shows a patient, who agreed to its publication and did not take that back.
async fn require_consent(conn: &impl ConnectionTrait, provider: ProviderId, new: &NewMedia) -> AppResult<()> {
    let missing = || AppError::field("consent_id", "consent_missing", "The patient did not agree to publication.");
    match new.consent_id {
        None if new.collection == Collection::BeforeAfter => Err(missing()),
        None => Ok(()),
        Some(id) => {
            let given = consents::Entity::find_by_id(id).one(conn).await?.ok_or_else(missing)?;
            // Of its own patients only: those who booked here.
            let is_own = anonymity::level(conn, provider, given.patient_id).await? == Level::None;
            if is_own && standing(conn, &[id]).await?.contains(&id) { Ok(()) } else { Err(missing()) }
        }
    }
}

/// Those of these consents to publication that their patients did not take back.
async fn standing(conn: &impl ConnectionTrait, ids: &[PatientConsentId]) -> AppResult<HashSet<PatientConsentId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let mut patients = consents::Entity::find()
        .select_only()
        .column(consents::Column::PatientId)
        .filter(consents::Column::Id.is_in(ids.iter().copied()));
    let rows = consents::Entity::find()
        .filter(consents::Column::PatientId.in_subquery(QuerySelect::query(&mut patients).to_owned()))
        .filter(consents::Column::ConsentType.eq(PatientConsentType::PhotoPublication))
        .order_by_asc(consents::Column::Id)
        .all(conn)
        .await?;
    let mut standing: HashMap<PatientId, Vec<PatientConsentId>> = HashMap::new();
    for row in rows {
        let given = standing.entry(row.patient_id).or_default();
        match row.action {
            PatientConsentAction::Granted => given.push(row.id),
            PatientConsentAction::Withdrawn => given.clear(),
        }
    }
    Ok(standing.into_values().flatten().collect())
}

/// Leaves out pictures of patients who took their consent back.
async fn with_consent(conn: &impl ConnectionTrait, rows: Vec<Model>) -> AppResult<Vec<Model>> {
    let asked: Vec<PatientConsentId> = rows.iter().filter_map(|row| row.consent_id).collect();
    let standing = standing(conn, &asked).await?;
    Ok(rows.into_iter().filter(|row| row.consent_id.is_none_or(|id| standing.contains(&id))).collect())
}

fn published() -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::Status.eq(Status::Published)).filter(Column::DeletedAt.is_null())
}

/// Hides what patients no longer agree to. They are not shown from the moment of the withdrawal; this says so in their
/// state.
pub async fn hide_without_consent(app: &App) -> AppResult<()> {
    let conn = app.db.conn();
    let rows = published().filter(Column::ConsentId.is_not_null()).order_by_asc(Column::Id).all(conn).await?;
    let kept: HashSet<ProviderMediaId> = with_consent(conn, rows.clone()).await?.iter().map(|row| row.id).collect();
    for row in rows.iter().filter(|row| !kept.contains(&row.id)) {
        platform::write_txn!(app.db, |txn| {
            let still = published().filter(Column::Id.eq(row.id)).lock_exclusive().one(txn).await?;
            let Some(before) = still else { return Ok(()) };
            moved(txn, app, &Actor::system(), &before, (Status::Hidden, None)).await
        })?;
    }
    Ok(())
}

/// What everybody may see of some clinics, in their order: one statement, and one more where patients are seen.
pub async fn public(conn: &impl ConnectionTrait, clinics: &[ProviderId]) -> AppResult<HashMap<ProviderId, Vec<Model>>> {
    let mut found: HashMap<ProviderId, Vec<Model>> = HashMap::new();
    if clinics.is_empty() {
        return Ok(found);
    }
    let among = Column::ProviderId.is_in(clinics.iter().copied());
    let rows = in_order(published().filter(among)).all(conn).await?;
    for row in with_consent(conn, rows).await? {
        found.entry(row.provider_id).or_default().push(row);
    }
    Ok(found)
}

/// A page of what everybody may see of a live clinic, by its id or slug.
///
/// Errors: 404 for an unknown, suspended or not yet live clinic; 410 for one that left Hairline.
pub async fn of_live(app: &App, name: &str, page: PageQuery) -> AppResult<Page<Model>> {
    let page = page.checked()?;
    let (clinic, _) = crate::directory::live(app, name).await?;
    // Sixty at most: who withdrew a consent is left out before they are counted.
    let rows = public(app.db.conn(), &[clinic.id]).await?.remove(&clinic.id).unwrap_or_default();
    let total = rows.len() as u64;
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(page.per_page).unwrap_or(usize::MAX);
    Ok(Page::new(rows.into_iter().skip(skip).take(take).collect(), page, total))
}

/// Reads where a picture belongs; 422 for anything else.
pub fn collection(word: &str) -> AppResult<Collection> {
    let unknown = |_| AppError::field("collection", "unknown_value", "Choose where the picture belongs.");
    Collection::try_from_value(&word.to_owned()).map_err(unknown)
}

/// A page of what the clinic has, in its order.
///
/// Errors: 403 without `view_profile`.
pub async fn own(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<Model>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewProfile)?;
    let page = page.checked()?;
    let rows = in_order(of_clinic(provider)).offset(page.offset()).limit(page.per_page).all(app.db.conn()).await?;
    let total = of_clinic(provider).count(app.db.conn()).await?;
    Ok(Page::new(rows, page, total))
}

/// One of the clinic's.
///
/// Errors: 403 without `view_profile`; 404.
pub async fn one(app: &App, actor: &Actor, id: ProviderMediaId) -> AppResult<Model> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewProfile)?;
    let row = of_clinic(provider).filter(Column::Id.eq(id)).one(app.db.conn()).await?;
    row.ok_or_else(AppError::not_found)
}

/// The clinic's own row, locked; 404 for anybody else's.
async fn lock_own(txn: &Txn, provider: ProviderId, id: ProviderMediaId) -> AppResult<Model> {
    let row = of_clinic(provider).filter(Column::Id.eq(id)).lock_exclusive().one(txn).await?;
    row.ok_or_else(AppError::not_found)
}

async fn note(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (what, id, provider): (&'static str, ProviderMediaId, ProviderId),
    (old, new): (Option<serde_json::Value>, Option<serde_json::Value>),
) -> AppResult<()> {
    touch(txn, app, provider).await?;
    let entry = Entry::new(match what {
        "added" => "provider_media.added",
        "removed" => "provider_media.removed",
        "words" => "provider_media.changed",
        _ => "provider_media.state_changed",
    });
    let entry = entry.subject("ProviderMedia", id).provider(provider).change(old, new);
    audit::record(txn, app, actor, entry).await
}

/// Says something else of a picture nobody sees: what is published is hidden first and looked at once more.
///
/// Errors: 403; 404; 409 `media_state`; 422 for words.
pub async fn edit(app: &App, actor: &Actor, id: ProviderMediaId, words: &Words) -> AppResult<()> {
    let provider = editor(actor)?;
    require_writable(app.db.conn(), provider).await?;
    let words = checked(words)?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        if !matches!(before.status, Status::Pending | Status::Hidden) {
            return Err(wrong_state());
        }
        ActiveModel {
            id: Set(id),
            title: Set(filled(&words.title)),
            caption: Set(filled(&words.caption)),
            alt_text: Set(words.alt_text.clone()),
            // Never the moment somebody may have seen it at.
            updated_at: Set(app.now().max(before.updated_at + chrono::TimeDelta::seconds(1))),
            ..Default::default()
        }
        .update(txn)
        .await?;
        let old = json!({ "title": before.title, "caption": before.caption, "alt_text": before.alt_text });
        let new =
            json!({ "title": filled(&words.title), "caption": filled(&words.caption), "alt_text": words.alt_text });
        note(txn, app, actor, ("words", id, provider), (Some(old), Some(new))).await
    })
}

/// Takes a picture out; it is kept for the audit. Doing it again is 404.
///
/// Errors: 403, 404.
pub async fn remove(app: &App, actor: &Actor, id: ProviderMediaId) -> AppResult<()> {
    let provider = editor(actor)?;
    require_writable(app.db.conn(), provider).await?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        let now = app.now();
        ActiveModel { id: Set(id), deleted_at: Set(Some(now)), updated_at: Set(now), ..Default::default() }
            .update(txn)
            .await?;
        platform::entity::files::Entity::update_many()
            .col_expr(platform::entity::files::Column::DeletedAt, Expr::value(now))
            .filter(platform::entity::files::Column::Id.eq(before.file_id))
            .exec(txn)
            .await?;
        note(txn, app, actor, ("removed", id, provider), (Some(json!({ "status": before.status })), None)).await
    })
}

/// Puts these first, in this order; the others follow as they were.
///
/// Errors: 403; 404 when one is not the clinic's.
pub async fn order(app: &App, actor: &Actor, ids: &[ProviderMediaId]) -> AppResult<()> {
    let provider = editor(actor)?;
    require_writable(app.db.conn(), provider).await?;
    platform::write_txn!(app.db, |txn| {
        lock(txn, provider).await?;
        let rows = in_order(of_clinic(provider)).all(txn).await?;
        if ids.iter().any(|id| !rows.iter().any(|row| row.id == *id)) {
            return Err(AppError::not_found());
        }
        let mut wanted: Vec<ProviderMediaId> = Vec::new();
        for id in ids.iter().copied().chain(rows.iter().map(|row| row.id)) {
            if !wanted.contains(&id) {
                wanted.push(id);
            }
        }
        let places: HashMap<ProviderMediaId, i32> = wanted.iter().copied().zip(0..).collect();
        for row in &rows {
            let Some(place) = places.get(&row.id).copied().filter(|place| *place != row.sort_order) else { continue };
            ActiveModel { id: Set(row.id), sort_order: Set(place), updated_at: Set(app.now()), ..Default::default() }
                .update(txn)
                .await?;
        }
        touch(txn, app, provider).await
    })
}

fn wrong_state() -> AppError {
    AppError::conflict("media_state", "This cannot be done with the picture as it stands.")
}

/// Moves a picture one place to the front or to the end. At the end of the list nothing happens.
///
/// Errors: 403; 404.
pub async fn shift(app: &App, actor: &Actor, id: ProviderMediaId, to_front: bool) -> AppResult<()> {
    let provider = editor(actor)?;
    let mut ids: Vec<ProviderMediaId> =
        in_order(of_clinic(provider)).all(app.db.conn()).await?.iter().map(|row| row.id).collect();
    let at = ids.iter().position(|known| *known == id).ok_or_else(AppError::not_found)?;
    let other = if to_front { at.checked_sub(1) } else { Some(at + 1) };
    if let Some(other) = other.filter(|other| *other < ids.len()) {
        ids.swap(at, other);
    }
    order(app, actor, &ids).await
}

/// Who moves a picture from one state to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The clinic shows it no longer.
    Hide,
    /// The clinic offers a hidden one again; staff look at it once more.
    Offer,
    /// Staff publish it as they saw it: with its last change.
    Publish(Timestamp),
    /// Staff refuse it, and say why.
    Reject(String),
    /// Staff take it off the page.
    TakeDown,
}

impl Step {
    /// Where it leads from a state; `None` where it is not allowed.
    fn from(&self, state: Status) -> Option<Status> {
        match (self, state) {
            (Self::Publish(_), Status::Pending) => Some(Status::Published),
            (Self::Reject(_), Status::Pending) => Some(Status::Rejected),
            (Self::Hide | Self::TakeDown, Status::Published) => Some(Status::Hidden),
            (Self::Offer, Status::Hidden) => Some(Status::Pending),
            _ => None,
        }
    }

    fn leads_to(&self) -> Status {
        match self {
            Self::Hide | Self::TakeDown => Status::Hidden,
            Self::Offer => Status::Pending,
            Self::Publish(_) => Status::Published,
            Self::Reject(_) => Status::Rejected,
        }
    }
}

/// Moves a picture. Doing it again changes nothing.
///
/// Errors: 403 without `edit_profile` (the clinic's steps) or `edit_provider` (staff's); 404; 409 `media_state`,
/// `stale_version` when the words changed since, `consent_missing` when the patient took it back; 422
/// `reason_length` for a refusal without 20 to 500 characters.
pub async fn step(app: &App, actor: &Actor, id: ProviderMediaId, step: &Step) -> AppResult<()> {
    let own = match step {
        Step::Hide | Step::Offer => {
            let provider = editor(actor)?;
            require_writable(app.db.conn(), provider).await?;
            Some(provider)
        }
        _ => {
            actor.admin()?;
            actor.require(Permission::EditProvider)?;
            None
        }
    };
    let reason = match step {
        Step::Reject(reason) => Some(reason.trim().to_owned()),
        _ => None,
    };
    if reason.as_ref().is_some_and(|reason| !REASON.contains(&reason.chars().count())) {
        return Err(AppError::field("reason", "reason_length", "Explain in 20 to 500 characters."));
    }
    platform::write_txn!(app.db, |txn| {
        let mut select = Entity::find_by_id(id).filter(Column::DeletedAt.is_null());
        if let Some(provider) = own {
            select = select.filter(Column::ProviderId.eq(provider));
        }
        let before = select.lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        if before.status == step.leads_to() {
            return Ok(());
        }
        let Some(status) = step.from(before.status) else {
            return Err(wrong_state());
        };
        if matches!(step, Step::Publish(seen) if *seen != before.updated_at) {
            return Err(AppError::stale_version());
        }
        let shows_again = matches!(step, Step::Publish(_) | Step::Offer);
        if let Some(consent) = before.consent_id.filter(|_| shows_again)
            && !standing(txn, &[consent]).await?.contains(&consent)
        {
            return Err(AppError::conflict("consent_missing", "The patient took the consent back."));
        }
        moved(txn, app, actor, &before, (status, reason.clone())).await
    })
}

async fn moved(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    before: &Model,
    (status, reason): (Status, Option<String>),
) -> AppResult<()> {
    let (old, new) = (json!({ "status": before.status }), json!({ "status": status, "reason": reason }));
    ActiveModel {
        id: Set(before.id),
        status: Set(status),
        rejection_reason: Set(reason),
        updated_at: Set(app.now()),
        ..Default::default()
    }
    .update(txn)
    .await?;
    note(txn, app, actor, ("state", before.id, before.provider_id), (Some(old), Some(new))).await
}

/// A picture in staff's list, with the name of its clinic.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The picture.
    pub media: Model,
    /// The clinic's name.
    pub clinic: String,
}

/// A page of all clinics' pictures of a state, the oldest first: who waits longest is first.
///
/// Errors: 403 without `edit_provider`.
pub async fn all(app: &App, actor: &Actor, status: Status, page: PageQuery) -> AppResult<Page<Waiting>> {
    actor.admin()?;
    actor.require(Permission::EditProvider)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let select = || Entity::find().filter(Column::Status.eq(status)).filter(Column::DeletedAt.is_null());
    let rows = select()
        .order_by_asc(Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .find_also_related(providers::Entity)
        .all(conn)
        .await?;
    let waiting = rows.into_iter().map(|(media, clinic)| Waiting {
        media,
        clinic: clinic.map(|clinic| clinic.provider_name).unwrap_or_default(),
    });
    let waiting: Vec<Waiting> = waiting.collect();
    let total = platform::db::total(conn, &select()).await?;
    Ok(Page::new(waiting, page, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_moves_only_as_the_states_say() {
        let steps =
            [Step::Hide, Step::Offer, Step::Publish(Timestamp::default()), Step::Reject("No.".into()), Step::TakeDown];
        let allowed = |state: Status| steps.iter().map(|step| step.from(state).is_some()).collect::<Vec<_>>();
        assert_eq!(allowed(Status::Pending), [false, false, true, true, false]);
        assert_eq!(allowed(Status::Published), [true, false, false, false, true]);
        assert_eq!(allowed(Status::Hidden), [false, true, false, false, false]);
        assert_eq!(allowed(Status::Rejected), [false; 5]);
        for step in steps {
            for state in [Status::Pending, Status::Published, Status::Hidden, Status::Rejected] {
                assert!(step.from(state).is_none_or(|to| to == step.leads_to()), "{step:?} from {state:?}");
            }
        }
    }
}
