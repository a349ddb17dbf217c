//! One event becomes one row per recipient, and mail beside it.

use chrono_tz::Tz;
use kernel::ids::{AnyId, NotificationDeliveryId, NotificationId};
use kernel::{AppResult, Guard, Timestamp};
use platform::locale::{self, Locale};
use platform::outbox::Delivered;
use platform::{App, write_txn};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::facts::{self, Facts};
use super::links::{self, Named, Reader};
use super::people;
use crate::catalogue::{Audience, Rule, covers, rule_of, text_key};
use crate::entity::alerts_notifications::{self as rows, NotificationRecipientType as Kind};
use crate::entity::notification_deliveries::{self, NotificationDeliveryChannel, NotificationDeliveryStatus};
use crate::entity::notification_preferences;
use crate::jobs::DELIVER;

/// Somebody who is told.
struct Recipient {
    kind: Kind,
    id: AnyId,
    /// Whose preferences decide the language; the clinic's own row has none.
    owner: Option<&'static str>,
    mail: bool,
    /// The other party as this one may know it.
    other: String,
    link: String,
}

/// Tells everybody the catalogue names. Told twice, the second changes nothing (R-CM-44).
pub async fn tell(app: &App, event: &Delivered) -> AppResult<()> {
    let Some(rule) = rule_of(&event.key) else { return Ok(()) };
    let facts = facts::load(app, app.db.conn(), event).await?;
    let recipients = recipients(app, rule, event, &facts).await?;
    let manners = manners_of(app, &recipients).await?;
    write_txn!(app.db, |txn| {
        for recipient in &recipients {
            let reads = manners.iter().find(|(id, _)| *id == recipient.id).map(|(_, reads)| *reads);
            let row = row(app, event, rule, recipient, &facts, reads.unwrap_or_default());
            let there = rows::Entity::find()
                .filter(rows::Column::DedupeKey.eq(&row.dedupe_key))
                .filter(rows::Column::RecipientType.eq(recipient.kind))
                .filter(rows::Column::RecipientId.eq(recipient.id));
            if there.one(txn).await?.is_some() {
                continue;
            }
            let id = row.id;
            rows::Entity::insert(rows::ActiveModel::from(row).reset_all()).exec_without_returning(txn).await?;
            if recipient.mail {
                let now = app.now();
                let delivery = notification_deliveries::ActiveModel {
                    id: Set(NotificationDeliveryId::new()),
                    notification_id: Set(id),
                    channel: Set(NotificationDeliveryChannel::Email),
                    status: Set(NotificationDeliveryStatus::Queued),
                    attempt_count: Set(0),
                    created_at: Set(now),
                    updated_at: Set(now),
                    ..Default::default()
                };
                notification_deliveries::Entity::insert(delivery).exec_without_returning(txn).await?;
                let payload = json!({ "notification_id": id });
                platform::jobs::enqueue(txn, app, DELIVER, payload, platform::jobs::Enqueue::default()).await?;
            }
        }
        Ok(())
    })
}

/// The language somebody reads, and the clock.
#[derive(Clone, Copy, Default)]
struct Manner {
    locale: Locale,
    zone: Tz,
}

fn row(app: &App, event: &Delivered, rule: &Rule, to: &Recipient, facts: &Facts, reads: Manner) -> rows::Model {
    let Manner { locale, zone } = reads;
    let said = |name: &str| event.text(name).unwrap_or_default().to_owned();
    // On the clock its reader chose, which is named; else on the one everybody can convert.
    let at = |at: Timestamp| format!("{} {}", locale::datetime(locale, at, zone), locale::zone_name(at, zone));
    let until = said("until").parse::<Timestamp>().map(at).unwrap_or_default();
    let day = |at: Timestamp| locale::date(locale, at.with_timezone(&zone).date_naive());
    let due = said("due_at").parse::<Timestamp>().map(day).unwrap_or_default();
    // Names of fields are a fixed list; each has a text of its own.
    let fields = event.payload.get("fields").and_then(|fields| fields.as_array().cloned()).unwrap_or_default();
    let fields: Vec<String> = fields
        .iter()
        .filter_map(|field| locale::find_text(locale, &format!("notify-field-{}", field.as_str()?.replace('_', "-"))))
        .collect();
    let permissions = |name: &str| -> String {
        let names = event.payload.get(name).and_then(|names| names.as_array().cloned()).unwrap_or_default();
        let words = names.iter().filter_map(|name| name.as_str().map(|name| word(locale, "permission", name)));
        words.collect::<Vec<_>>().join(", ")
    };
    let from = said("effective_from").parse::<Timestamp>().map(at).unwrap_or_default();
    let count = |name: &str| event.payload.get(name).and_then(|count| count.as_i64()).unwrap_or_default();
    let args = [
        ("alert", said("alert").into()),
        ("state", said("state").into()),
        ("reference", said("reference").into()),
        ("due", due.into()),
        ("fields", fields.join(", ").into()),
        ("ended", count("ended").into()),
        ("held", count("held").into()),
        ("failed", count("failed").into()),
        ("runs", count("runs").into()),
        ("scope", said("scope").into()),
        ("month", said("month").into()),
        ("version", said("version").into()),
        ("percent", said("percent").into()),
        ("other", to.other.clone().into()),
        ("code", facts.code.clone().into()),
        ("change", change_of(event).into()),
        ("reason", facts.reason.clone().into()),
        ("place", filled(said("place")).into()),
        ("role", word(locale, "role", &said("role")).into()),
        ("old", word(locale, "role", &said("old_role")).into()),
        ("from", from.into()),
        ("added", filled(permissions("added")).into()),
        ("removed", filled(permissions("removed")).into()),
        ("name", said("name").into()),
        ("ends", if until.is_empty() { "no" } else { "yes" }.into()),
        ("until", until.into()),
        ("at", at(event.occurred_at).into()),
    ];
    let text = |part: &str| locale::tr(locale, &text_key(rule.event, part), &args);
    let now = app.now();
    rows::Model {
        id: NotificationId::new(),
        event_key: rule.event.to_owned(),
        category: rule.category,
        priority: rule.class,
        recipient_type: to.kind,
        recipient_id: to.id,
        subject_type: event.subject_type.clone(),
        subject_id: event.subject_id,
        locale: locale.code().to_owned(),
        title: text("title"),
        body: text("body"),
        params: Some(json!({ "code": facts.code })),
        action_url: Some(to.link.clone()),
        // The outbox gives every occurrence one id.
        dedupe_key: format!("{}:{}", rule.event, event.id),
        is_read: false,
        read_at: None,
        archived_at: None,
        created_at: now,
        updated_at: now,
    }
}

/// What texts are told where an event says nothing.
const NOTHING: &str = "none";

fn filled(text: String) -> String {
    if text.is_empty() { NOTHING.to_owned() } else { text }
}

/// A word of a fixed list in the reader's language; the name of what somebody made themselves.
fn word(locale: Locale, list: &str, name: &str) -> String {
    let key = format!("{list}-{}", name.replace('_', "-"));
    locale::find_text(locale, &key).unwrap_or_else(|| name.to_owned())
}

/// What changed about an account. Of staff the new state is told, of patients what was done.
fn change_of(event: &Delivered) -> String {
    let said = |name: &str| event.text(name).unwrap_or_default().to_owned();
    match (said("change"), said("status").as_str()) {
        (change, _) if !change.is_empty() => change,
        (_, "active") => "reactivated".to_owned(),
        (_, status) => status.to_owned(),
    }
}

async fn recipients(app: &App, rule: &Rule, event: &Delivered, facts: &Facts) -> AppResult<Vec<Recipient>> {
    let conn = app.db.conn();
    let named = Named::of(event, facts.inquiry)?;
    let to = |reader: Reader| links::link(reader, rule.event, named);
    // A message tells the other side only.
    let to_side = event.text("to");
    let mut told = Vec::new();
    for audience in rule.to {
        match audience {
            Audience::Patient if to_side != Some("provider") => {
                told.extend(facts.patient.iter().map(|patient| Recipient {
                    kind: Kind::Patient,
                    id: patient.id.any(),
                    owner: Some("Patient"),
                    mail: true,
                    other: facts.clinic.as_ref().map(|clinic| clinic.provider_name.clone()).unwrap_or_default(),
                    link: to(Reader::Patient),
                }));
            }
            Audience::Clinic | Audience::ClinicInbox if to_side != Some("patient") => {
                let Some(clinic) = &facts.clinic else { continue };
                for (member, role) in facts::members(conn, clinic.id).await? {
                    if covers(rule.category, &role) {
                        let owner = Some(Guard::Provider.model_type());
                        let (id, other, link) = (member.id.any(), facts.alias.clone(), to(Reader::Clinic));
                        told.push(Recipient { kind: Kind::ProviderUser, id, owner, mail: false, other, link });
                    }
                }
                if *audience == Audience::Clinic {
                    let (id, other, link) = (clinic.id.any(), facts.alias.clone(), to(Reader::Clinic));
                    told.push(Recipient { kind: Kind::Provider, id, owner: None, mail: true, other, link });
                }
            }
            Audience::Admins => {
                let clinic = || facts.clinic.as_ref().map(|clinic| clinic.provider_name.clone());
                let name = match &facts.patient {
                    Some(patient) => patient.patient_code.clone(),
                    None => clinic(),
                };
                let name = name.unwrap_or_default();
                for id in facts::admins(conn).await? {
                    let (owner, other, link) = (Some("User"), name.clone(), to(Reader::Staff));
                    told.push(Recipient { kind: Kind::User, id, owner, mail: false, other, link });
                }
            }
            Audience::Holder => told.extend(holder(event, to)),
            other => {
                let clinic = facts.clinic.as_ref();
                let house = clinic.map_or_else(|| "Hairline".to_owned(), |clinic| clinic.provider_name.clone());
                for person in people::of(conn, *other, event, clinic).await? {
                    let (owner, reader) = match person.kind {
                        Kind::User => ("User", Reader::Staff),
                        _ => (Guard::Provider.model_type(), Reader::Clinic),
                    };
                    told.push(Recipient {
                        kind: person.kind,
                        id: person.id,
                        owner: Some(owner),
                        mail: person.mail,
                        other: house.clone(),
                        link: to(reader),
                    });
                }
            }
        }
    }
    Ok(told)
}

/// The account an event is about.
fn holder(event: &Delivered, to: impl Fn(Reader) -> String) -> Option<Recipient> {
    let (kind, reader) = match event.subject_type.as_deref()? {
        "Patient" => (Kind::Patient, Reader::Patient),
        "ProviderUser" => (Kind::ProviderUser, Reader::Clinic),
        "User" => (Kind::User, Reader::Staff),
        "Affiliate" => (Kind::Affiliate, Reader::Affiliate),
        _ => return None,
    };
    let owner = match kind {
        Kind::Patient => "Patient",
        Kind::ProviderUser => "ProviderUser",
        Kind::Affiliate => "Affiliate",
        _ => "User",
    };
    let (id, link) = (event.subject_id?, to(reader));
    Some(Recipient { kind, id, owner: Some(owner), mail: true, other: String::new(), link })
}

/// The languages and clocks the recipients chose, in one statement.
async fn manners_of(app: &App, recipients: &[Recipient]) -> AppResult<Vec<(AnyId, Manner)>> {
    let owners = recipients.iter().filter(|recipient| recipient.owner.is_some()).map(|recipient| recipient.id);
    let chosen = notification_preferences::Entity::find()
        .filter(notification_preferences::Column::OwnerId.is_in(owners))
        .all(app.db.conn())
        .await?;
    let manner = |row: notification_preferences::Model| {
        let locale = row.locale.as_deref().and_then(Locale::from_code).unwrap_or_default();
        // A zone that no longer exists is as good as none.
        let zone = row.timezone.as_deref().and_then(|name| name.parse().ok()).unwrap_or_default();
        (row.owner_id, Manner { locale, zone })
    };
    Ok(chosen.into_iter().map(manner).collect())
}
