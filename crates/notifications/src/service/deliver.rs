//! Sending one mail of one notification.

use chrono_tz::Tz;
use directory::entity::providers;
use identity::entity::{patients, provider_users};
use kernel::ids::{NotificationId, PatientId, ProviderId, ProviderUserId};
use kernel::{AppResult, Timestamp};
use platform::jobs::{self, Enqueue};
use platform::mail::Mail;
use platform::{App, write_txn};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::Value as Json;

use crate::entity::alerts_notifications::{self as rows, NotificationPriority, NotificationRecipientType as Kind};
use crate::entity::notification_deliveries::{
    self as deliveries, NotificationDeliveryChannel, NotificationDeliveryStatus as Status,
    NotificationDeliverySuppressedReason as Suppressed,
};
use crate::entity::notification_preferences;
use crate::jobs::DELIVER;
use crate::rules::{Fate, fate};
use crate::service::people;
use crate::service::preferences::Chosen;

/// Sends the mail of a notification, unless it was sent or its recipient wants none.
pub async fn deliver(app: &App, payload: &Json) -> AppResult<()> {
    let id = payload.get("notification_id").and_then(Json::as_str).and_then(|id| id.parse::<NotificationId>().ok());
    let Some(id) = id else { return Ok(()) };
    let conn = app.db.conn();
    let Some((delivery, Some(row))) = deliveries::Entity::find()
        .find_also_related(rows::Entity)
        .filter(deliveries::Column::NotificationId.eq(id))
        .filter(deliveries::Column::Channel.eq(NotificationDeliveryChannel::Email))
        .one(conn)
        .await?
    else {
        return Ok(());
    };
    if !matches!(delivery.status, Status::Queued | Status::Sending | Status::RetryWait | Status::Deferred) {
        return Ok(());
    }
    if delivery.status == Status::Deferred && delivery.next_attempt_at.is_some_and(|at| app.now() < at) {
        return Ok(());
    }
    let Some(address) = address_of(app, &row).await? else {
        return finish(app, &delivery, Status::Suppressed, Some(Suppressed::NoAddress), None).await;
    };
    // Read now and not when it was queued: who changed their mind meanwhile is listened to.
    match fate_of(app, &row).await? {
        Fate::Send => {}
        Fate::Unwanted => {
            return finish(app, &delivery, Status::Suppressed, Some(Suppressed::PreferenceOff), None).await;
        }
        Fate::Wait(until) => return defer(app, &delivery, until, payload).await,
    }
    let link = format!("{}{}", app.config.http.public_url, row.action_url.clone().unwrap_or_default());
    let text = format!("{}\n\n{link}\n", row.body);
    // A crash between sending and noting it sends the mail again: better twice than never.
    app.mailer.send(Mail { to: address.clone(), subject: row.title.clone(), text, html: None }).await?;
    finish(app, &delivery, Status::Sent, None, Some(masked(&address))).await
}

async fn finish(
    app: &App,
    delivery: &deliveries::Model,
    status: Status,
    why: Option<Suppressed>,
    address: Option<String>,
) -> AppResult<()> {
    let now = app.now();
    let mut update = deliveries::Entity::update_many()
        .col_expr(deliveries::Column::Status, Expr::value(status))
        .col_expr(deliveries::Column::SuppressedReason, Expr::value(why))
        .col_expr(deliveries::Column::AttemptCount, Expr::col(deliveries::Column::AttemptCount).add(1))
        .col_expr(deliveries::Column::UpdatedAt, Expr::value(now));
    if status == Status::Sent {
        update = update
            .col_expr(deliveries::Column::SentAt, Expr::value(now))
            .col_expr(deliveries::Column::AddressMasked, Expr::value(address));
    }
    update.filter(deliveries::Column::Id.eq(delivery.id)).exec(app.db.conn()).await?;
    Ok(())
}

async fn address_of(app: &App, row: &rows::Model) -> AppResult<Option<String>> {
    let conn = app.db.conn();
    Ok(match row.recipient_type {
        Kind::Patient => patients::Entity::find_by_id(PatientId::from(row.recipient_id))
            .one(conn)
            .await?
            // Who leaves, or is made to, still hears that.
            .filter(|patient| patient.deleted_at.is_none() || row.event_key == "account.status_changed")
            .filter(|patient| !patient.email.ends_with(".invalid"))
            .map(|patient| patient.email),
        Kind::Provider => providers::Entity::find_by_id(ProviderId::from(row.recipient_id))
            .one(conn)
            .await?
            .map(|clinic| clinic.email),
        other => people::address(conn, other, row.recipient_id).await?,
    })
}

/// Puts a mail off until the quiet hours are over.
async fn defer(app: &App, delivery: &deliveries::Model, until: Timestamp, payload: &Json) -> AppResult<()> {
    write_txn!(app.db, |txn| {
        deliveries::Entity::update_many()
            .col_expr(deliveries::Column::Status, Expr::value(Status::Deferred))
            .col_expr(deliveries::Column::NextAttemptAt, Expr::value(until))
            .col_expr(deliveries::Column::UpdatedAt, Expr::value(app.now()))
            .filter(deliveries::Column::Id.eq(delivery.id))
            .exec(txn)
            .await?;
        let later = Enqueue { run_at: Some(until), ..Enqueue::default() };
        jobs::enqueue(txn, app, DELIVER, payload.clone(), later).await
    })
}

/// What becomes of the mail by what its recipient chose (R-CM-41).
async fn fate_of(app: &App, row: &rows::Model) -> AppResult<Fate> {
    if row.priority == NotificationPriority::Critical {
        return Ok(Fate::Send);
    }
    let conn = app.db.conn();
    let found = notification_preferences::Entity::find()
        .filter(notification_preferences::Column::OwnerId.eq(row.recipient_id))
        .one(conn)
        .await?;
    let chosen = found.map(Chosen::from).unwrap_or_default();
    let quiet = chosen.quiet_on.then_some(chosen.quiet);
    let own = chosen.timezone.as_deref().and_then(|name| name.parse().ok());
    let zone = match own {
        Some(zone) => zone,
        // Only routine mail asks what time it is.
        None if row.priority == NotificationPriority::Routine => house_zone(conn, row).await?.unwrap_or(Tz::UTC),
        None => Tz::UTC,
    };
    Ok(fate(row.priority, chosen.email, quiet, app.now(), zone))
}

/// The clock of the clinic somebody belongs to.
async fn house_zone(conn: &impl ConnectionTrait, row: &rows::Model) -> AppResult<Option<Tz>> {
    let clinic = match row.recipient_type {
        Kind::Provider => Some(ProviderId::from(row.recipient_id)),
        Kind::ProviderUser => provider_users::Entity::find_by_id(ProviderUserId::from(row.recipient_id))
            .one(conn)
            .await?
            .map(|member| member.provider_id),
        _ => None,
    };
    let Some(clinic) = clinic else { return Ok(None) };
    let found = providers::Entity::find_by_id(clinic).one(conn).await?;
    Ok(found.and_then(|clinic| clinic.timezone?.parse().ok()))
}

/// `mar***@example.com` (R-CM-51).
fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((name, domain)) => format!("{}***@{domain}", name.chars().take(3).collect::<String>()),
        None => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn addresses_are_masked_for_the_log() {
        assert_eq!(masked("margaret@example.com"), "mar***@example.com");
        assert_eq!(masked("ay@example.com"), "ay***@example.com");
    }
}
