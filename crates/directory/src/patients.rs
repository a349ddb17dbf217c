//! Patients for Hairline's staff: list, search, the head of one patient's view (R-MG-30, 31).

use std::collections::HashMap;

use identity::entity::account_states::{AccountState, AccountStateModelType};
use identity::entity::patients::PatientStatus;
use identity::entity::{account_states, patients};
use kernel::ids::{AnyId, PatientId};
use kernel::{Actor, AppError, AppResult, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::web::like_contains;
use sea_orm::sea_query::{Cond, Expr, ExprTrait};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::views::{PatientOverview, PatientRow};

/// What the list is asked for.
#[derive(Clone, Debug, Default)]
pub struct PatientSearch {
    /// Name, address or code; at least two characters.
    pub q: Option<String>,
    /// Workflow status.
    pub status: Option<String>,
    /// `deactivated`: the accounts that were closed and can come back, instead of the others.
    pub account: Option<String>,
    /// `created_at`, `last_activity_at`, `last_name`; a minus in front turns it round.
    pub sort: Option<String>,
}

/// A page of patients. A search is noted in the audit log (R-ID-64), without its words.
///
/// Errors: 403 without `view_patient`; 422 for a query of one character, an unknown status or sort, `query_too_long`.
pub async fn list_patients(
    app: &App,
    actor: &Actor,
    search: &PatientSearch,
    page: PageQuery,
) -> AppResult<Page<PatientRow>> {
    actor.admin()?;
    actor.require(Permission::ViewPatient)?;
    let page = page.checked()?;
    let there = match search.account.as_deref() {
        None => Cond::all().add(patients::Column::DeletedAt.is_null()),
        Some("deactivated") => identity::patients::closed(),
        Some(_) => {
            return Err(AppError::field(
                "filter[account]",
                "unknown_value",
                "Accounts are listed by deactivated only.",
            ));
        }
    };
    let mut query = patients::Entity::find().filter(there);
    let text = search.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = text {
        query = query.filter(named(text)?);
    }
    if let Some(status) = &search.status {
        let status = PatientStatus::try_from_value(status)
            .map_err(|_| AppError::field("filter[status]", "unknown_value", "This is no status of a case."))?;
        query = query.filter(patients::Column::Status.eq(status));
    }
    let (column, descending) = order(search.sort.as_deref())?;
    query = if descending { query.order_by_desc(column) } else { query.order_by_asc(column) };
    let conn = app.db.conn();
    let total = platform::db::total(conn, &query).await?;
    let rows = query.order_by_asc(patients::Column::Id).offset(page.offset()).limit(page.per_page).all(conn).await?;
    let states = states_of(app, rows.iter().map(|row| row.id)).await?;
    if text.is_some() {
        audit::record(conn, app, actor, Entry::new("patients.searched")).await?;
    }
    let data = rows.into_iter().map(|row| row_view(&row, states.get(&row.id.any()))).collect();
    Ok(Page::new(data, page, total))
}

fn named(text: &str) -> AppResult<Cond> {
    match text.chars().count() {
        0 | 1 => return Err(AppError::field("q", "query_too_short", "Search with at least two characters.")),
        2..=200 => {}
        _ => return Err(AppError::invalid("query_too_long", "Search with at most 200 characters.").on_field("q")),
    }
    let mut named = Cond::any();
    for column in [patients::Column::FirstName, patients::Column::LastName, patients::Column::Email] {
        named = named.add(Expr::col((patients::Entity, column)).like(like_contains(text)));
    }
    match canonical_code(text) {
        Some(code) => Ok(named.add(patients::Column::PatientCode.eq(code))),
        None => Ok(named),
    }
}

/// `pat-00007` means PAT-007 (identity 3.1).
fn canonical_code(text: &str) -> Option<String> {
    let (head, number) = text.split_once('-')?;
    let number: u32 = number.parse().ok()?;
    head.eq_ignore_ascii_case("pat").then(|| format!("PAT-{number:03}"))
}

fn order(sort: Option<&str>) -> AppResult<(patients::Column, bool)> {
    let sort = sort.unwrap_or("-created_at");
    let column = match sort.trim_start_matches('-') {
        "created_at" => patients::Column::CreatedAt,
        "last_activity_at" => patients::Column::LastActivityAt,
        "last_name" => patients::Column::LastName,
        _ => {
            let sentence = "Sort by created_at, last_activity_at or last_name.";
            return Err(AppError::field("sort", "unknown_value", sentence));
        }
    };
    Ok((column, sort.starts_with('-')))
}

async fn states_of(
    app: &App,
    ids: impl Iterator<Item = PatientId>,
) -> AppResult<HashMap<AnyId, account_states::Model>> {
    let ids: Vec<AnyId> = ids.map(PatientId::any).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = account_states::Entity::find()
        .filter(account_states::Column::ModelType.eq(AccountStateModelType::Patient))
        .filter(account_states::Column::ModelId.is_in(ids))
        .all(app.db.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.model_id, row)).collect())
}

fn row_view(row: &patients::Model, state: Option<&account_states::Model>) -> PatientRow {
    PatientRow {
        id: row.id,
        patient_code: row.patient_code.clone(),
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        email: row.email.clone(),
        country_code: row.country_code.clone(),
        status: row.status,
        account_state: state.map(|state| state.state),
        created_at: row.created_at,
        last_activity_at: row.last_activity_at,
    }
}

/// Billing staff need no contact but the address; everybody else who may see patients also calls them (5.8).
fn sees_phone(actor: &Actor) -> bool {
    actor.role.as_deref() != Some("billing_staff")
}

/// Whoever helps with an account needs to know whom they write to, not how old they are or where they live: that belongs to
/// those who may read medical answers (5.8).
fn sees_person(actor: &Actor) -> bool {
    actor.can(Permission::ViewPatientMedical)
}

/// The head of one patient's view; the reading is noted in the audit log with the fields shown (R-ID-64).
pub async fn show_patient(app: &App, actor: &Actor, id: PatientId) -> AppResult<PatientOverview> {
    actor.admin()?;
    actor.require(Permission::ViewPatientOverview)?;
    let conn = app.db.conn();
    let row = patients::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let states = states_of(app, [id].into_iter()).await?;
    let state = states.get(&id.any());
    let (phone, person) = (sees_phone(actor), sees_person(actor));
    let phone_number = if phone { app.keys.open_opt(row.phone_number.as_ref())? } else { None };
    let overview = PatientOverview {
        row: row_view(&row, state),
        birthday: row.birthday.filter(|_| person),
        gender: row.gender.filter(|_| person),
        phone_number,
        location: row.location.filter(|_| person),
        email_verified_at: row.email_verified_at,
        suspended_until: state.filter(|state| state.state == AccountState::Suspended).and_then(|state| state.until),
    };
    let mut fields = vec!["first_name", "last_name", "email"];
    fields.extend(phone.then_some("phone_number"));
    fields.extend(person.then_some(["birthday", "gender", "location"]).into_iter().flatten());
    let entry = Entry::new("patient.viewed").subject("Patient", id).patient(id).fields(&fields).level("none");
    audit::record(conn, app, actor, entry).await?;
    Ok(overview)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_whatever_their_padding() {
        assert_eq!(canonical_code("pat-00007").as_deref(), Some("PAT-007"));
        assert_eq!(canonical_code("PAT-1000").as_deref(), Some("PAT-1000"));
        assert_eq!(canonical_code("PAT-x"), None);
        assert_eq!(canonical_code("HPID-7"), None);
    }
}
