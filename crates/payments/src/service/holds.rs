//! Closing the attempts of holds that ended (R-PY-05), so that quoting may release the slot.
//!
//! Quoting releases no hold while an attempt is pending. Here the attempt is given up at the gateway first: if it turns
//! out paid, the booking is confirmed instead; a bank that is still thinking is waited for, but not for long.

use chrono::Duration;
use kernel::AppResult;
use kernel::ids::QuoteId;
use platform::App;
use quoting::entity::schedules::{self, ScheduleStatus};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::rules::attempt::Fact;
use crate::service::poll;
use crate::service::settle::{self, Report};

/// How long an ended hold waits for a bank that is processing.
const PATIENCE: Duration = Duration::minutes(60);
const BATCH: u64 = 100;

/// Why attempts are closed here.
pub const REASON: &str = "hold_expired";

/// Closes the open attempts of ended holds. A batch per run.
pub async fn close_attempts(app: &App) -> AppResult<()> {
    let now = app.now();
    let ended = schedules::Entity::find()
        .filter(schedules::Column::Status.eq(ScheduleStatus::Pending))
        .filter(schedules::Column::HoldExpiresAt.lte(now))
        .order_by_asc(schedules::Column::HoldExpiresAt)
        .limit(BATCH)
        .all(app.db.conn())
        .await?;
    let quotes: Vec<QuoteId> = ended.iter().map(|row| row.quote_id).collect();
    if quotes.is_empty() {
        return Ok(());
    }
    let open = payments::Entity::find()
        .filter(payments::Column::QuoteId.is_in(quotes))
        .filter(payments::Column::PaymentStatus.eq(PaymentStatus::Pending))
        .filter(payments::Column::PaymentType.ne(PaymentType::Refund))
        .all(app.db.conn())
        .await?;
    for row in open {
        let end = ended.iter().find(|hold| hold.quote_id == row.quote_id).and_then(|hold| hold.hold_expires_at);
        if let Err(error) = close(app, &row, end.is_some_and(|end| now >= end + PATIENCE)).await {
            // One attempt that cannot be closed must not keep the slots of others.
            tracing::error!(payment.id = %row.id, %error, "the attempt of an ended hold could not be closed");
        }
    }
    Ok(())
}

async fn close(app: &App, row: &payments::Model, waited_enough: bool) -> AppResult<()> {
    let answer = poll::cancel(app, row, REASON).await?;
    if answer == Some(Fact::Processing) && waited_enough {
        // Should the money come after all, it is settled like any late success.
        settle::settle(app, row.id, row.quote_id, &Report::given_up(REASON)).await?;
    }
    Ok(())
}
