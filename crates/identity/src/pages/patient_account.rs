//! A patient's account as staff handle it: suspend, let in, close, unlock, correct.

use askama::Template;
use axum::response::Response;
use kernel::ids::PatientId;
use kernel::{AppError, AppResult, ErrorKind, Permission};
use platform::entity::countries;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, Posted, Tone, page};

use super::account::{DeviceLine, device_line};
use super::confirm;
use crate::anonymity::open_phone;
use crate::entity::account_states::AccountState;
use crate::entity::patients;
use crate::service::devices;
use crate::service::identity_hold;
use crate::service::interventions::{self, Term};
use crate::service::password_reset;
use crate::service::profile::ProfileChange;

#[derive(Template)]
#[template(path = "admin_patient_account.html")]
struct AccountPage {
    chrome: Chrome,
    name: String,
    code: String,
    back: String,
    here: String,
    state: Badge,
    reason: String,
    until: String,
    may_suspend: bool,
    may_reactivate: bool,
    may_close: bool,
    may_unlock: bool,
    may_correct: bool,
    /// Whether this is somebody who may hide the patient from clinics, and why that was done.
    may_hold: bool,
    is_held: bool,
    held_reason: String,
    terms: Vec<Choice>,
    countries: Vec<Choice>,
    /// Where the patient is signed in.
    devices: Vec<DeviceLine>,
    form: Form,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<PatientId>) -> ApiResult<Response> {
    account_page(&ctx, id, None).await
}

async fn account_page(ctx: &Ctx, id: PatientId, refused: Option<Form>) -> ApiResult<Response> {
    let actor = &ctx.actor;
    actor.admin()?;
    actor.require(Permission::ViewPatientOverview)?;
    let conn = ctx.app.db.conn();
    let row = patients::Entity::find_by_id(id).one(conn).await.map_err(kernel::AppError::from)?;
    let row = row.ok_or_else(kernel::AppError::not_found)?;
    let state = crate::patients::state(conn, id).await?.ok_or_else(kernel::AppError::not_found)?;
    let chrome = ctx.chrome.clone();
    let word = serde_json::to_value(state.state).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let tone = match state.state {
        AccountState::Active => Tone::Good,
        AccountState::Suspended | AccountState::Expired => Tone::Bad,
        _ => Tone::Calm,
    };
    let is = |wanted: &[AccountState]| wanted.contains(&state.state);
    let is_chief = actor.role.as_deref() == Some("super_admin");
    let listed = countries::Entity::find()
        .filter(countries::Column::IsActive.eq(true))
        .order_by_asc(countries::Column::Name)
        .all(conn)
        .await
        .map_err(kernel::AppError::from)?;
    let devices = devices::of_patient(&ctx.app, actor, id).await?;
    let may_correct = !is(&[AccountState::Anonymised, AccountState::Expired]) && actor.can(Permission::EditPatient);
    interventions::looked_at(&ctx.app, actor, id, may_correct).await?;
    let form = refused.unwrap_or_else(|| {
        Form::new(&chrome)
            .with("first_name", row.first_name.clone())
            .with("last_name", row.last_name.clone())
            .with_some("birthday", row.birthday.filter(|_| may_correct).map(|day| day.to_string()))
            .with_some("phone_number", if may_correct { open_phone(&ctx.app, &row) } else { None })
            .with_some("country_code", row.country_code.clone().filter(|_| may_correct))
            .with_some("location", row.location.clone().filter(|_| may_correct))
    });
    page(&AccountPage {
        name: format!("{} {}", row.first_name, row.last_name),
        code: row.patient_code.unwrap_or_default(),
        back: format!("/admin/patients/{id}"),
        here: format!("/admin/patients/{id}/account"),
        state: Badge::new(tone, chrome.word("account", word)),
        reason: state.reason.clone().unwrap_or_default(),
        until: state.until.map(|at| chrome.moment(at)).unwrap_or_default(),
        may_suspend: is(&[AccountState::Active]) && actor.can(Permission::SuspendPatient),
        may_reactivate: actor.can(Permission::SuspendPatient)
            && (is(&[AccountState::Suspended]) || (is(&[AccountState::Deactivated]) && is_chief)),
        may_close: is(&[AccountState::Active, AccountState::Suspended]) && actor.can(Permission::DeletePatient),
        may_unlock: is(&[AccountState::Active]) && actor.can(Permission::ResetPatientPassword),
        may_correct,
        may_hold: is_chief && !is(&[AccountState::Anonymised, AccountState::Expired]),
        is_held: row.identity_hold_at.is_some(),
        held_reason: row.identity_hold_reason.clone().unwrap_or_default(),
        terms: ["30d", "90d", "permanent"]
            .into_iter()
            .map(|term| Choice::new(term, chrome.word("suspend-term", term)))
            .collect(),
        countries: listed
            .into_iter()
            .map(|row| Choice::new(row.iso_code.clone(), chrome.country(&row.iso_code, &row.name)))
            .collect(),
        devices: devices.into_iter().map(|found| device_line(&chrome, found)).collect(),
        form,
        chrome,
    })
}

/// What a form asks for.
enum Act {
    Suspend,
    Reactivate,
    Close,
    Unlock,
    SendCode,
    Correct,
    Hold,
    Lift,
}

pub(super) async fn submit(
    Inside(ctx): Inside,
    Path((id, act)): Path<(PatientId, String)>,
    posted: Posted,
) -> ApiResult<Response> {
    let act = match act.as_str() {
        "suspend" => Act::Suspend,
        "reactivate" => Act::Reactivate,
        "deactivate" => Act::Close,
        "unlock" => Act::Unlock,
        "reset-password" => Act::SendCode,
        "correct" => Act::Correct,
        "identity-hold" => Act::Hold,
        "identity-hold-lift" => Act::Lift,
        _ => return Err(kernel::AppError::not_found().into()),
    };
    let here = format!("/admin/patients/{id}/account");
    let sensitive = matches!(act, Act::Suspend | Act::Reactivate | Act::Close | Act::Hold | Act::Lift);
    if sensitive && let Some(question) = confirm::ask(&ctx, &posted, &here).await? {
        return Ok(question);
    }
    match run(&ctx, id, &act, &posted).await {
        Ok(done) => Ok(ctx.done(&here, done)),
        Err(error) if error.kind != ErrorKind::Internal && error.kind != ErrorKind::NotFound => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = account_page(&ctx, id, Some(form)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn run(ctx: &Ctx, id: PatientId, act: &Act, posted: &Posted) -> AppResult<&'static str> {
    let (app, actor, reason) = (&ctx.app, &ctx.actor, posted.get("reason"));
    match act {
        Act::Suspend => {
            let term = match posted.get("term") {
                "30d" => Term::Days30,
                "90d" => Term::Days90,
                "permanent" => Term::Permanent,
                _ => return Err(AppError::field("term", "required", "Choose for how long.")),
            };
            interventions::suspend(app, actor, id, term, reason).await?;
            Ok("patient-suspended")
        }
        Act::Reactivate => {
            interventions::reactivate(app, actor, id, reason).await?;
            Ok("patient-reactivated")
        }
        Act::Close => {
            interventions::deactivate(app, actor, id, reason).await?;
            Ok("patient-closed")
        }
        Act::Hold => {
            identity_hold::place(app, actor, id, reason).await?;
            Ok("patient-held")
        }
        Act::Lift => {
            identity_hold::lift(app, actor, id, reason).await?;
            Ok("patient-released")
        }
        Act::Unlock => {
            interventions::unlock(app, actor, id).await?;
            Ok("patient-unlocked")
        }
        Act::SendCode => {
            let whose = password_reset::Whose::Patient(id);
            password_reset::start_for(app, actor, whose, ctx.locale()).await?;
            Ok("password-code-sent")
        }
        Act::Correct => {
            let given = |name: &str| posted.given(name).map(str::to_owned);
            let change = ProfileChange {
                first_name: given("first_name"),
                last_name: given("last_name"),
                birthday: posted.maybe("birthday")?,
                phone_number: given("phone_number"),
                country_code: given("country_code"),
                location: given("location"),
                ..ProfileChange::default()
            };
            interventions::correct(app, actor, id, change, reason).await?;
            Ok("patient-corrected")
        }
    }
}
