//! The account a clinic is paid to: versions, never changed in place (R-PY-64, R-FN-53 to 55).

use chrono::Duration;
use identity::reauth;
use kernel::ids::{AnyId, BankingDetailId, PatientId, ProviderId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;

use crate::entity::banking_details::{
    self, BankingDetailCreatedByType, BankingDetailOwnerType as OwnerType, BankingDetailStatus as Status,
};
use crate::rules::account::{Account, Number, Typed, check};
use crate::service::readiness;
use crate::settings::COOL_OFF_HOURS;
use crate::store::{self, Owner};

/// Where fingerprints of numbers are compared.
const FINGERPRINT: &str = "banking_details.account_number";
/// The longest cool-off, in hours.
const LONGEST: i64 = 72;

/// The clinic whose account the actor keeps: its owner alone.
///
/// Errors: 401, 403.
pub fn keeper(actor: &Actor) -> AppResult<ProviderId> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageBankDetail)?;
    Ok(provider)
}

/// The account of the actor's clinic, if it has given one.
///
/// Errors: 401, 403.
pub async fn own(app: &App, actor: &Actor) -> AppResult<Option<banking_details::Model>> {
    let provider = keeper(actor)?;
    Ok(store::live_accounts(app.db.conn(), provider).await?.into_iter().next())
}

/// Gives the clinic another account, or its first one. What was there before stays as a version.
///
/// A replacement can be paid to after the cool-off, and takes approvals of statements back (R-PY-63). The same account
/// again changes nothing.
///
/// Errors: 403, 403 `reauth_required`; 422 by field.
pub async fn replace(app: &App, actor: &Actor, typed: &Typed) -> AppResult<banking_details::Model> {
    let provider = keeper(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    write(app, actor, provider, typed).await
}

/// [`replace`] once it is clear who asks.
pub(crate) async fn write(
    app: &App,
    actor: &Actor,
    provider: ProviderId,
    typed: &Typed,
) -> AppResult<banking_details::Model> {
    let (user, _) = actor.provider()?;
    let account = check(typed).map_err(AppError::fields)?;
    if !catalogue::fx::is_usable(app.db.conn(), account.currency).await? {
        return Err(AppError::field("currency", "currency_not_supported", "We cannot pay out in this currency."));
    }
    let cool_off = cool_off(app).await?;
    platform::write_txn!(app.db, |txn| {
        store::lock_clinic(txn, provider).await?;
        let by = (BankingDetailCreatedByType::ProviderUser, user.any());
        let row = match keep(txn, app, actor, (provider.into(), by), &account, cool_off).await? {
            Kept::AsItWas(row) => return Ok(row),
            Kept::Anew(row) => row,
        };
        let others = flag(txn, app.now(), &row).await?;
        readiness::refresh(txn, app, actor, provider).await?;
        for other in others {
            readiness::refresh(txn, app, actor, other).await?;
        }
        Ok(row)
    })
}

/// What became of an account that was given.
pub(super) enum Kept {
    /// It is the one that is there.
    AsItWas(banking_details::Model),
    /// It is a version of its own now.
    Anew(banking_details::Model),
}

/// Keeps what was given for an owner whose lock the caller holds; the owner is told, in case it was not them.
pub(super) async fn keep(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (owner, by): (Owner, (BankingDetailCreatedByType, AnyId)),
    account: &Account,
    cool_off: Duration,
) -> AppResult<Kept> {
    let before = store::live_accounts(txn, owner).await?;
    if let Some(same) = before.iter().find(|row| is_same(app, row, account)) {
        return Ok(Kept::AsItWas(same.clone()));
    }
    let earlier = of_owner(txn, owner).await?;
    let now = app.now();
    // A first account leads nobody's money elsewhere.
    let usable_from = if earlier.is_empty() { now } else { now + cool_off };
    let row = insert(txn, app, (owner, by), account, &earlier, usable_from).await?;
    let entry = Entry::new("bank_details.changed").subject("BankingDetail", row.id).change(
        before.first().map(|old| json!({ "last4": old.account_last4, "currency": old.currency })),
        Some(json!({ "last4": row.account_last4, "currency": row.currency, "usable_from": usable_from })),
    );
    let told = |name| Event::new(name, "BankingDetail", row.id).occurrence("changed");
    let (entry, event) = match owner.kind {
        OwnerType::Patient => (
            entry.patient(PatientId::from(owner.id)),
            told("payment.refund_account_changed").with("patient_id", owner.id),
        ),
        OwnerType::Provider => (
            entry.provider(ProviderId::from(owner.id)),
            told("payout.bank_details_changed").with("provider_id", owner.id),
        ),
        OwnerType::Affiliate => (entry, told("payout.bank_details_changed").with("affiliate_id", owner.id)),
    };
    audit::record(txn, app, actor, entry).await?;
    let event = event.with("last4", &row.account_last4).with("usable_from", usable_from);
    outbox::emit(txn, app, actor, event).await?;
    Ok(Kept::Anew(row))
}

/// How long a replacement waits until it is paid to (R-FN-53).
pub(super) async fn cool_off(app: &App) -> AppResult<Duration> {
    Ok(Duration::hours(COOL_OFF_HOURS.get(app).await?.clamp(0, LONGEST)))
}

/// Every version of an owner's accounts, the newest first.
async fn of_owner(txn: &Txn, owner: Owner) -> AppResult<Vec<banking_details::Model>> {
    Ok(banking_details::Entity::find()
        .filter(banking_details::Column::OwnerType.eq(owner.kind))
        .filter(banking_details::Column::OwnerId.eq(owner.id))
        .order_by_desc(banking_details::Column::Id)
        .all(txn)
        .await?)
}

fn fingerprint(app: &App, number: &Number) -> String {
    app.keys.blind_index(FINGERPRINT, number.text())
}

fn is_same(app: &App, row: &banking_details::Model, account: &Account) -> bool {
    row.account_fingerprint == fingerprint(app, &account.number)
        && row.iban_encrypted.is_some() == matches!(account.number, Number::Iban(_))
        && row.account_holder_name == account.holder
        && row.bank_name == account.bank
        && row.bank_country == account.country
        && row.currency == account.currency
        && row.swift_code == account.swift
        && row.routing_number == account.routing
        && row.gateway_destination_id == account.connected
        && row.status != Status::Invalid
}

/// Writes the new version and closes the old ones.
async fn insert(
    txn: &Txn,
    app: &App,
    (owner, by): (Owner, (BankingDetailCreatedByType, AnyId)),
    account: &Account,
    earlier: &[banking_details::Model],
    usable_from: Timestamp,
) -> AppResult<banking_details::Model> {
    let now = app.now();
    let live: Vec<BankingDetailId> =
        earlier.iter().filter(|row| row.status != Status::Superseded).map(|row| row.id).collect();
    let close = |change: banking_details::ActiveModel| {
        banking_details::Entity::update_many()
            .set(banking_details::ActiveModel { updated_at: Set(now), ..change })
            .filter(banking_details::Column::Id.is_in(live.clone()))
    };
    // The old one goes first: there is one live account for each owner and currency.
    let gone = banking_details::ActiveModel { status: Set(Status::Superseded), ..Default::default() };
    close(gone).exec(txn).await?;
    let id = BankingDetailId::new();
    let last = earlier.iter().filter(|row| row.currency == account.currency).map(|row| row.version).max();
    let (iban, local) = match &account.number {
        Number::Iban(text) => (Some(app.keys.seal(text)), None),
        Number::Local(text) => (None, Some(app.keys.seal(text))),
    };
    let row = banking_details::ActiveModel {
        id: Set(id),
        owner_type: Set(owner.kind),
        owner_id: Set(owner.id),
        account_holder_name: Set(account.holder.clone()),
        bank_name: Set(account.bank.clone()),
        bank_country: Set(account.country.clone()),
        currency: Set(account.currency),
        account_number_encrypted: Set(local),
        iban_encrypted: Set(iban),
        account_last4: Set(account.number.last4()),
        account_fingerprint: Set(fingerprint(app, &account.number)),
        swift_code: Set(account.swift.clone()),
        routing_number: Set(account.routing.clone()),
        gateway_destination_id: Set(account.connected.clone()),
        status: Set(if usable_from > now { Status::Pending } else { Status::Active }),
        usable_from: Set(usable_from),
        version: Set(last.unwrap_or_default() + 1),
        superseded_by: Set(None),
        shared_cleared_by_user_id: Set(None),
        shared_cleared_at: Set(None),
        shared_clear_reason: Set(None),
        created_by_type: Set(by.0),
        created_by_id: Set(by.1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let row = row.insert(txn).await?;
    let next = banking_details::ActiveModel { superseded_by: Set(Some(id)), ..Default::default() };
    close(next).exec(txn).await?;
    Ok(row)
}

/// Flags every payee who has the same number, and answers which clinics they are (R-FN-55).
async fn flag(txn: &Txn, now: Timestamp, row: &banking_details::Model) -> AppResult<Vec<ProviderId>> {
    let twins = store::twins(txn, row).await?;
    if twins.is_empty() {
        return Ok(Vec::new());
    }
    let flagged = banking_details::ActiveModel {
        shared_cleared_by_user_id: Set(None),
        shared_cleared_at: Set(None),
        shared_clear_reason: Set(None),
        updated_at: Set(now),
        ..Default::default()
    };
    banking_details::Entity::update_many()
        .set(flagged)
        .filter(banking_details::Column::Id.is_in(twins.iter().map(|twin| twin.id)))
        .exec(txn)
        .await?;
    Ok(clinics(&twins))
}

fn clinics(rows: &[banking_details::Model]) -> Vec<ProviderId> {
    rows.iter().filter(|row| row.owner_type == OwnerType::Provider).map(|row| ProviderId::from(row.owner_id)).collect()
}

/// Lets every payee of a shared account be paid, for a reason (R-FN-55).
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `not_shared`; 422.
pub async fn clear(app: &App, actor: &Actor, id: BankingDetailId, reason: &str) -> AppResult<()> {
    let user = actor.admin()?;
    actor.require(Permission::ProcessPayout)?;
    let find = banking_details::Entity::find_by_id(id);
    let found = find.one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let reason = reasoned("reason", reason)?;
    platform::write_txn!(app.db, |txn| {
        let twins = store::twins(txn, &found).await?;
        if twins.is_empty() || found.status == Status::Superseded {
            return Err(AppError::conflict("not_shared", "Nobody else has this account."));
        }
        let now = app.now();
        let all: Vec<banking_details::Model> = twins.into_iter().chain([found.clone()]).collect();
        let cleared = banking_details::ActiveModel {
            shared_cleared_by_user_id: Set(Some(user)),
            shared_cleared_at: Set(Some(now)),
            shared_clear_reason: Set(Some(reason.clone())),
            updated_at: Set(now),
            ..Default::default()
        };
        banking_details::Entity::update_many()
            .set(cleared)
            .filter(banking_details::Column::Id.is_in(all.iter().map(|row| row.id)))
            .exec(txn)
            .await?;
        for row in &all {
            let entry = Entry::new("bank_details.cleared").subject("BankingDetail", row.id).reason(&reason);
            audit::record(txn, app, actor, entry).await?;
        }
        for provider in clinics(&all) {
            readiness::refresh(txn, app, actor, provider).await?;
        }
        Ok(())
    })
}

/// A reason of 20 to 500 characters.
pub(crate) fn reasoned(field: &'static str, text: &str) -> AppResult<String> {
    let text = text.trim();
    let mut faults = FieldErrors::new();
    if !(20..=500).contains(&text.chars().count()) {
        faults.add(field, "reason_length", "Give a reason of 20 to 500 characters.");
    }
    faults.check()?;
    Ok(text.to_owned())
}
