//! Statements and accounts, for demo data and for tests of wings above: the same use cases everybody goes through.

use kernel::ids::{ProviderBillId, ProviderId};
use kernel::{Actor, AppResult};
use platform::App;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::provider_bills;
use crate::rules::account::Typed;
use crate::service::{account, build, decide, pay};
use crate::store;

/// An account that takes whatever is sent there.
pub fn good_account() -> Typed {
    Typed {
        holder: "Bosphorus Hair Ltd.".to_owned(),
        bank: "Rhein Bank".to_owned(),
        country: "DE".to_owned(),
        currency: "EUR".to_owned(),
        iban: "DE75512108001245126199".to_owned(),
        swift: "SOGEDEFF".to_owned(),
        ..Typed::default()
    }
}

/// The clinic's owner gives an account, where the clinic has none. The session's proof must be fresh.
pub async fn give_account(app: &App, owner: &Actor, typed: &Typed) -> AppResult<()> {
    if account::own(app, owner).await?.is_some() {
        return Ok(());
    }
    account::replace(app, owner, typed).await.map(drop)
}

/// What the clock does in the morning: builds what is due, and pays what was approved.
pub async fn morning(app: &App) -> AppResult<()> {
    build::build_due(app).await?;
    pay::payout_day(app).await
}

/// The statements of a clinic, the oldest first.
pub async fn bills_of(app: &App, provider: ProviderId) -> AppResult<Vec<provider_bills::Model>> {
    Ok(provider_bills::Entity::find()
        .filter(provider_bills::Column::ProviderId.eq(provider))
        .order_by_asc(provider_bills::Column::Id)
        .all(app.db.conn())
        .await?)
}

/// Staff approve a statement as it is. The session's proof must be fresh.
pub async fn approve(app: &App, staff: &Actor, id: ProviderBillId) -> AppResult<()> {
    let version = store::bill(app.db.conn(), id).await?.version;
    decide::approve(app, staff, id, version, None).await
}
