//! Cards a patient leaves for later payments: known by the gateway's ids, shown by brand and last digits (R-PY-28).

use kernel::ids::{GatewayAccountId, PatientId, PatientPaymentMethodId};
use kernel::{Actor, AppError, AppResult, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::gateway_accounts;
use crate::entity::patient_payment_methods::{self as methods, PatientPaymentMethodStatus as Status};
use crate::gateway::simulator::{self, CardInput};
use crate::gateway::stripe::{self, Stripe};
use crate::gateway::{Card, SavedCard};
use crate::service::card::Element;
use crate::service::{accounts, plans};

/// The card later payments are charged to, if there is one.
pub async fn default_of(
    conn: &impl ConnectionTrait,
    patient: PatientId,
    account: GatewayAccountId,
) -> AppResult<Option<methods::Model>> {
    Ok(methods::Entity::find()
        .filter(methods::Column::PatientId.eq(patient))
        .filter(methods::Column::GatewayAccountId.eq(account))
        .filter(methods::Column::Status.eq(Status::Active))
        .filter(methods::Column::IsDefault.eq(true))
        .one(conn)
        .await?)
}

/// A stored card as the gateway wants it.
pub fn saved(row: &methods::Model) -> SavedCard {
    SavedCard {
        customer: row.gateway_customer_id.clone(),
        method: row.gateway_method_id.clone(),
        card: Card { brand: row.brand.clone(), last4: row.last4.clone() },
        exp_month: row.exp_month,
        exp_year: row.exp_year,
    }
}

/// Keeps a card and makes it the one that is charged. Keeping it again changes nothing but that.
pub(crate) async fn keep(
    txn: &Txn,
    now: Timestamp,
    patient: PatientId,
    account: GatewayAccountId,
    card: &SavedCard,
) -> AppResult<PatientPaymentMethodId> {
    let own = methods::Entity::find()
        .filter(methods::Column::PatientId.eq(patient))
        .filter(methods::Column::GatewayAccountId.eq(account))
        .lock_exclusive()
        .all(txn)
        .await?;
    methods::Entity::update_many()
        .set(methods::ActiveModel { is_default: Set(false), updated_at: Set(now), ..Default::default() })
        .filter(methods::Column::PatientId.eq(patient))
        .filter(methods::Column::GatewayAccountId.eq(account))
        .filter(methods::Column::IsDefault.eq(true))
        .exec(txn)
        .await?;
    if let Some(known) = own.iter().find(|row| row.gateway_method_id == card.method) {
        let change = methods::ActiveModel {
            id: Set(known.id),
            is_default: Set(true),
            status: Set(Status::Active),
            updated_at: Set(now),
            ..Default::default()
        };
        change.update(txn).await?;
        return Ok(known.id);
    }
    let id = PatientPaymentMethodId::new();
    let row = methods::ActiveModel {
        id: Set(id),
        patient_id: Set(patient),
        gateway_account_id: Set(account),
        gateway_customer_id: Set(card.customer.clone()),
        gateway_method_id: Set(card.method.clone()),
        brand: Set(card.card.brand.clone()),
        last4: Set(card.card.last4.clone()),
        exp_month: Set(card.exp_month),
        exp_year: Set(card.exp_year),
        is_default: Set(true),
        auto_charge_consent_at: Set(Some(now)),
        status: Set(Status::Active),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await?;
    Ok(id)
}

/// The patient's own cards, the one that is charged first.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor) -> AppResult<Vec<methods::Model>> {
    let patient = actor.patient()?;
    Ok(methods::Entity::find()
        .filter(methods::Column::PatientId.eq(patient))
        .filter(methods::Column::Status.eq(Status::Active))
        .order_by_desc(methods::Column::IsDefault)
        .order_by_desc(methods::Column::Id)
        .all(app.db.conn())
        .await?)
}

/// Whether cards are typed into a form of ours, for the simulator, or into the gateway's own.
pub async fn is_simulated(app: &App, actor: &Actor) -> AppResult<bool> {
    Ok(simulator::serves(&account_of(app, actor.patient()?).await?))
}

async fn account_of(app: &App, patient: PatientId) -> AppResult<gateway_accounts::Model> {
    // A plan that runs charges at the account it began at: a card for it is kept there (R-PY-42).
    if let Some(account) = plans::account_of(app.db.conn(), patient).await? {
        return accounts::load(app.db.conn(), Some(account)).await;
    }
    if let Some(account) = super::aftercare::card_account(app.db.conn(), patient).await? {
        return accounts::load(app.db.conn(), Some(account)).await;
    }
    let person = identity::patients::load(app.db.conn(), patient).await?;
    accounts::pick(app, person.country_code.as_deref(), None).await
}

fn consented(consents: bool) -> AppResult<()> {
    let sentence = "Later payments are charged to this card: agree to that.";
    if consents { Ok(()) } else { Err(AppError::field("consent", "required", sentence)) }
}

/// Begins keeping a card with the gateway's own form; [`finish`] keeps it when its holder comes back.
///
/// Errors: 403; 422 `required` for the consent; 409 `card_elsewhere` where the card is typed here; 503
/// `gateway_unreachable`.
pub async fn begin(app: &App, actor: &Actor, consents: bool) -> AppResult<Element> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    consented(consents)?;
    let account = account_of(app, patient).await?;
    if !stripe::serves(&account) {
        return Err(AppError::conflict("card_elsewhere", "This card is entered on the page itself."));
    }
    let gateway = Stripe::new(app, &account)?;
    let known = default_of(app.db.conn(), patient, account.id).await?;
    let customer = match known {
        Some(card) => card.gateway_customer_id,
        None => gateway.customer(app, patient).await?,
    };
    let key = format!("card:{}", app.random.hex(16));
    let setup = gateway.begin_card(app, patient, &customer, &key).await?;
    Ok(Element { public_key: account.public_key.unwrap_or_default(), client_secret: setup.client_secret })
}

/// Keeps the card of a setup its holder completed, and makes it the one later payments are charged to. None while it is
/// not complete. Doing it again changes nothing.
///
/// Errors: 403; 404 for somebody else's setup; 503 `gateway_unreachable`.
pub async fn finish(app: &App, actor: &Actor, setup: &str) -> AppResult<Option<PatientPaymentMethodId>> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    let account = account_of(app, patient).await?;
    if !stripe::serves(&account) {
        return Err(AppError::not_found());
    }
    let Some(card) = Stripe::new(app, &account)?.finish_card(app, patient, setup).await? else { return Ok(None) };
    store_card(app, actor, patient, account.id, &card).await.map(Some)
}

/// Adds a card and makes it the one later payments are charged to: with the simulator, whose front this program is.
///
/// Errors: 403; 402 `card_declined`; 422 for the card, 422 `consent_required`.
pub async fn add(app: &App, actor: &Actor, input: &CardInput, consents: bool) -> AppResult<PatientPaymentMethodId> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    consented(consents)?;
    let account = account_of(app, patient).await?;
    if !simulator::serves(&account) {
        return Err(AppError::conflict("card_elsewhere", "The card is taken by the payment provider itself."));
    }
    let card = simulator::keep_card(app, patient, input)?;
    store_card(app, actor, patient, account.id, &card).await
}

async fn store_card(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    account: GatewayAccountId,
    card: &SavedCard,
) -> AppResult<PatientPaymentMethodId> {
    platform::write_txn!(app.db, |txn| {
        let id = keep(txn, app.now(), patient, account, card).await?;
        let entry = Entry::new("payment_method.added").subject("PatientPaymentMethod", id).patient(patient);
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    })
}

/// Forgets a card. One that a running plan is charged to stays until another takes its place.
///
/// Errors: 403; 404 for somebody else's; 409 `payment_method_in_use`.
pub async fn remove(app: &App, actor: &Actor, id: PatientPaymentMethodId) -> AppResult<()> {
    use crate::entity::installment_payment_plans::{self as plans, InstallmentPaymentPlanStatus as PlanStatus};
    use sea_orm::PaginatorTrait;
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    platform::write_txn!(app.db, |txn| {
        let row = methods::Entity::find_by_id(id)
            .filter(methods::Column::PatientId.eq(patient))
            .lock_exclusive()
            .one(txn)
            .await?
            .ok_or_else(AppError::not_found)?;
        if row.status == Status::Removed {
            return Ok(());
        }
        let running = plans::Entity::find()
            .filter(plans::Column::PatientId.eq(patient))
            .filter(plans::Column::Status.is_in([PlanStatus::Active, PlanStatus::Defaulted]))
            .count(txn)
            .await?;
        let months = super::aftercare::card_account(txn, patient).await?;
        if row.is_default && (running > 0 || months == Some(row.gateway_account_id)) {
            let sentence = "What you pay in parts is charged to this card. Add another one first.";
            return Err(AppError::conflict("payment_method_in_use", sentence));
        }
        let change = methods::ActiveModel {
            id: Set(id),
            status: Set(Status::Removed),
            is_default: Set(false),
            updated_at: Set(app.now()),
            ..Default::default()
        };
        change.update(txn).await?;
        let entry = Entry::new("payment_method.removed").subject("PatientPaymentMethod", id).patient(patient);
        audit::record(txn, app, actor, entry).await
    })
}
