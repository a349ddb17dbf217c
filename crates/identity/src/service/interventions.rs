//! What Hairline's staff may do to a patient's account: suspend, reactivate, close, unlock, correct (section 4, R-ID-72).

use chrono::Duration;
use kernel::ids::{AnyId, PatientId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::entity::account_states::{AccountState, AccountStateModelType};
use crate::entity::legal_holds::{LegalHoldHoldableType, LegalHoldStatus};
use crate::entity::{account_states, legal_holds, patients};
use crate::reauth::require_fresh;
use crate::rules::fields::{self, normal_email};
use crate::service::patient_rows::{lock, set_state, wipe};
use crate::service::profile::{self, ProfileChange};
use crate::service::sessions::{Holder, revoke_all, revoke_all_and_tokens};
use crate::service::throttles;

/// How long an unverified account waits for its code before it is wiped.
pub const UNVERIFIED: Duration = Duration::days(7);

/// Accounts handled in one go of the upkeep.
const BATCH: u64 = 200;

/// How long a suspension lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Term {
    /// 30 days.
    #[serde(rename = "30d")]
    Days30,
    /// 90 days.
    #[serde(rename = "90d")]
    Days90,
    /// Until somebody ends it.
    #[serde(rename = "permanent")]
    Permanent,
}

impl Term {
    /// The end of a suspension that begins now.
    pub fn until(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Days30 => Some(now + Duration::days(30)),
            Self::Days90 => Some(now + Duration::days(90)),
            Self::Permanent => None,
        }
    }
}

fn checked_reason(reason: &str) -> AppResult<String> {
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    Ok(reason)
}

fn wrong_state() -> AppError {
    AppError::conflict("account_state", "The account is not in a state that allows this.")
}

async fn told(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    id: PatientId,
    (change, until, reason): (&'static str, Option<Timestamp>, Option<&str>),
) -> AppResult<()> {
    let action = match change {
        "suspended" => "patient.suspended",
        "reactivated" => "patient.reactivated",
        _ => "patient.deactivated",
    };
    let mut entry = Entry::new(action).subject("Patient", id).patient(id).change(None, Some(json!({ "until": until })));
    if let Some(reason) = reason {
        entry = entry.reason(reason);
    }
    audit::record(txn, app, actor, entry).await?;
    let event = Event::new("account.status_changed", "Patient", id)
        .with("patient_id", id)
        .with("change", change)
        .with("until", until);
    outbox::emit(txn, app, actor, event).await
}

/// Records that staff opened a patient's account, and what of it: what the form of corrections holds is opened for nobody
/// who may not correct it (R-ID-64).
pub(crate) async fn looked_at(app: &App, actor: &Actor, id: PatientId, may_correct: bool) -> AppResult<()> {
    let mut shown = vec!["first_name", "last_name", "sessions"];
    if may_correct {
        shown.extend(["birthday", "phone_number", "country_code", "location"]);
    }
    let entry = Entry::new("patient.viewed").subject("Patient", id).patient(id).fields(&shown).level("none");
    audit::record(app.db.conn(), app, actor, entry).await
}

/// Suspends a patient; every session and token ends at once.
///
/// Errors: 403 without `suspend_patient`, `reauth_required`; 404; 409 `account_state` unless active; 422 for a reason
/// under 20 characters.
pub async fn suspend(app: &App, actor: &Actor, id: PatientId, term: Term, reason: &str) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::SuspendPatient)?;
    let reason = checked_reason(reason)?;
    let until = term.until(app.now());
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let (_, state) = lock(txn, id).await?;
        if state.state != AccountState::Active {
            return Err(wrong_state());
        }
        set_state(txn, app, actor, &state, (AccountState::Suspended, until, Some(&reason))).await?;
        revoke_all(txn, app, Holder { guard: Guard::Patient, id: id.any() }, "suspended").await?;
        told(txn, app, actor, id, ("suspended", until, Some(&reason))).await
    })
}

/// Lets a suspended patient in again; a closed account only by a super admin, and only before it is anonymised.
///
/// Errors: 403, 404, 409 `account_state`, 422.
pub async fn reactivate(app: &App, actor: &Actor, id: PatientId, reason: &str) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::SuspendPatient)?;
    let reason = checked_reason(reason)?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let (_, state) = lock(txn, id).await?;
        match state.state {
            AccountState::Suspended => {}
            AccountState::Deactivated if actor.role.as_deref() == Some("super_admin") => {
                patients::Entity::update_many()
                    .col_expr(patients::Column::DeletedAt, Expr::value(None::<Timestamp>))
                    .col_expr(patients::Column::UpdatedAt, Expr::value(app.now()))
                    .filter(patients::Column::Id.eq(id))
                    .exec(txn)
                    .await?;
            }
            AccountState::Deactivated => return Err(AppError::forbidden()),
            _ => return Err(wrong_state()),
        }
        set_state(txn, app, actor, &state, (AccountState::Active, None, Some(&reason))).await?;
        told(txn, app, actor, id, ("reactivated", None, Some(&reason))).await
    })
}

/// Closes a patient's account; its rows stay and every session ends.
///
/// Errors: 403 without `delete_patient`, `reauth_required`; 404; 409 `account_state`; 422.
pub async fn deactivate(app: &App, actor: &Actor, id: PatientId, reason: &str) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::DeletePatient)?;
    let reason = checked_reason(reason)?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let (_, state) = lock(txn, id).await?;
        if !matches!(state.state, AccountState::Active | AccountState::Suspended) {
            return Err(wrong_state());
        }
        patients::Entity::update_many()
            .col_expr(patients::Column::DeletedAt, Expr::value(app.now()))
            .col_expr(patients::Column::UpdatedAt, Expr::value(app.now()))
            .filter(patients::Column::Id.eq(id))
            .exec(txn)
            .await?;
        set_state(txn, app, actor, &state, (AccountState::Deactivated, None, Some(&reason))).await?;
        revoke_all_and_tokens(txn, app, Holder { guard: Guard::Patient, id: id.any() }, "deactivated").await?;
        told(txn, app, actor, id, ("deactivated", None, Some(&reason))).await
    })
}

/// Ends the lock of a patient's login (R-ID-22).
///
/// Errors: 403 without `reset_patient_password`, 404.
pub async fn unlock(app: &App, actor: &Actor, id: PatientId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ResetPatientPassword)?;
    platform::write_txn!(app.db, |txn| {
        let (row, _) = lock(txn, id).await?;
        for name in [normal_email(&row.email), row.username.to_lowercase()] {
            let hash = throttles::login_hash(app, Guard::Patient, &name);
            throttles::clear(txn, app, Guard::Patient, &hash).await?;
        }
        audit::record(txn, app, actor, Entry::new("patient.unlocked").subject("Patient", id).patient(id)).await
    })
}

/// Corrects a patient's profile for a reason; the patient is told which fields changed, never their values (R-ID-72).
///
/// Errors: 403 without `edit_patient`; 404; 422 with every field at fault.
pub async fn correct(app: &App, actor: &Actor, id: PatientId, change: ProfileChange, reason: &str) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::EditPatient)?;
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    let change = match profile::checked(app, id, change).await {
        Ok(change) => change,
        Err(error) => {
            errors.0.extend(error.fields.0);
            ProfileChange::default()
        }
    };
    errors.check()?;
    platform::write_txn!(app.db, |txn| {
        let (before, state) = lock(txn, id).await?;
        if matches!(state.state, AccountState::Anonymised | AccountState::Expired) {
            return Err(AppError::not_found());
        }
        let fields = profile::differing(app, &before, &change);
        if fields.is_empty() {
            return Ok(());
        }
        profile::write(txn, app, id, &change).await?;
        let entry = Entry::new("patient.corrected")
            .subject("Patient", id)
            .patient(id)
            .fields(&fields)
            .reason(&reason)
            .change(Some(profile::facts(app, &before)), Some(profile::proposed(&change)));
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new("account.profile_changed_by_admin", "Patient", id)
            .with("patient_id", id)
            .with("fields", &fields);
        outbox::emit(txn, app, actor, event).await
    })
}

/// Ends suspensions whose time is over and wipes accounts nobody verified within a week. Safe on several workers: each
/// account is locked and looked at again.
pub async fn upkeep(app: &App) -> AppResult<()> {
    end_suspensions(app).await?;
    expire_unverified(app).await
}

async fn end_suspensions(app: &App) -> AppResult<()> {
    let now = app.now();
    let over: Vec<AnyId> = account_states::Entity::find()
        .select_only()
        .column(account_states::Column::ModelId)
        .filter(account_states::Column::ModelType.eq(AccountStateModelType::Patient))
        .filter(account_states::Column::State.eq(AccountState::Suspended))
        .filter(account_states::Column::Until.lte(now))
        .order_by_asc(account_states::Column::Until)
        .limit(BATCH)
        .into_tuple()
        .all(app.db.conn())
        .await?;
    let system = Actor::system();
    for id in over.into_iter().map(PatientId::from) {
        platform::write_txn!(app.db, |txn| {
            let (_, state) = lock(txn, id).await?;
            if state.state != AccountState::Suspended || state.until.is_none_or(|until| until > now) {
                return Ok(());
            }
            set_state(txn, app, &system, &state, (AccountState::Active, None, None)).await?;
            told(txn, app, &system, id, ("reactivated", None, None)).await
        })?;
    }
    Ok(())
}

async fn expire_unverified(app: &App) -> AppResult<()> {
    let now = app.now();
    // What a legal order covers is kept (R-MG-84).
    let ordered = legal_holds::Entity::find()
        .select_only()
        .column(legal_holds::Column::HoldableId)
        .filter(legal_holds::Column::HoldableType.eq(LegalHoldHoldableType::Patient))
        .filter(legal_holds::Column::Status.eq(LegalHoldStatus::Active))
        .into_query();
    let old: Vec<PatientId> = patients::Entity::find()
        .select_only()
        .column(patients::Column::Id)
        .filter(patients::Column::Id.not_in_subquery(ordered))
        .filter(patients::Column::EmailVerifiedAt.is_null())
        .filter(patients::Column::DeletedAt.is_null())
        .filter(patients::Column::CreatedAt.lte(now - UNVERIFIED))
        .order_by_asc(patients::Column::CreatedAt)
        .limit(BATCH)
        .into_tuple()
        .all(app.db.conn())
        .await?;
    for id in old {
        platform::write_txn!(app.db, |txn| {
            let (row, state) = lock(txn, id).await?;
            if row.email_verified_at.is_some() || state.state != AccountState::PendingVerification {
                return Ok(());
            }
            wipe(txn, app, id, "Expired", "account").await?;
            set_state(txn, app, &Actor::system(), &state, (AccountState::Expired, None, None)).await?;
            let entry = Entry::new("account.expired").subject("Patient", id).patient(id);
            audit::record(txn, app, &Actor::system(), entry).await
        })?;
    }
    Ok(())
}
