//! Affiliates as staff keep them: invited, listed, invited once more, let go of before they came (finance-affiliates 4.3).

use chrono::{DateTime, Utc};
use identity::activation;
use identity::rules::fields;
use kernel::ids::{AffiliateCommissionTermsId, AffiliateId};
use kernel::{Actor, Amount, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::audit::{self, Entry};
use platform::entity::countries;
use platform::locale::Locale;
use platform::{App, counters, write_txn};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set, SqlErr,
};
use serde::Serialize;
use serde_json::json;

use crate::entity::affiliate_commission_terms::{self as terms, AffiliateCommissionTermsCommissionType as TermsKind};
use crate::entity::affiliate_credentials;
use crate::entity::affiliates::{
    self as rows, AffiliateCommissionType as CommissionKind, AffiliatePaymentCycle as Cycle, AffiliateStatus as Status,
    AffiliateType,
};
use crate::rules;

/// A partner to be invited.
#[derive(Clone, Debug)]
pub struct NewAffiliate {
    /// Name.
    pub name: String,
    /// Address; the login, for good.
    pub email: String,
    /// Company.
    pub company: Option<String>,
    /// Whom to ask for.
    pub contact_person: Option<String>,
    /// E.164.
    pub phone_number: Option<String>,
    /// What kind of partner.
    pub kind: AffiliateType,
    /// Percent of our commission, or a fixed amount in dollars.
    pub commission_kind: CommissionKind,
    /// How much.
    pub commission_value: Amount,
    /// So high a commission is meant.
    pub confirm_high: bool,
}

/// A partner as staff see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AffiliateView {
    /// The account.
    pub id: AffiliateId,
    /// Its own number.
    #[schema(example = "HP-AFF-00012")]
    pub code: Option<String>,
    /// Name.
    #[schema(example = "Ada Travels")]
    pub name: String,
    /// Address; the login.
    pub email: String,
    /// Company.
    pub company: Option<String>,
    /// Whom to ask for.
    pub contact_person: Option<String>,
    /// Phone.
    pub phone_number: Option<String>,
    /// What kind of partner.
    pub kind: Option<AffiliateType>,
    /// Where it stands; `draft` is invited and without a password.
    pub status: Status,
    /// Percent or fixed.
    pub commission_kind: CommissionKind,
    /// How much.
    pub commission_value: Amount,
    /// When it was invited first.
    pub created_at: DateTime<Utc>,
    /// Until when the running link opens the account; null once it is open.
    pub link_expires_at: Option<DateTime<Utc>>,
    /// When it last signed in.
    pub last_login_at: Option<DateTime<Utc>>,
}

fn view((row, credentials): (rows::Model, Option<affiliate_credentials::Model>)) -> AffiliateView {
    let is_draft = row.status == Status::Draft;
    AffiliateView {
        id: row.id,
        code: row.affiliate_code,
        name: row.affiliate_name,
        email: row.email,
        company: row.company_name,
        contact_person: row.contact_person,
        phone_number: row.phone_number,
        kind: row.affiliate_type,
        status: row.status,
        commission_kind: row.commission_type,
        commission_value: row.commission_value,
        created_at: row.created_at,
        link_expires_at: credentials.as_ref().filter(|_| is_draft).and_then(|row| row.activation_expires_at),
        last_login_at: credentials.and_then(|row| row.last_login_at),
    }
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In name, address, company or number.
    pub q: Option<String>,
    /// Where they stand.
    pub status: Option<Status>,
}

/// The partners, newest first: two statements.
///
/// Errors: 403 without `view_affiliate`.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, page: PageQuery) -> AppResult<Page<AffiliateView>> {
    actor.admin()?;
    actor.require(Permission::ViewAffiliate)?;
    let page = page.checked()?;
    let mut wanted = Condition::all().add(rows::Column::DeletedAt.is_null());
    if let Some(status) = filter.status {
        wanted = wanted.add(rows::Column::Status.eq(status));
    }
    if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        let columns =
            [rows::Column::AffiliateName, rows::Column::Email, rows::Column::CompanyName, rows::Column::AffiliateCode];
        wanted = wanted.add(columns.into_iter().fold(Condition::any(), |any, column| any.add(column.contains(q))));
    }
    let conn = app.db.conn();
    let query = rows::Entity::find().filter(wanted);
    let total = query.clone().count(conn).await?;
    let found = query
        .find_also_related(affiliate_credentials::Entity)
        .order_by_desc(rows::Column::CreatedAt)
        .order_by_desc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(found.into_iter().map(view).collect(), page, total))
}

/// One partner.
///
/// Errors: 403 without `view_affiliate`, 404.
pub async fn show(app: &App, actor: &Actor, id: AffiliateId) -> AppResult<AffiliateView> {
    actor.admin()?;
    actor.require(Permission::ViewAffiliate)?;
    let found = rows::Entity::find_by_id(id)
        .filter(rows::Column::DeletedAt.is_null())
        .find_also_related(affiliate_credentials::Entity)
        .one(app.db.conn())
        .await?;
    found.map(view).ok_or_else(AppError::not_found)
}

struct Checked {
    name: String,
    email: String,
    company: Option<String>,
    contact_person: Option<String>,
    phone_number: Option<String>,
}

fn line(errors: &mut FieldErrors, field: &'static str, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    if text.chars().count() > 120 {
        errors.add(field, "line_too_long", "At most 120 characters.");
    } else if text.chars().any(char::is_control) {
        errors.add(field, "control_characters", "Only text, please.");
    }
    Some(text.to_owned())
}

async fn check(app: &App, new: &NewAffiliate) -> AppResult<Checked> {
    let mut errors = FieldErrors::new();
    let name = line(&mut errors, "affiliate_name", Some(&new.name)).unwrap_or_else(|| {
        errors.add("affiliate_name", "required", "This is required.");
        String::new()
    });
    let email = fields::email(&mut errors, "email", &new.email);
    let company = line(&mut errors, "company_name", new.company.as_deref());
    let contact_person = line(&mut errors, "contact_person", new.contact_person.as_deref());
    let phone_number = match new.phone_number.as_deref().map(str::trim).filter(|phone| !phone.is_empty()) {
        Some(phone) => {
            let active = countries::Entity::find().filter(countries::Column::IsActive.eq(true));
            let codes: Vec<String> =
                active.select_only().column(countries::Column::CallingCode).into_tuple().all(app.db.conn()).await?;
            Some(fields::phone(&mut errors, "phone_number", phone, &codes))
        }
        None => None,
    };
    rules::check_commission(&mut errors, new.commission_kind, new.commission_value, new.confirm_high);
    errors.check()?;
    Ok(Checked { name, email, company, contact_person, phone_number })
}

fn taken() -> AppError {
    AppError::field("email", "email_taken", "There is already an account with this address.")
}

fn lost_race(error: AppError) -> AppError {
    let is_unique =
        error.db_error().is_some_and(|err| matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))));
    if is_unique { taken() } else { error }
}

/// Makes a partner's account without a password and mails the link that opens it.
///
/// Errors: 403 without `create_affiliate`; 422 with all faulty fields, among them `email_taken`,
/// `commission_out_of_range`, `commission_high`.
pub async fn invite(app: &App, actor: &Actor, new: &NewAffiliate, locale: Locale) -> AppResult<AffiliateId> {
    let user = actor.admin()?;
    actor.require(Permission::CreateAffiliate)?;
    let checked = check(app, new).await?;
    let id = AffiliateId::new();
    let made = write_txn!(app.db, |txn| {
        let now = app.now();
        let known = rows::Entity::find().filter(rows::Column::Email.eq(&checked.email)).count(txn).await?;
        if known > 0 {
            return Err(taken());
        }
        let code = rules::affiliate_code(counters::next(txn, app, "affiliate", "all").await?);
        rows::ActiveModel {
            id: Set(id),
            affiliate_name: Set(checked.name.clone()),
            email: Set(checked.email.clone()),
            phone_number: Set(checked.phone_number.clone()),
            company_name: Set(checked.company.clone()),
            contact_person: Set(checked.contact_person.clone()),
            status: Set(Status::Draft),
            commission_type: Set(new.commission_kind),
            commission_value: Set(new.commission_value),
            payment_cycle: Set(Cycle::Monthly),
            feature_flag_enabled: Set(true),
            affiliate_code: Set(Some(code.clone())),
            affiliate_type: Set(Some(new.kind)),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
        .insert(txn)
        .await?;
        // The history of what was promised begins with the invitation.
        terms::ActiveModel {
            id: Set(AffiliateCommissionTermsId::new()),
            affiliate_id: Set(id),
            effective_from: Set(now.date_naive()),
            commission_type: Set(match new.commission_kind {
                CommissionKind::Percentage => TermsKind::Percentage,
                CommissionKind::Fixed => TermsKind::Fixed,
            }),
            commission_value: Set(new.commission_value),
            reason: Set("Agreed when the account was made".to_owned()),
            set_by_user_id: Set(user),
            approved_by_user_id: Set(None),
            created_at: Set(now),
        }
        .insert(txn)
        .await?;
        activation::invite(txn, app, actor, id, locale).await?;
        let facts = json!({
            "affiliate_code": code,
            "commission_type": new.commission_kind.to_value(),
            "commission_value": new.commission_value,
        });
        let entry = Entry::new("affiliate.invited").subject("Affiliate", id).change(None, Some(facts));
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    });
    made.map_err(lost_race)
}

/// Mails a new link; the earlier one is dead.
///
/// Errors: 403 without `edit_affiliate`, 404, 409 `affiliate_not_draft`.
pub async fn invite_again(app: &App, actor: &Actor, id: AffiliateId, locale: Locale) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::EditAffiliate)?;
    write_txn!(app.db, |txn| {
        let found = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
        let row = found.filter(|row| row.deleted_at.is_none()).ok_or_else(AppError::not_found)?;
        if row.status != Status::Draft {
            return Err(rules::not_invited());
        }
        activation::invite(txn, app, actor, id, locale).await?;
        audit::record(txn, app, actor, Entry::new("affiliate.invited_again").subject("Affiliate", id)).await
    })
}

/// Takes an invitation back: the account goes before it was ever open, and its address is free again.
///
/// Errors: 403 without `edit_affiliate`, 404, 409 `affiliate_not_draft`.
pub async fn withdraw(app: &App, actor: &Actor, id: AffiliateId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::EditAffiliate)?;
    write_txn!(app.db, |txn| {
        let found = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
        let row = found.filter(|row| row.deleted_at.is_none()).ok_or_else(AppError::not_found)?;
        if row.status != Status::Draft {
            return Err(rules::not_invited());
        }
        let now = app.now();
        rows::Entity::update_many()
            .col_expr(rows::Column::Email, Expr::value(format!("withdrawn+{id}@removed.invalid")))
            .col_expr(rows::Column::DeletedAt, Expr::value(now))
            .col_expr(rows::Column::Version, Expr::col(rows::Column::Version).add(1))
            .col_expr(rows::Column::UpdatedAt, Expr::value(now))
            .filter(rows::Column::Id.eq(id))
            .exec(txn)
            .await?;
        affiliate_credentials::Entity::update_many()
            .col_expr(affiliate_credentials::Column::ActivationTokenHash, Expr::value(None::<String>))
            .col_expr(affiliate_credentials::Column::UpdatedAt, Expr::value(now))
            .filter(affiliate_credentials::Column::AffiliateId.eq(id))
            .exec(txn)
            .await?;
        audit::record(txn, app, actor, Entry::new("affiliate.withdrawn").subject("Affiliate", id)).await
    })
}
