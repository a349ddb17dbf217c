//! What clinic staff, Hairline's staff and affiliates keep about themselves.

use kernel::ids::{AffiliateId, ProviderId, ProviderUserId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::countries;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Value as Json, json};

use crate::entity::{provider_users, users};
use crate::projection::affiliates;
use crate::rules::fields;
use crate::service::profile::{Me, show_me};

/// What a member of staff may change; what is absent stays, and an empty text takes a value away.
#[derive(Clone, Debug, Default)]
pub struct StaffChange {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// `Dr.`, `Prof.`: of clinic staff only.
    pub title: Option<String>,
    /// E.164; unique within a clinic.
    pub phone_number: Option<String>,
}

/// Changes the asker's own profile; all faulty fields in one answer.
///
/// Errors: 403 for patients, 403 `affiliate_read_only` for an affiliate who is suspended or left; 422, among them `phone_taken` and `field_not_writable`.
pub async fn edit(app: &App, actor: &Actor, change: StaffChange) -> AppResult<Me> {
    let mut change = change;
    let mut errors = FieldErrors::new();
    for (field, value) in [("first_name", &mut change.first_name), ("last_name", &mut change.last_name)] {
        if let Some(name) = value {
            *name = fields::name(&mut errors, field, name);
        }
    }
    if matches!(actor.kind, ActorKind::Affiliate(_)) {
        for (field, given) in [("first_name", &change.first_name), ("last_name", &change.last_name)] {
            if given.is_some() {
                errors.add(field, "field_not_writable", "This cannot be set here.");
            }
        }
    }
    if let Some(title) = &mut change.title {
        *title = title.trim().to_owned();
        if title.chars().count() > 50 || title.chars().any(char::is_control) {
            errors.add("title", "title_invalid", "At most 50 characters, on one line.");
        }
        if !matches!(actor.kind, ActorKind::Provider { .. }) {
            errors.add("title", "field_not_writable", "This cannot be set here.");
        }
    }
    if let Some(phone) = &mut change.phone_number {
        *phone = phone.trim().to_owned();
        if !phone.is_empty() {
            let active = countries::Entity::find().filter(countries::Column::IsActive.eq(true));
            let codes: Vec<String> =
                active.select_only().column(countries::Column::CallingCode).into_tuple().all(app.db.conn()).await?;
            *phone = fields::phone(&mut errors, "phone_number", phone, &codes);
        }
    }
    errors.check()?;
    let before = show_me(app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        match actor.kind {
            ActorKind::Provider { user, provider } => write_member(txn, app, (user, provider), &change).await?,
            ActorKind::Admin(user) => write_user(txn, app, user, &change).await?,
            ActorKind::Affiliate(id) => write_affiliate(txn, app, id, &change).await?,
            _ => return Err(AppError::forbidden()),
        }
        let (kind, id) = actor.reference();
        let id = id.ok_or_else(AppError::unauthenticated)?;
        let was = json!({ "first_name": before.first_name, "last_name": before.last_name, "title": before.title,
            "phone_number": before.phone_number });
        let entry = Entry::new("profile.changed").subject(kind, id).fields(&changed(&change));
        let entry = entry.change(Some(was), Some(proposed(&change)));
        audit::record(txn, app, actor, entry).await
    })?;
    show_me(app, actor).await
}

fn changed(change: &StaffChange) -> Vec<&'static str> {
    [
        ("first_name", change.first_name.is_some()),
        ("last_name", change.last_name.is_some()),
        ("title", change.title.is_some()),
        ("phone_number", change.phone_number.is_some()),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect()
}

fn proposed(change: &StaffChange) -> Json {
    json!({ "first_name": change.first_name, "last_name": change.last_name, "title": change.title,
        "phone_number": change.phone_number })
}

fn unless_empty(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

async fn write_member(
    txn: &Txn,
    app: &App,
    (user, provider): (ProviderUserId, ProviderId),
    change: &StaffChange,
) -> AppResult<()> {
    use provider_users::Column;
    if let Some(phone) = change.phone_number.as_deref().and_then(unless_empty) {
        // The team is locked, so that two colleagues cannot take one number at once.
        let team: Vec<(ProviderUserId, Option<String>)> = provider_users::Entity::find()
            .select_only()
            .columns([Column::Id, Column::PhoneNumber])
            .filter(Column::ProviderId.eq(provider))
            .filter(Column::DeletedAt.is_null())
            .lock_exclusive()
            .into_tuple()
            .all(txn)
            .await?;
        if team.iter().any(|(id, number)| *id != user && number.as_deref() == Some(phone)) {
            let detail = "A colleague has this number already.";
            return Err(AppError::field("phone_number", "phone_taken", detail));
        }
    }
    let mut update = provider_users::Entity::update_many()
        .col_expr(Column::UpdatedAt, Expr::value(app.now()))
        .filter(Column::Id.eq(user));
    for (column, value) in [(Column::Firstname, &change.first_name), (Column::Lastname, &change.last_name)] {
        if let Some(value) = value {
            update = update.col_expr(column, Expr::value(value));
        }
    }
    for (column, value) in [(Column::Title, &change.title), (Column::PhoneNumber, &change.phone_number)] {
        if let Some(value) = value {
            update = update.col_expr(column, Expr::value(unless_empty(value)));
        }
    }
    update.exec(txn).await?;
    Ok(())
}

async fn write_user(txn: &Txn, app: &App, user: UserId, change: &StaffChange) -> AppResult<()> {
    use users::Column;
    let mut update =
        users::Entity::update_many().col_expr(Column::UpdatedAt, Expr::value(app.now())).filter(Column::Id.eq(user));
    for (column, value) in [(Column::Firstname, &change.first_name), (Column::Lastname, &change.last_name)] {
        if let Some(value) = value {
            update = update.col_expr(column, Expr::value(value));
        }
    }
    if let Some(phone) = &change.phone_number {
        let sealed = unless_empty(phone).map(|phone| app.keys.seal(&phone.to_owned()));
        update = update.col_expr(Column::PhoneNumber, Expr::value(sealed));
    }
    update.exec(txn).await?;
    Ok(())
}

/// An affiliate keeps its telephone number; everything else is its manager's.
async fn write_affiliate(txn: &Txn, app: &App, id: AffiliateId, change: &StaffChange) -> AppResult<()> {
    use affiliates::Column;
    let row = affiliates::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    if row.status != "active" {
        let detail = "Your account is suspended or closed: you can read but not change.";
        return Err(AppError::denied("affiliate_read_only", detail));
    }
    if let Some(phone) = &change.phone_number {
        affiliates::Entity::update_many()
            .col_expr(Column::PhoneNumber, Expr::value(unless_empty(phone)))
            .col_expr(Column::UpdatedAt, Expr::value(app.now()))
            .filter(Column::Id.eq(id))
            .exec(txn)
            .await?;
    }
    Ok(())
}
