//! Sending one mail of one notification.

use directory::entity::providers;
use identity::entity::patients;
use kernel::AppResult;
use kernel::ids::{NotificationId, PatientId, ProviderId};
use platform::App;
use platform::mail::Mail;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::Value as Json;

use crate::entity::alerts_notifications::{self as rows, NotificationPriority, NotificationRecipientType as Kind};
use crate::entity::notification_deliveries::{
    self as deliveries, NotificationDeliveryChannel, NotificationDeliveryStatus as Status,
    NotificationDeliverySuppressedReason as Suppressed,
};
use crate::entity::notification_preferences;
use crate::service::people;

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
    if !matches!(delivery.status, Status::Queued | Status::Sending | Status::RetryWait) {
        return Ok(());
    }
    let Some(address) = address_of(app, &row).await? else {
        return finish(app, &delivery, Status::Suppressed, Some(Suppressed::NoAddress), None).await;
    };
    if row.priority != NotificationPriority::Critical && !wants_mail(app, &row).await? {
        return finish(app, &delivery, Status::Suppressed, Some(Suppressed::PreferenceOff), None).await;
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

async fn wants_mail(app: &App, row: &rows::Model) -> AppResult<bool> {
    let chosen = notification_preferences::Entity::find()
        .filter(notification_preferences::Column::OwnerId.eq(row.recipient_id))
        .one(app.db.conn())
        .await?;
    Ok(chosen.is_none_or(|chosen| chosen.email_enabled))
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
