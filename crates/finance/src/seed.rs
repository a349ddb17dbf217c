//! Statements and accounts, for demo data and for tests of wings above: the same use cases everybody goes through.

use chrono::NaiveDate;
use kernel::ids::{InquiryId, ProviderBillId, ProviderId};
use kernel::{Actor, AppResult};
use platform::App;
use quoting::entity::quotes;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::provider_bills;
use crate::rules::account::Typed;
use crate::service::{account, build, decide, gather, pay};
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

/// The number of a German account, with the check digits that belong to it.
pub fn german_iban(account: u64) -> String {
    let number = format!("{:018}", 512_108_001_000_000_000 + account % 1_000_000_000);
    // "DE00" behind the number, letters as two digits each.
    let rest = format!("{number}131400").bytes().fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("DE{:02}{number}", 98 - rest)
}

/// A clinic's owner gives an account, where the clinic has none: without the proof of identity a person would give.
pub async fn give_account(app: &App, owner: &Actor, typed: &Typed) -> AppResult<()> {
    let provider = account::keeper(owner)?;
    if !store::live_accounts(app.db.conn(), provider).await?.is_empty() {
        return Ok(());
    }
    account::write(app, owner, provider, typed).await.map(drop)
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

/// Whether a treatment of a clinic ended behind a day, and until another one.
pub async fn has_earned(app: &App, provider: ProviderId, after: NaiveDate, until: NaiveDate) -> AppResult<bool> {
    let cases: Vec<InquiryId> = quotes::Entity::find()
        .select_only()
        .column(quotes::Column::InquiryId)
        .filter(quotes::Column::ProviderId.eq(provider))
        .filter(quotes::Column::Status.is_in(gather::TREATED))
        .into_tuple()
        .all(app.db.conn())
        .await?;
    let ends = gather::ends(app.db.conn(), cases).await?;
    Ok(ends.values().any(|at| at.date_naive() > after && at.date_naive() <= until))
}

/// Staff approve a statement as it is: without the proof of identity a person would give.
pub async fn approve(app: &App, staff: &Actor, id: ProviderBillId) -> AppResult<()> {
    let user = decide::payer(staff)?;
    let version = store::bill(app.db.conn(), id).await?.version;
    let review = "The amounts were compared with the bookings.";
    decide::approve_one(app, staff, (user, id), version, Some(review)).await
}

/// When a statement is built, and when its money leaves: the days on which something happens in a month.
pub const MONTH: [(u32, u32); 2] = [(2, 3), (5, 6)];
