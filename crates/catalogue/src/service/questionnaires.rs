//! Keeping the questionnaires: drafts, versions, which one patients answer (R-IQ-15, R-IQ-17, R-IQ-22).

use kernel::ids::{QuestionnaireSetId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set, SqlErr,
};
use serde::Deserialize;
use serde_json::json;

use super::checks;
use crate::entity::questionnaire_sets::{
    self as rows, QuestionnaireSetContextType as Context, QuestionnaireSetStatus as Status,
};
use crate::rules::questions::{Question, Severity, Topic};
use crate::rules::sets::{check_publishable, check_questions};

const SUBJECT: &str = "QuestionnaireSet";

/// A question as it is entered.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionInput {
    /// The id it has in earlier versions; left out for a new question.
    pub id: Option<String>,
    /// 10 to 500 characters.
    #[schema(example = "Do you have diabetes?")]
    pub text: String,
    /// A line of help.
    pub help: Option<String>,
    /// `yes_no`; sets for aftercare alone may also ask for `scale` and `text`.
    #[serde(rename = "type", default = "yes_no")]
    #[schema(example = "yes_no")]
    pub kind: String,
    /// What to tell after a yes.
    pub detail_prompt: String,
    /// How much a yes weighs.
    pub severity: Severity,
    /// Whether it is asked.
    #[serde(default = "yes")]
    pub active: bool,
    /// Short name for alerts.
    #[schema(example = "Diabetes")]
    pub label: String,
    /// Where the details of a yes go.
    #[serde(default)]
    pub topic: Topic,
}

fn yes_no() -> String {
    "yes_no".to_owned()
}

fn yes() -> bool {
    true
}

/// A set as it is entered.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetInput {
    /// At most 100 characters, unique among sets.
    #[schema(example = "Medical questionnaire")]
    pub name: String,
    /// Where it is used. Fixed once a version was published.
    pub context_type: Context,
    /// Needed to publish; at most 100 characters.
    pub category: Option<String>,
    /// At most 2000 characters.
    pub description: Option<String>,
    /// The questions in their order.
    pub questions: Vec<QuestionInput>,
    /// The `lock_version` that was seen; left out when a set is made.
    pub lock_version: Option<i32>,
}

/// A version of a set with its questions read.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its row.
    pub row: rows::Model,
    /// Its questions in order.
    pub questions: Vec<Question>,
}

impl TryFrom<rows::Model> for Version {
    type Error = AppError;

    fn try_from(row: rows::Model) -> AppResult<Self> {
        let mut questions: Vec<Question> = serde_json::from_value(row.questions.clone())?;
        questions.sort_by_key(|question| question.order);
        Ok(Self { row, questions })
    }
}

fn keeper(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageTreatmentCatalog)?;
    Ok(user)
}

/// A page of sets, each by its newest version, by name: two statements.
///
/// Errors: 403 without `manage_treatment_catalog`.
pub async fn list(
    app: &App,
    actor: &Actor,
    context: Option<Context>,
    status: Option<Status>,
    page: PageQuery,
) -> AppResult<Page<Version>> {
    keeper(actor)?;
    let page = page.checked()?;
    let newer = Alias::new("newer");
    let of = |column: rows::Column| Expr::col((newer.clone(), column));
    let later = Query::select()
        .expr(Expr::val(1))
        .from_as(rows::Entity, newer.clone())
        .and_where(of(rows::Column::SetCode).eq(Expr::col((rows::Entity, rows::Column::SetCode))))
        .and_where(of(rows::Column::Version).gt(Expr::col((rows::Entity, rows::Column::Version))))
        .take();
    let mut query = rows::Entity::find().filter(Expr::exists(later).not());
    if let Some(context) = context {
        query = query.filter(rows::Column::ContextType.eq(context));
    }
    if let Some(status) = status {
        query = query.filter(rows::Column::Status.eq(status));
    }
    let conn = app.db.conn();
    let total = query.clone().count(conn).await?;
    let found = query
        .order_by_asc(rows::Column::Name)
        .order_by_asc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let read: AppResult<Vec<_>> = found.into_iter().map(Version::try_from).collect();
    Ok(Page::new(read?, page, total))
}

/// One version, and all versions of its set, newest first: two statements.
///
/// Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: QuestionnaireSetId) -> AppResult<(Version, Vec<Version>)> {
    keeper(actor)?;
    let conn = app.db.conn();
    let row = rows::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let all = rows::Entity::find()
        .filter(rows::Column::SetCode.eq(&row.set_code))
        .order_by_desc(rows::Column::Version)
        .all(conn)
        .await?;
    let all: AppResult<Vec<_>> = all.into_iter().map(Version::try_from).collect();
    Ok((row.try_into()?, all?))
}

/// The rows of a set, locked, by version: whoever changes a set waits for the others.
async fn lock(txn: &Txn, id: QuestionnaireSetId) -> AppResult<(rows::Model, Vec<rows::Model>)> {
    let row = rows::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
    let all = rows::Entity::find()
        .filter(rows::Column::SetCode.eq(&row.set_code))
        .order_by_asc(rows::Column::Version)
        .lock_exclusive()
        .all(txn)
        .await?;
    let row = all.iter().find(|one| one.id == id).cloned().ok_or_else(AppError::not_found)?;
    Ok((row, all))
}

struct Draft {
    name: String,
    category: Option<String>,
    description: Option<String>,
    questions: Vec<Question>,
}

/// An id for a new question, that no earlier version used.
fn new_id() -> String {
    let id = QuestionnaireSetId::new().0.simple().to_string();
    format!("q_{}", id.get(id.len().saturating_sub(12)..).unwrap_or(&id))
}

fn checked(input: &SetInput) -> AppResult<Draft> {
    let mut errors = FieldErrors::new();
    let question = |(entered, order): (&QuestionInput, i32)| Question {
        id: entered.id.clone().filter(|id| !id.is_empty()).unwrap_or_else(new_id),
        text: entered.text.trim().to_owned(),
        help: entered.help.as_deref().map(str::trim).filter(|help| !help.is_empty()).map(str::to_owned),
        kind: entered.kind.clone(),
        detail_prompt: entered.detail_prompt.trim().to_owned(),
        severity: entered.severity,
        order,
        active: entered.active,
        label: entered.label.trim().to_owned(),
        topic: entered.topic,
    };
    let draft = Draft {
        name: checks::text(&mut errors, "name", &input.name, 1, 100),
        category: checks::maybe_text(&mut errors, "category", input.category.as_deref(), 100),
        description: checks::maybe_text(&mut errors, "description", input.description.as_deref(), 2000),
        questions: input.questions.iter().zip(1..).map(question).collect(),
    };
    check_questions(&mut errors, input.context_type, &draft.questions);
    errors.check()?;
    Ok(draft)
}

async fn check_name(conn: &impl ConnectionTrait, name: &str, own_code: &str) -> AppResult<()> {
    let same = Expr::expr(Func::lower(Expr::col(rows::Column::Name))).eq(name.to_lowercase());
    let taken = rows::Entity::find().filter(same).filter(rows::Column::SetCode.ne(own_code)).count(conn).await?;
    if taken > 0 {
        return Err(AppError::field("name", "name_taken", "Another set has this name."));
    }
    Ok(())
}

fn draft_row(
    app: &App,
    user: UserId,
    code: &str,
    version: i32,
    context: Context,
    draft: &Draft,
) -> AppResult<rows::ActiveModel> {
    let now = app.now();
    Ok(rows::ActiveModel {
        id: Set(QuestionnaireSetId::new()),
        set_code: Set(code.to_owned()),
        version: Set(version),
        name: Set(draft.name.clone()),
        context_type: Set(context),
        category: Set(draft.category.clone()),
        description: Set(draft.description.clone()),
        tags: Set(None),
        questions: Set(serde_json::to_value(&draft.questions)?),
        status: Set(Status::Draft),
        is_active_for_inquiry: Set(false),
        lock_version: Set(0),
        created_by: Set(Some(user)),
        published_at: Set(None),
        published_by: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    })
}

async fn note(txn: &Txn, app: &App, actor: &Actor, action: &'static str, row: &rows::Model) -> AppResult<()> {
    let entry = Entry::new(action)
        .subject(SUBJECT, row.id)
        .change(None, Some(json!({ "set_code": row.set_code, "version": row.version, "status": row.status })));
    audit::record(txn, app, actor, entry).await
}

/// Begins a set: version 1, a draft.
///
/// Errors: 403; 422 with every field at fault.
pub async fn create(app: &App, actor: &Actor, input: SetInput) -> AppResult<QuestionnaireSetId> {
    let user = keeper(actor)?;
    let draft = checked(&input)?;
    // Opaque, so that renaming a set changes nothing else.
    let code = format!("set-{}", QuestionnaireSetId::new().0.simple());
    platform::write_txn!(app.db, |txn| {
        check_name(txn, &draft.name, &code).await?;
        let row = draft_row(app, user, &code, 1, input.context_type, &draft)?.insert(txn).await?;
        note(txn, app, actor, "questionnaire_set.created", &row).await?;
        Ok(row.id)
    })
}

/// Saves a draft. A published or archived version is never changed: saving it makes the next version's draft, whose id
/// is returned (the one that exists is refused as stale).
///
/// Errors: 403; 404; 409 `stale_version`, `draft_exists`; 422 `context_fixed` and faults of fields.
pub async fn save(app: &App, actor: &Actor, id: QuestionnaireSetId, input: SetInput) -> AppResult<QuestionnaireSetId> {
    let user = keeper(actor)?;
    let draft = checked(&input)?;
    platform::write_txn!(app.db, |txn| {
        let (row, all) = lock(txn, id).await?;
        if input.lock_version != Some(row.lock_version) {
            return Err(AppError::stale_version());
        }
        let was_published = all.iter().any(|one| one.published_at.is_some());
        if was_published && input.context_type != row.context_type {
            let sentence = "Where a set is used cannot change after it was published.";
            return Err(AppError::field("context_type", "context_fixed", sentence));
        }
        check_name(txn, &draft.name, &row.set_code).await?;
        if row.status != Status::Draft {
            if let Some(open) = all.iter().find(|one| one.status == Status::Draft) {
                let sentence = "There is a draft of the next version already.";
                return Err(AppError::conflict("draft_exists", sentence).with("draft_id", open.id));
            }
            let next = all.iter().map(|one| one.version).max().unwrap_or_default() + 1;
            let made = draft_row(app, user, &row.set_code, next, row.context_type, &draft)?.insert(txn).await?;
            note(txn, app, actor, "questionnaire_set.drafted", &made).await?;
            return Ok(made.id);
        }
        let change = rows::ActiveModel {
            name: Set(draft.name.clone()),
            context_type: Set(input.context_type),
            category: Set(draft.category.clone()),
            description: Set(draft.description.clone()),
            questions: Set(serde_json::to_value(&draft.questions)?),
            ..Default::default()
        };
        let saved = store(txn, app, &row, change).await?;
        note(txn, app, actor, "questionnaire_set.changed", &saved).await?;
        Ok(id)
    })
}

async fn store(txn: &Txn, app: &App, row: &rows::Model, change: rows::ActiveModel) -> AppResult<rows::Model> {
    let change = rows::ActiveModel {
        id: Set(row.id),
        lock_version: Set(row.lock_version + 1),
        updated_at: Set(app.now()),
        ..change
    };
    Ok(change.update(txn).await?)
}

/// Publishes a draft: it becomes the active version, the one before is archived. Patients are asked it with an inquiry
/// only after [`activate`], or at once when `for_inquiries`. Publishing twice changes nothing.
///
/// Errors: 403; 404; 409 `stale_version`, `set_not_draft`; 422 what keeps it from being published.
pub async fn publish(
    app: &App,
    actor: &Actor,
    id: QuestionnaireSetId,
    lock_version: i32,
    for_inquiries: bool,
) -> AppResult<()> {
    let user = keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let (row, all) = lock(txn, id).await?;
        if row.status == Status::Active {
            return Ok(());
        }
        if row.status != Status::Draft {
            return Err(AppError::conflict("set_not_draft", "Only a draft can be published."));
        }
        if row.lock_version != lock_version {
            return Err(AppError::stale_version());
        }
        let version = Version::try_from(row.clone())?;
        let mut errors = FieldErrors::new();
        check_questions(&mut errors, row.context_type, &version.questions);
        check_publishable(&mut errors, row.category.as_deref(), &version.questions);
        errors.check()?;
        // The old version first: at most one is active.
        let mut was_asked = false;
        for old in all.iter().filter(|one| one.status == Status::Active) {
            was_asked |= old.is_active_for_inquiry;
            let change = rows::ActiveModel {
                status: Set(Status::Archived),
                is_active_for_inquiry: Set(false),
                ..Default::default()
            };
            store(txn, app, old, change).await?;
        }
        let change = rows::ActiveModel {
            status: Set(Status::Active),
            published_at: Set(Some(app.now())),
            published_by: Set(Some(user)),
            ..Default::default()
        };
        let published = store(txn, app, &row, change).await?;
        note(txn, app, actor, "questionnaire_set.published", &published).await?;
        if for_inquiries && published.context_type != Context::Aftercare {
            flag(txn, app, actor, &published).await?;
        } else if was_asked {
            warn(txn, app, actor, &published).await?;
        }
        Ok(())
    })
}

/// Admins hear that patients cannot send inquiries until a set is chosen (R-IQ-15).
async fn warn(txn: &Txn, app: &App, actor: &Actor, row: &rows::Model) -> AppResult<()> {
    let event = Event::new("questionnaire.inquiry_unconfigured", SUBJECT, row.id).occurrence(row.lock_version);
    outbox::emit(txn, app, actor, event).await
}

async fn flag(txn: &Txn, app: &App, actor: &Actor, row: &rows::Model) -> AppResult<()> {
    // Cleared everywhere first: the unique key holds at every moment, also against somebody who activates another set.
    rows::Entity::update_many()
        .col_expr(rows::Column::IsActiveForInquiry, Expr::value(false))
        .filter(rows::Column::IsActiveForInquiry.eq(true))
        .exec(txn)
        .await?;
    let change = rows::ActiveModel { is_active_for_inquiry: Set(true), ..Default::default() };
    // Somebody activates another set in this very moment: the unique key lets one of the two through.
    let row = store(txn, app, row, change).await.map_err(|error| {
        let taken = |error: &sea_orm::DbErr| matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)));
        if error.db_error().is_some_and(taken) { AppError::stale_version() } else { error }
    })?;
    note(txn, app, actor, "questionnaire_set.activated", &row).await
}

/// Makes a published version the one patients answer with an inquiry. Of two who do it at once one is refused;
/// doing it twice changes nothing.
///
/// Errors: 403; 404; 409 `set_not_active`, `stale_version`.
pub async fn activate(app: &App, actor: &Actor, id: QuestionnaireSetId) -> AppResult<()> {
    keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let (row, _) = lock(txn, id).await?;
        if row.status != Status::Active || row.context_type == Context::Aftercare {
            let sentence = "Only a published set for inquiries can be asked with them.";
            return Err(AppError::conflict("set_not_active", sentence));
        }
        if row.is_active_for_inquiry {
            return Ok(());
        }
        flag(txn, app, actor, &row).await
    })
}

/// Begins another set with the same questions.
///
/// Errors: 403, 404, 422 `name_taken`.
pub async fn duplicate(app: &App, actor: &Actor, id: QuestionnaireSetId, name: &str) -> AppResult<QuestionnaireSetId> {
    let user = keeper(actor)?;
    let mut errors = FieldErrors::new();
    let name = checks::text(&mut errors, "name", name, 1, 100);
    errors.check()?;
    let code = format!("set-{}", QuestionnaireSetId::new().0.simple());
    platform::write_txn!(app.db, |txn| {
        let row = rows::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
        check_name(txn, &name, &code).await?;
        let version = Version::try_from(row.clone())?;
        let draft = Draft {
            name: name.clone(),
            category: row.category,
            description: row.description,
            questions: version.questions,
        };
        let made = draft_row(app, user, &code, 1, row.context_type, &draft)?.insert(txn).await?;
        note(txn, app, actor, "questionnaire_set.duplicated", &made).await?;
        Ok(made.id)
    })
}

/// Archives a version: it can no longer be asked; answers given with it stay. Archiving the one patients answer clears
/// the flag and warns admins. Archiving twice changes nothing.
///
/// Errors: 403, 404.
pub async fn archive(app: &App, actor: &Actor, id: QuestionnaireSetId) -> AppResult<()> {
    keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let (row, _) = lock(txn, id).await?;
        if row.status == Status::Archived {
            return Ok(());
        }
        let change = rows::ActiveModel {
            status: Set(Status::Archived),
            is_active_for_inquiry: Set(false),
            ..Default::default()
        };
        let archived = store(txn, app, &row, change).await?;
        note(txn, app, actor, "questionnaire_set.archived", &archived).await?;
        if row.is_active_for_inquiry {
            warn(txn, app, actor, &archived).await?;
        }
        Ok(())
    })
}

/// Deletes a version nobody was ever asked: a draft, or one that was archived as a draft. Doing it twice answers 404.
///
/// Errors: 403; 404; 409 `set_in_use` for a version that was published, which can be archived (R-IQ-22).
pub async fn remove(app: &App, actor: &Actor, id: QuestionnaireSetId) -> AppResult<()> {
    keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let (row, _) = lock(txn, id).await?;
        if row.published_at.is_some() {
            let sentence = "It was published, so answers may belong to it. Archive it instead.";
            return Err(AppError::conflict("set_in_use", sentence));
        }
        rows::Entity::delete_by_id(id).exec(txn).await?;
        note(txn, app, actor, "questionnaire_set.deleted", &row).await
    })
}

/// Whether patients can be asked at present (R-IQ-15): staff are warned on the page when not.
pub async fn is_configured(conn: &impl ConnectionTrait) -> AppResult<bool> {
    Ok(crate::questionnaire::active_for_inquiry(conn).await?.is_some())
}
