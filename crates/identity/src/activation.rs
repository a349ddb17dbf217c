//! Affiliates open their account: a link that lives for a day, then a password and the yes to the terms
//! (finance-affiliates 4.3, R-ID-17).
//!
//! The token is made when the mail is: the database keeps its hash, and no job or log ever holds it. The link carries it
//! behind `#`, which browsers do not send.

use chrono::{DateTime, Duration, Utc};
use kernel::ids::{AffiliateCredentialId, AffiliateId};
use kernel::{Actor, ActorKind, AppError, AppResult, ErrorKind, FieldErrors, Guard, Secret, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::locale::{self, Locale, tr};
use platform::mail::Mail;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::acceptances::accept_terms;
use crate::consents::Given;
use crate::digest::sha256;
use crate::mail::{MAIL_ACTIVATION, id_of, locale_of};
use crate::password;
use crate::projection::{affiliate_credentials as credentials, affiliates};
use crate::rules::codes::SendLimits;
use crate::rules::fields;
use crate::service::{codes, passwords};

/// How long a link lives.
pub const LIFETIME: Duration = Duration::hours(24);

/// The purpose under which links are counted, and how often one may be asked for.
const PURPOSE: &str = "affiliate_activation";
const LIMITS: SendLimits = SendLimits { pause_seconds: 60, per_hour: 3 };

/// The status of an affiliate who was invited and has no password yet.
const DRAFT: &str = "draft";

/// An invitation as the affiliate sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Invited {
    /// The affiliate's name.
    #[schema(example = "Ada Travels")]
    pub name: String,
    /// The address it signs in with.
    pub email: String,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
}

/// What the affiliate fills in.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// Password.
    pub password: Secret<String>,
    /// The same again.
    pub password_confirmation: Secret<String>,
    /// The tick under the terms.
    pub terms_accepted: bool,
    /// In which language they were shown, and where.
    pub given: Given,
}

/// Who wants a new link: by the link that ended, or by the address it went to.
#[derive(Clone, Debug)]
pub enum Asks {
    /// The token of the old link.
    Token(String),
    /// The address.
    Email(String),
}

/// Queues the mail with the link, in the transaction that made the affiliate or invites it anew. An earlier link is dead
/// from now on.
pub async fn invite(txn: &Txn, app: &App, actor: &Actor, affiliate: AffiliateId, locale: Locale) -> AppResult<()> {
    let now = app.now();
    let nobody = sha256(&app.random.token());
    let changed = credentials::Entity::update_many()
        .col_expr(credentials::Column::ActivationTokenHash, Expr::value(&nobody))
        .col_expr(credentials::Column::ActivationExpiresAt, Expr::value(now + LIFETIME))
        .col_expr(credentials::Column::UpdatedAt, Expr::value(now))
        .filter(credentials::Column::AffiliateId.eq(affiliate))
        .exec(txn)
        .await?;
    if changed.rows_affected == 0 {
        credentials::ActiveModel {
            id: Set(AffiliateCredentialId::new()),
            affiliate_id: Set(affiliate),
            password: Set(None),
            activation_token_hash: Set(Some(nobody)),
            activation_expires_at: Set(Some(now + LIFETIME)),
            password_set_at: Set(None),
            last_login_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
    }
    let payload = json!({ "affiliate_id": affiliate, "locale": locale.code() });
    jobs::enqueue(txn, app, MAIL_ACTIVATION, payload, Enqueue::default()).await?;
    let event = Event::new("affiliate.invited", "Affiliate", affiliate)
        .occurrence(now.timestamp_millis())
        .with("affiliate_id", affiliate)
        .with("valid_until", now + LIFETIME);
    outbox::emit(txn, app, actor, event).await
}

/// Mails the link; a mail that failed is sent with a new one. Whoever is active by now gets none.
pub(crate) async fn mail_link(app: &App, payload: &Json) -> AppResult<()> {
    let id: AffiliateId = id_of(payload, "affiliate_id")?;
    let conn = app.db.conn();
    let Some(row) = affiliates::Entity::find_by_id(id).one(conn).await? else { return Ok(()) };
    if row.status != DRAFT || row.deleted_at.is_some() {
        return Ok(());
    }
    let (token, ends) = (app.random.token(), app.now() + LIFETIME);
    let renewed = credentials::Entity::update_many()
        .col_expr(credentials::Column::ActivationTokenHash, Expr::value(sha256(&token)))
        .col_expr(credentials::Column::ActivationExpiresAt, Expr::value(ends))
        .col_expr(credentials::Column::UpdatedAt, Expr::value(app.now()))
        .filter(credentials::Column::AffiliateId.eq(id))
        .filter(credentials::Column::Password.is_null())
        .exec(conn)
        .await?;
    if renewed.rows_affected == 0 {
        return Ok(());
    }
    let locale = locale_of(payload);
    let args = [
        ("name", row.affiliate_name.into()),
        ("link", format!("{}/affiliate/activate#{token}", app.config.http.public_url).into()),
        ("token", token.into()),
        ("until", locale::datetime(locale, ends, chrono_tz::UTC).into()),
    ];
    let subject = tr(locale, "identity-mail-activation-subject", &args);
    let text = tr(locale, "identity-mail-activation-text", &args);
    app.mailer.send(Mail { to: row.email, subject, text, html: None }).await
}

/// The affiliate behind a link, whatever became of it.
async fn find(conn: &impl ConnectionTrait, token: &str) -> AppResult<(credentials::Model, affiliates::Model)> {
    let row = credentials::Entity::find()
        .filter(credentials::Column::ActivationTokenHash.eq(sha256(token.trim())))
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)?;
    let affiliate = affiliates::Entity::find_by_id(row.affiliate_id)
        .filter(affiliates::Column::DeletedAt.is_null())
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)?;
    Ok((row, affiliate))
}

fn require_live(row: &credentials::Model, affiliate: &affiliates::Model, now: Timestamp) -> AppResult<Timestamp> {
    if affiliate.status != DRAFT || row.password.is_some() {
        return Err(AppError::conflict("activation_used", "This account is open already. Sign in."));
    }
    row.activation_expires_at
        .filter(|end| now < *end)
        .ok_or_else(|| AppError::new(ErrorKind::Gone, "activation_expired", "This link has ended. Ask for a new one."))
}

/// Shows an invitation to whoever holds its token.
///
/// Errors: 404 for an unknown token, 409 `activation_used`, 410 `activation_expired`.
pub async fn lookup(app: &App, token: &str) -> AppResult<Invited> {
    let (row, affiliate) = find(app.db.conn(), token).await?;
    let expires_at = require_live(&row, &affiliate, app.now())?;
    Ok(Invited { name: affiliate.affiliate_name, email: affiliate.email, expires_at })
}

/// Opens the account. Nobody is signed in by it: the new password is used right after.
///
/// Errors: as [`lookup`]; 422 with all faulty fields.
pub async fn activate(app: &App, origin: &Actor, token: &str, form: &SetUp) -> AppResult<()> {
    let (row, affiliate) = find(app.db.conn(), token).await?;
    require_live(&row, &affiliate, app.now())?;
    let mut errors = FieldErrors::new();
    fields::password(&mut errors, form.password.expose(), form.password_confirmation.expose());
    if !form.terms_accepted {
        errors.add("terms_accepted", "terms_required", "Accept the terms and the privacy policy.");
    }
    errors.check()?;
    let hash = password::hash(app, &form.password).await?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        affiliates::Entity::find_by_id(row.affiliate_id).lock_exclusive().one(txn).await?;
        // Under the lock: another browser may have been faster, or a new link may have been sent.
        let (row, affiliate) = find(txn, token).await?;
        require_live(&row, &affiliate, now)?;
        credentials::Entity::update_many()
            .col_expr(credentials::Column::Password, Expr::value(&hash))
            .col_expr(credentials::Column::PasswordSetAt, Expr::value(now))
            .col_expr(credentials::Column::UpdatedAt, Expr::value(now))
            .filter(credentials::Column::Id.eq(row.id))
            .exec(txn)
            .await?;
        affiliates::Entity::update_many()
            .col_expr(affiliates::Column::Status, Expr::value("active"))
            .col_expr(affiliates::Column::Version, Expr::col(affiliates::Column::Version).add(1))
            .col_expr(affiliates::Column::UpdatedAt, Expr::value(now))
            .filter(affiliates::Column::Id.eq(affiliate.id))
            .exec(txn)
            .await?;
        let actor = Actor::new(ActorKind::Affiliate(affiliate.id), Some("affiliate"), Default::default())
            .from_origin(origin.origin.clone());
        passwords::remember(txn, app, Guard::Affiliate, affiliate.id.any(), &hash).await?;
        accept_terms(txn, app, &actor, "affiliate", form.given).await?;
        let change = (Some(json!({ "status": DRAFT })), Some(json!({ "status": "active" })));
        let entry = Entry::new("affiliate.activated").subject("Affiliate", affiliate.id).change(change.0, change.1);
        audit::record(txn, app, &actor, entry).await?;
        let event = Event::new("account.created", "Affiliate", affiliate.id).occurrence("activated");
        outbox::emit(txn, app, &actor, event).await?;
        let event = Event::new("affiliate.status_changed", "Affiliate", affiliate.id)
            .occurrence("activated")
            .with("affiliate_id", affiliate.id)
            .with("change", "activated")
            .with("name", affiliate.affiliate_name.as_str());
        outbox::emit(txn, app, &actor, event).await
    })
}

/// Sends a new link to an affiliate who has no password yet; the answer is the same for everybody.
///
/// Errors: 422 `email_invalid`, 429 `code_too_often` after three within the hour.
pub async fn request_link(app: &App, origin: &Actor, asks: &Asks, locale: Locale) -> AppResult<()> {
    let email = match asks {
        Asks::Email(text) => {
            let mut errors = FieldErrors::new();
            let email = fields::email(&mut errors, "email", text);
            errors.check()?;
            email
        }
        Asks::Token(token) => match find(app.db.conn(), token).await {
            Ok((_, affiliate)) => fields::normal_email(&affiliate.email),
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        },
    };
    platform::write_txn!(app.db, |txn| {
        codes::claim_send(txn, app, PURPOSE, &email, LIMITS).await?;
        let found = affiliates::Entity::find()
            .filter(affiliates::Column::Email.eq(&email))
            .filter(affiliates::Column::DeletedAt.is_null())
            .one(txn)
            .await?;
        // Who is active already, or nobody, hears nothing.
        let Some(affiliate) = found.filter(|affiliate| affiliate.status == DRAFT) else { return Ok(()) };
        invite(txn, app, &Actor::system(), affiliate.id, locale).await?;
        let entry = Entry::new("affiliate.link_requested").subject("Affiliate", affiliate.id);
        audit::record(txn, app, origin, entry).await
    })
}
